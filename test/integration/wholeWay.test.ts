import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { loadConfig } from '../../src/base/config/loadConfig.js';
import type { LoadedConfig } from '../../src/base/config/loadConfig.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import type { ConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { fileSource } from '../../src/supergraph/sources/fileSource.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { composeSdl } from '../support/compose.js';
import { postGraphQL } from '../support/postGraphQL.js';

const subgraphs = {
  things: `
    type Query { thing(id: ID): Thing  hang: Int }
    type Subscription { ticks: Int }
    type Thing @key(fields: "id") { id: ID! name: String moved: String often: String }
  `,
  facts: `
    type Thing @key(fields: "id") {
      id: ID!
      fact(size: Int): String
      moved: String @override(from: "things", label: "move-it")
      often: String @override(from: "things", label: "percent(50)")
    }
  `,
};

interface Call {
  readonly subgraph: string;
  readonly query: string;
  /** The body as it came. */
  readonly text: string;
}

const NORMAL = `{"__typename":"Thing","id":"1","name":"n","moved":"here","often":"here"`;

// Socket, edge, Apollo Server, engine and subgraphs on sockets, as a configuration file says. Only the planner is on this thread: each reload
// would start threads, and demoGraph.test.ts and hangingPlanner.test.ts have them.
describe('from the client to subgraphs and back', { timeout: 120_000 }, () => {
  let folder: string;
  const servers: Server[] = [];
  const urls: Record<string, string> = {};
  let calls: Call[] = [];
  /** The thing that `things` has, and all that `facts` answers. */
  let thing = '';
  let facts: (call: Call) => string | undefined = () => '';
  let gateway: ConfiguredServer;
  let url: string;

  beforeAll(async () => {
    delete process.env['APOLLO_TELEMETRY_DISABLED'];
    folder = mkdtempSync(join(tmpdir(), 'portico-whole-'));
    for (const subgraph of Object.keys(subgraphs)) {
      const server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          const call = { subgraph, text, query: (JSON.parse(text) as { query: string }).query };
          calls.push(call);
          if (call.query.includes('hang')) return;
          response.setHeader('content-type', 'application/json');
          // The engine gives a field with arguments a name of its own.
          const name = /(\w+): ?thing/.exec(call.query)?.[1] ?? 'thing';
          const answer = subgraph === 'things' ? `{"data":{"${name}":${thing}}}` : facts(call);
          if (answer !== undefined) response.end(answer);
        });
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      servers.push(server);
      urls[subgraph] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    }
    writeFileSync(join(folder, 'supergraph.graphql'), composeSdl(subgraphs));
    const engine = { workshop: createWorkshop(() => {}) };
    gateway = await createConfiguredServer(load(''), fileSource(join(folder, 'supergraph.graphql')), { engine });
    await gateway.server.start();
    url = `${(await gateway.http.listen({ host: '127.0.0.1', port: 0 })).origin}/graphql`;
  }, 60_000);
  afterAll(async () => {
    await gateway.http.close(1000);
    await gateway.server.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    calls = [];
    thing = `${NORMAL}}`;
    facts = ({ query }) => {
      const name = /(\w+): ?fact/.exec(query)?.[1] ?? 'fact';
      return `{"data":{"_entities":[{"__typename":"Thing","${name}":"f","moved":"there","often":"there"}]}}`;
    };
  });

  function load(yaml: string): LoadedConfig {
    const where = Object.entries(urls).map(([name, each]) => `${name}: { url: "${each}" }`);
    const text = `supergraph: { file: supergraph.graphql }\nsubgraphs: { ${where.join(', ')} }\n${yaml}`;
    const { loaded, problems } = loadConfig({ file: join(folder, 'portico.yaml'), text });
    if (loaded === undefined) throw new Error(JSON.stringify(problems));
    return loaded;
  }

  const post = (body: string | object, headers: Record<string, string> = {}) => postGraphQL(url, body, headers);

  const asked = () => calls.map(({ subgraph }) => subgraph);

  it('integers beyond 2^53 keep their digits in variables, representations and answers (PROTO-09)', async () => {
    thing = '{"__typename":"Thing","id":9007199254740993,"name":"n"}';
    const { text } = await post(
      '{"query":"query($id: ID) { thing(id: $id) { id name fact } }","variables":{"id":90071992547409931}}',
    );
    expect(text).toBe('{"data":{"thing":{"id":"9007199254740993","name":"n","fact":"f"}}}\n');
    expect(asked()).toEqual(['things', 'facts']);
    expect(calls[0]!.text).toContain('90071992547409931');
    expect(calls[1]!.text).toContain('9007199254740993');
  });

  it('a variable called representations is a variable like any other (SHAPE-20)', async () => {
    const { json } = await post({
      query: 'query($representations: Int, $id: ID) { _entities: thing(id: $id) { fact(size: $representations) } }',
      variables: { representations: 7, id: '1' },
    });
    expect(json).toEqual({ data: { _entities: { fact: 'f' } } });
    const { variables } = JSON.parse(calls[1]!.text) as { variables: Record<string, unknown> };
    expect(variables['representations']).toEqual([{ __typename: 'Thing', id: '1' }]);
    expect(Object.values(variables)).toContain(7);
  });

  it('@defer is answered in one piece, whatever the client accepts', async () => {
    const query = '{ thing { name ... @defer(label: "later") { fact } } }';
    for (const accept of ['application/json', 'multipart/mixed; deferSpec=20220824, application/json', '*/*']) {
      const { status, headers, json } = await post({ query }, { accept });
      expect([accept, status, json]).toEqual([accept, 200, { data: { thing: { name: 'n', fact: 'f' } } }]);
      expect(headers.get('content-type')).toContain('application/json');
    }
  });

  it('subscriptions are refused with their code by POST, and with 405 or their code by GET (WS-01)', async () => {
    for (const query of ['subscription { ticks }', 'subscription Named { ticks }']) {
      const byPost = await post({ query });
      expect([byPost.status, byPost.json.errors?.[0]?.extensions['code']]).toEqual([
        400,
        'SUBSCRIPTIONS_NOT_SUPPORTED',
      ]);
      const byGet = await fetch(`${url}?${new URLSearchParams({ query })}`, {
        headers: { 'apollo-require-preflight': '1' },
      });
      expect(byGet.status).toBeGreaterThanOrEqual(400);
      expect(byGet.status).toBeLessThan(500);
      expect(JSON.parse(await byGet.text())).toHaveProperty('errors.0.extensions.code');
      expect((await post([{ query }])).status).toBe(400);
    }
    expect(calls).toEqual([]);
  });

  it('a label moves its field when the configuration switches it on, from the next request on', async () => {
    const query = '{ thing { moved } }';
    expect((await post({ query })).json).toEqual({ data: { thing: { moved: 'here' } } });
    await gateway.apply(load('override_labels: { move-it: true }'));
    expect((await post({ query })).json).toEqual({ data: { thing: { moved: 'there' } } });
    await gateway.apply(load('override_labels: { move-it: false }'));
    expect((await post({ query })).json).toEqual({ data: { thing: { moved: 'here' } } });
  });

  it('percent(50) is rolled for each request', async () => {
    const seen = new Set<string>();
    // 200 rolls on one side: once in 2^199 runs.
    for (let n = 0; n < 200 && seen.size < 2; n++) seen.add((await post({ query: '{ thing { often } }' })).text);
    const answer = (where: string) => `{"data":{"thing":{"often":"${where}"}}}\n`;
    expect(seen).toEqual(new Set([answer('here'), answer('there')]));
  });

  it("of a subgraph's error clients read the code alone, whatever else it says (LEAK-08)", async () => {
    const said = {
      message: 'secret: select * from users',
      path: ['_entities', 0, 'fact'],
      locations: [{ line: -1, column: 'x' }],
      extensions: {
        code: 'NOT_TODAY',
        stacktrace: ['at secret.js:1'],
        exception: { secret: 1 },
        serviceName: 'facts',
        sql: 'secret',
        http: { status: 418 },
      },
    };
    for (const error of [
      said,
      { ...said, extensions: [said.extensions] },
      { ...said, extensions: null },
      { ...said, extensions: { code: '' } },
      { ...said, extensions: { code: 'secret is a text' } },
      { ...said, message: { secret: 1 } },
      { ...said, locations: 'secret' },
    ]) {
      facts = () => JSON.stringify({ data: { _entities: [{ __typename: 'Thing', fact: null }] }, errors: [error] });
      const { status, text, json } = await post({ query: '{ thing { name fact } }' });
      expect([status, json.data]).toEqual([200, { thing: { name: 'n', fact: null } }]);
      expect(text).not.toMatch(/secret|stack|exception|serviceName|facts|sql|418/);
      expect(json.errors).toHaveLength(1);
      expect(json.errors![0]!.path).toEqual(['thing', 'fact']);
      const isObject = error.extensions === said.extensions;
      expect(json.errors![0]!.extensions['code']).toBe(isObject ? 'NOT_TODAY' : 'DOWNSTREAM_SERVICE_ERROR');
      expect(Object.keys(json.errors![0]!.extensions).sort()).toEqual(['code', 'requestId']);
    }
  });

  it('entities are matched by their place, as the specification has it: keys that come back are not compared (SHAPE-05)', async () => {
    facts = () => '{"data":{"_entities":[{"__typename":"Thing","id":"2","fact":"of 2"}]}}';
    const { json } = await post({ query: '{ thing { id fact } }' });
    // What a subgraph was not asked for never replaces what is known.
    expect(json).toEqual({ data: { thing: { id: '1', fact: 'of 2' } } });
  });

  it('an answer beyond the ceiling costs its own fields', async () => {
    await gateway.apply(load('traffic_shaping: { all: { max_response_size: 10KB } }'));
    facts = () => `{"data":{"_entities":[{"__typename":"Thing","fact":"${'x'.repeat(20_000)}"}]}}`;
    const { status, json, text } = await post({ query: '{ thing { name fact } }' });
    expect([status, json.data]).toEqual([200, { thing: { name: 'n', fact: null } }]);
    expect(json.errors).toHaveLength(1);
    expect(json.errors![0]!.extensions['code']).toMatch(/^SUBREQUEST_/);
    expect(text).not.toContain('xxxx');
    await gateway.apply(load(''));
  });

  it('what takes longer than the whole request may is answered with 504, and not waited for', async () => {
    await gateway.apply(load('traffic_shaping: { router: { timeout: 1s }, all: { timeout: 1s } }'));
    const [late, whole] = await Promise.all([
      post({ query: '{ hang }' }),
      post({ query: '{ a: hang thing { name } }' }),
    ]);
    for (const { status, json } of [late, whole]) {
      const codes = json.errors?.map(({ extensions }) => extensions['code']);
      expect([status, codes]).toEqual([504, ['GATEWAY_TIMEOUT']]);
      expect(json).not.toHaveProperty('data');
    }
    await gateway.apply(load(''));
  });

  it('one subgraph that takes longer than it may costs its own fields', async () => {
    await gateway.apply(load('traffic_shaping: { subgraphs: { facts: { timeout: 500ms } } }'));
    facts = () => undefined;
    const { status, json } = await post({ query: '{ thing { name fact } }' });
    expect([status, json.data]).toEqual([200, { thing: { name: 'n', fact: null } }]);
    expect(json.errors?.map(({ extensions, path }) => [extensions['code'], path])).toEqual([
      ['SUBGRAPH_TIMEOUT', ['thing', 'fact']],
    ]);
    await gateway.apply(load(''));
  });

  it('a client that leaves takes the call of its subgraph along', async () => {
    const leaving = new AbortController();
    const left = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ hang }"}',
      signal: leaving.signal,
    }).catch(() => 'left');
    await vi.waitFor(() => expect(calls).toHaveLength(1), 20_000);
    const things = servers[0]!;
    const open = () => new Promise<number>((resolve) => things.getConnections((_error, count) => resolve(count)));
    const before = await open();
    leaving.abort();
    expect(await left).toBe('left');
    await vi.waitFor(async () => expect(await open()).toBeLessThan(before), 20_000);
  });

  it('telemetry of Apollo is off in whatever of it runs here', () => {
    expect(process.env['APOLLO_TELEMETRY_DISABLED']).toBe('true');
  });
});
