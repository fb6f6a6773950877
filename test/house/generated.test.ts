import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { renderConfigPage } from '../../scripts/renderConfigPage.js';
import { renderErrorsPage } from '../../scripts/renderErrorsPage.js';
import { describeSettings } from '../../src/base/config/describeSettings.js';
import { configJsonSchema } from '../../src/base/config/jsonSchema.js';
import { codes } from '../../src/base/errors/codes.js';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

describe('docs/errors.md', () => {
  test('is what the error table generates (npm run generate)', () => {
    expect(page).toBe(renderErrorsPage());
  });

  test('documents every code once and no code that does not exist', () => {
    const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(documented.toSorted()).toEqual(Object.keys(codes).toSorted());
  });
});

describe('docs/configuration.md and schema/portico.schema.json', () => {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');

  test('are what the configuration schema generates (npm run generate)', () => {
    expect(text('docs/configuration.md')).toBe(renderConfigPage());
    expect(JSON.parse(text('schema/portico.schema.json'))).toEqual(configJsonSchema());
  });

  test('document every setting, with a meaning', () => {
    const settings = describeSettings();
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
    expect(settings.filter(({ path }) => !text('docs/configuration.md').includes(path.split('.')[0]!))).toEqual([]);
    const leaves = settings.filter(({ isGroup, path }) => !isGroup && path.includes('.'));
    expect(leaves.filter(({ example }) => example === undefined).map(({ path }) => path)).toEqual([]);
    expect(leaves.filter(({ path }) => !text('docs/configuration.md').includes(`| \`${path}\``))).toEqual([]);
  });

  test('give examples and defaults that mean the same when they are copied into a file', () => {
    const rows = new Map(
      [...text('docs/configuration.md').matchAll(/^\| `([^`]+)`.*$/gm)].map(([row, path]) => [
        path,
        row.replaceAll('\\|', '|'),
      ]),
    );
    for (const { path, example, isGroup, default: fallback } of describeSettings()) {
      const row = rows.get(path);
      if (row === undefined || isGroup) continue;
      const [, copied] = / Example: `([^`]*)`\./.exec(row) ?? [];
      expect(parse(`value: ${copied}`), path).toEqual({ value: example });
      if (fallback === undefined) continue;
      const [, standing] = /\| `([^`]*)` \|$/.exec(row) ?? [];
      expect(parse(`value: ${standing}`), path).toEqual({ value: fallback });
    }
  });
});
