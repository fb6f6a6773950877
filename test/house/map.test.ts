import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/** The folders one or two levels below src that hold source files somewhere: `cli/`, `edge/`, `edge/http/` … */
function folders(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return new Set(
    files.flatMap((path) => {
      const [wing, room] = path.split('/').slice(0, -1);
      return [wing, room && `${wing}/${room}`].flatMap((folder) => (folder ? [`${folder}/`] : []));
    }),
  );
}

test('src/README.md has a line for every room, and for none that is not there', () => {
  const map = readFileSync(join(source, 'README.md'), 'utf8');
  const lines = [...map.matchAll(/^\| `([A-Za-z/]+\/)` \|/gm)].map((match) => match[1] ?? '');
  const present = folders();
  // A line for the wing covers its rooms; lines for its rooms cover the wing.
  const missing = [...present].filter(
    (folder) => !lines.some((line) => line.startsWith(folder) || folder.startsWith(line)),
  );
  expect(missing).toEqual([]);
  expect(lines.filter((line) => !present.has(line))).toEqual([]);
});
