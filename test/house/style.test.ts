import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function sourcesOf(...folders: string[]): string[] {
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  return present.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => path.endsWith('.ts') && !path.includes('generated')),
  );
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('house style', () => {
  test('a line that silences the lint or the types says why', () => {
    const silent = sourcesOf('src', 'test', 'subgraphs', 'scripts', 'bench', 'examples').flatMap((path) =>
      read(path)
        .split('\n')
        .map((line, at) => ({ line: line.trim(), place: `${path}:${at + 1}` }))
        .filter(({ line }) => /\/[/*] ?(oxlint-disable|eslint-disable|@ts-(expect-error|ignore|nocheck))/.test(line))
        .filter(({ line }) => !/(oxlint|eslint)-disable\S* \S+.* -- \S+|@ts-expect-error \S+/.test(line))
        .map(({ line, place }) => `${place} ${line}`),
    );
    expect(silent).toEqual([]);
  });
});
