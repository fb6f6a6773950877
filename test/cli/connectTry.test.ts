import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { runConnectTry } from '../../src/cli/runConnectTry.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import { startRestService } from '../support/restService.js';
import type { RestService } from '../support/restService.js';

let folder: string;
let rest: RestService;
let supergraph: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-try-'));
  rest = await startRestService(({ url }) =>
    url.endsWith('/1')
      ? { body: { id: 1, title: 'A', more: true } }
      : { status: 404, body: url.endsWith('/3') ? {} : { error: 'unknown' } },
  );
  supergraph = join(folder, 'supergraph.graphql');
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
    type Query { book(id: ID!): Book @connect(http: { GET: "${rest.url}/books/{$args.id}", headers: [{ name: "x-key", value: "{$config.key}" }] }
      selection: "id name: title", errors: { message: "$.error" }) }
    type Book { id: ID name: String }`;
  await writeFile(supergraph, compose([{ name: 'books', url: '', sdl }]).supergraphSdl);
});
afterAll(async () => {
  await rest.close();
  await rm(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

async function run(args: object, field = 'Query.book'): Promise<{ code: number; out: string }> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const given = { this: {}, batch: [], config: { key: 'k' }, header: [] };
  const code = await runConnectTry({ ...given, supergraph, field, args: args as Record<string, unknown> });
  return { code, out };
}

describe('portico connect try', () => {
  it('shows request, answer and what the mapping makes of it', async () => {
    const { code, out } = await run({ id: '1' });
    expect(code).toBe(0);
    expect(out).toBe(
      `GET ${rest.url}/books/1\nx-key: k\n\n200\n{\n  "id": 1,\n  "title": "A",\n  "more": true\n}\n\n=> {\n  "id": 1,\n  "name": "A"\n}\n`,
    );
  });

  it('shows a failure in the words of the connector', async () => {
    const { code, out } = await run({ id: '2' });
    expect([code, out]).toEqual([1, expect.stringMatching(/404[^]*=> a failure: \{\n {2}"message": "unknown"/)]);
  });

  it('says of a failure that the connector has no words for that the client is told no more', async () => {
    const { code, out } = await run({ id: '3' });
    expect([code, out]).toEqual([1, expect.stringMatching(/404[^]*=> a failure: the client is told no more/)]);
  });

  it('names the connectors that there are', async () => {
    await expect(run({}, 'Query.boook')).rejects.toThrow('there are Query.book');
  });
});
