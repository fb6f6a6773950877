// Writes the test example of README.md for three test runners into the working directory, which has the package installed, and a file
// with the matchers for each of them. Plain JavaScript, run by scripts/testPackage.sh, which gives the project's root as argument.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const readme = await readFile(join(process.argv[2], 'README.md'), 'utf8');
const code = /^```ts kit\n(.*?)^```/ms.exec(readme)?.[1];
if (code === undefined) throw new Error('README.md has no test example');

const matcherTest = `
it('has matchers', async () => {
  const gateway = await createTestGateway({ subgraphs: { a: 'type Query { a: Int! }' } });
  expect(await gateway.execute('{ a }')).toHaveNoErrors();
  expect(gateway).toHaveFetched('a', { fields: ['a'] });
  await gateway.close();
});
`;
const from = (runner) => code.replace("from 'vitest'", `from '${runner}'`);
await writeFile('kit.node.test.js', from('node:test'));
await writeFile(
  'kit.vitest.test.js',
  `import 'portico/testing/vitest';\nimport { expect } from 'vitest';\n${from('vitest')}${matcherTest}`,
);
await writeFile(
  'kit.jest.test.js',
  `import 'portico/testing/jest';\nimport { expect } from '@jest/globals';\n${from('@jest/globals')}${matcherTest}`,
);
await writeFile('jest.config.js', 'export default { transform: {} };\n');
await writeFile(
  'kit.types.ts',
  `import 'portico/testing/jest';
import 'portico/testing/vitest';
import { expect as vitestExpect } from 'vitest';
import { createTestGateway } from 'portico/testing';
const gateway = await createTestGateway({ subgraphs: {} });
expect(gateway).toHaveFetched('a', { kind: 'query' });
vitestExpect(gateway).not.toHaveFetchedTimes(2, 'a');
// @ts-expect-error there is no such kind of call
vitestExpect(gateway).toHaveFetched('a', { kind: 'subscription' });
`,
);
