import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { validateConfig } from '../../src/cli/validateConfig.js';
import { composeSdl } from '../support/compose.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-validate-'));
  const typeDefs = 'type Query { hello: String found: Found } union Found = A type A { a: Int }';
  await writeFile(join(folder, 'supergraph.graphql'), composeSdl({ one: typeDefs }));
});
afterAll(() => rm(folder, { recursive: true }));

it('names the line of each setting that is about something that the graph does not have', async () => {
  const file = join(folder, 'portico.yaml');
  const text = `supergraph: { file: supergraph.graphql }
subgraphs:
  two: { url: "http://localhost:1/" }
authorization:
  fields:
    Query.hello: { authenticated: true }
    Query.helo: { authenticated: true }
    User: { scopes: [[a]] }
    Found: { authenticated: true }
    Query.constructor: { authenticated: true }
`;
  await writeFile(file, text);
  const lines = (await validateConfig(file)).map((line) => line.replace(`${file}:`, ''));
  expect(lines).toEqual([
    '3:3: subgraphs.two names a subgraph that is not in the supergraph (it has one)',
    '7:5: authorization.fields["Query.helo"] names nothing in the graph: Query has no field helo (did you mean Query.hello?)',
    '8:5: authorization.fields.User names nothing in the graph: there is no type User',
    '9:5: authorization.fields.Found cannot be protected: rules stand at fields, objects, interfaces, scalars and enums',
    '10:5: authorization.fields["Query.constructor"] names nothing in the graph: Query has no field constructor',
  ]);
});
