import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { renderErrorsPage } from '../../scripts/renderErrorsPage.js';
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
