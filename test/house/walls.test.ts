import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { checkWalls } from '../../scripts/checkWalls.js';

const root = join(import.meta.dirname, '../..');
let directory: string | undefined;

afterEach(async () => {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  directory = undefined;
});

/** Writes the files below a fresh folder and gives the names of the rules they break. */
async function rulesBroken(files: Readonly<Record<string, string>>): Promise<string[]> {
  directory = await mkdtemp(join(tmpdir(), 'portico-walls-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  await cp(join(root, 'package.json'), join(directory, 'package.json'));
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  const { modules, violations } = await checkWalls(directory);
  expect(modules).toBe(Object.keys(files).filter((path) => path.startsWith('src/')).length);
  return [...new Set(violations.filter(({ severity }) => severity === 'error').map(({ rule }) => rule))].sort();
}

const leaf = 'export const a = 1;\n';
const importing = (specifier: string) => `import { a } from '${specifier}';\nexport const b = a;\n`;
const importingType = (specifier: string) => `import type { A } from '${specifier}';\nexport type B = A;\n`;

describe('the walls of src', () => {
  test('stand: every module was read and no rule is broken', async () => {
    const { modules, violations } = await checkWalls();
    expect(violations.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(modules).toBeGreaterThan(10);
  });

  test('let a left wing import a right one', async () => {
    expect(
      await rulesBroken({
        'src/engine/execute/a.ts': leaf,
        'src/request/handle.ts': importing('../engine/execute/a.js'),
      }),
    ).toEqual([]);
  });
});

const offences: ReadonlyArray<
  readonly [claim: string, files: Readonly<Record<string, string>>, rules: readonly string[]]
> = [
  [
    'a right wing importing a left one',
    { 'src/request/a.ts': leaf, 'src/engine/execute/b.ts': importing('../../request/a.js') },
    ['engine-looks-left'],
  ],
  [
    'the same for a type only',
    { 'src/request/a.ts': 'export type A = 1;\n', 'src/engine/execute/b.ts': importingType('../../request/a.js') },
    ['engine-looks-left'],
  ],
  [
    'plan importing execute',
    { 'src/engine/execute/a.ts': leaf, 'src/engine/plan/b.ts': importing('../execute/a.js') },
    ['engine-plan-looks-left'],
  ],
  [
    'kit importing config',
    { 'src/base/config/a.ts': leaf, 'src/base/kit/b.ts': importing('../config/a.js') },
    ['base-kit-looks-left'],
  ],
  [
    'the HTTP edge importing the Apollo room',
    { 'src/edge/apollo/a.ts': leaf, 'src/edge/http/b.ts': importing('../apollo/a.js') },
    ['edge-http-looks-left'],
  ],
  [
    'one island of the request importing another',
    {
      'src/request/authorization/a.ts': leaf,
      'src/request/authentication/b.ts': importing('../authorization/a.js'),
    },
    ['request-rooms-stay-apart'],
  ],
  [
    'one island of upstream importing another',
    { 'src/upstream/http/a.ts': leaf, 'src/upstream/resilience/b.ts': importing('../http/a.js') },
    ['upstream-rooms-stay-apart'],
  ],
  [
    'the engine naming a transport',
    { 'src/upstream/http/a.ts': leaf, 'src/engine/execute/b.ts': importing('../../upstream/http/a.js') },
    ['engine-sees-only-the-contract'],
  ],
  ['undici outside its home', { 'src/engine/execute/b.ts': importing('undici') }, ['undici-has-one-home']],
  [
    'composition outside its home',
    { 'src/supergraph/read/b.ts': importing('@apollo/composition') },
    ['apollo-composition-has-one-home'],
  ],
  ['fastify code in gateway', { 'src/gateway/b.ts': importing('fastify') }, ['fastify-types-only']],
  [
    'a static import of @apollo/gateway',
    { 'src/gateway/b.ts': importing('@apollo/gateway') },
    ['apollo-gateway-loads-late'],
  ],
  [
    'two files that import each other',
    { 'src/base/kit/a.ts': importing('./b.js'), 'src/base/kit/b.ts': importing('./a.js') },
    ['no-circular'],
  ],
  [
    'the front door used from inside',
    { 'src/index.ts': leaf, 'src/cli/b.ts': importing('../index.js') },
    ['nobody-imports-the-front-door'],
  ],
  [
    'src importing the tests',
    { 'test/support/a.ts': leaf, 'src/cli/b.ts': importing('../../test/support/a.js') },
    ['src-stands-alone'],
  ],
  ['a dev dependency used by src', { 'src/cli/b.ts': importing('autocannon') }, ['no-dev-dependencies']],
  ['an import that leads nowhere', { 'src/cli/b.ts': importing('./missing.js') }, ['every-import-resolves']],
  ['a folder without a place', { 'src/utils/a.ts': leaf }, ['every-folder-has-a-place']],
  ['a room without a place', { 'src/engine/helpers/a.ts': leaf }, ['every-folder-has-a-place']],
];

describe('the walls catch', () => {
  test.each(offences)('%s', async (_claim, files, rules) => {
    expect(await rulesBroken(files)).toEqual(rules);
  });

  test('no type import of fastify in gateway', async () => {
    expect(await rulesBroken({ 'src/gateway/b.ts': importingType('fastify') })).toEqual([]);
  });

  test('no late import of @apollo/gateway', async () => {
    const late = `export const load = () => import('@apollo/gateway');\n`;
    expect(await rulesBroken({ 'src/gateway/b.ts': late })).toEqual([]);
  });
});
