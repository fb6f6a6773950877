import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, vi } from 'vitest';

import { notices } from '../../../src/base/telemetry/channels.js';
import { servingSource } from '../../../src/cli/process/servingSource.js';
import { replaceSubgraphs } from '../../../src/cli/replaceSubgraphs.js';
import { compose } from '../../../src/supergraph/compose/compose.js';
import { restSubgraph } from '../../supergraph/connect/connectorSdl.js';

const mocks = [
  { name: 'a', url: 'http://mocks.test/subgraphs/a' },
  { name: 'rest', url: 'http://mocks.test/subgraphs/rest' },
];
const rest = restSubgraph('rest', 'type Query { r: Int @connect(source: "api", http: { GET: "/r" }, selection: "$") }');
const plain = (name: string, field = name) => ({
  name,
  url: `http://${name}.test`,
  sdl: `type Query { ${field}: Int }`,
});
const REFUSAL = 'subgraph "b" is new and not mocked: start portico mock again';

it('a list that has another subgraph later is refused where all are mocked', () => {
  const schema = { kind: 'sdl', sdl: '' } as const;
  const definitions = ['a', 'rest', 'b'].map((name) => ({ name, url: `http://${name}.test`, schema })) as never;
  expect(() => replaceSubgraphs(definitions, mocks, true)).toThrow(REFUSAL);
  expect(replaceSubgraphs(definitions, mocks).map(({ url }) => url)).toEqual([
    ...mocks.map(({ url }) => url),
    'http://b.test',
  ]);
});

it('so is a supergraph: what was served is served on, and REST services go by their names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-'));
  const file = join(folder, 'graph.graphql');
  const write = (...fields: string[]) =>
    writeFile(
      file,
      compose([rest, plain('a', fields[0]), ...fields.slice(1).map((name) => plain(name))]).supergraphSdl,
    );
  const said: string[] = [];
  const stop = notices.subscribe(({ message }) => void said.push(message));
  const updates: string[] = [];
  await write('a');
  const source = servingSource({ supergraph: file, mocks, isMockedWhole: true });
  const { supergraphSdl, cleanup } = await source.initialize({ update: (sdl) => void updates.push(sdl) });
  try {
    expect(supergraphSdl).toContain('url: "http://mocks.test/subgraphs/a"');
    await write('a', 'b');
    await vi.waitFor(() => expect(said).toContain(REFUSAL), { timeout: 20_000, interval: 20 });
    expect(updates).toEqual([]);
    const begun = servingSource({ supergraph: file, mocks, isMockedWhole: true }).initialize({ update() {} });
    await expect(begun).rejects.toThrow(REFUSAL);
    await write('another');
    await vi.waitFor(() => expect(updates).toHaveLength(1), { timeout: 20_000, interval: 20 });
    expect(updates[0]).toContain('another');
  } finally {
    stop();
    await cleanup?.();
    await rm(folder, { recursive: true, force: true });
  }
});
