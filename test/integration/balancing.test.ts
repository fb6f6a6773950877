import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/base/config/loadConfig.js';
import type { LoadedConfig } from '../../src/base/config/loadConfig.js';
import { endpointChanges } from '../../src/base/telemetry/channels.js';
import type { EndpointNews } from '../../src/base/telemetry/channels.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import type { ConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { fileSource } from '../../src/supergraph/sources/fileSource.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { composeSdl } from '../support/compose.js';

// Plans on this thread: generations of these tests differ in what surrounds the planner.
const workshop = createWorkshop(() => {});

const SECRET = 'a secret of the gateway and the subgraph';

/** One endpoint of the subgraph: its answers say which one it is. */
interface Place {
  readonly url: string;
  readonly server: Server;
  status: number;
  readonly heads: Array<Record<string, unknown>>;
  readonly bodies: string[];
}

describe('a subgraph at several endpoints', { timeout: 120_000 }, () => {
  let folder: string;
  let places: Place[];
  let gateway: ConfiguredServer;
  let url: string;

  async function place(name: string): Promise<Place> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        self.heads.push(request.headers);
        self.bodies.push(body);
        response.statusCode = self.status;
        response.setHeader('content-type', 'application/json');
        if (self.status !== 200) response.end('no');
        else
          response.end(
            JSON.stringify({ data: body.includes('__typename') ? { __typename: 'Query' } : { where: name } }),
          );
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const self: Place = { url: `http://127.0.0.1:${port}/graphql`, server, status: 200, heads: [], bodies: [] };
    return self;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portico-balancing-'));
    places = await Promise.all(['a', 'b', 'c'].map(place));
    writeFileSync(join(folder, 'supergraph.graphql'), composeSdl({ one: 'type Query { where: String }' }));
    writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
    gateway = await createConfiguredServer(load(''), fileSource(join(folder, 'supergraph.graphql')), {
      engine: { workshop },
    });
    await gateway.server.start();
    const { origin } = await gateway.http.listen({ host: '127.0.0.1', port: 0 });
    url = `${origin}/graphql`;
  });
  afterAll(async () => {
    await gateway.http.close(1000);
    await gateway.server.stop();
    for (const { server } of places) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true });
  });

  function load(yaml: string, more = ''): LoadedConfig {
    const [a, b, c] = places;
    const text = `
supergraph: { file: supergraph.graphql }
subgraphs:
  one:
    urls: [{ url: "${a!.url}" }, { url: "${b!.url}" }, { url: "${c!.url}", group: canary }]
    routing:
      - { match: { header: { name: x-canary } }, group: canary }
      - { match: { operations: [Canary] }, group: canary }
      - { match: { query: { name: v, value: "2" } }, group: canary }
    ${more}
${yaml}`;
    const { loaded, problems } = loadConfig({ file: join(folder, 'portico.yaml'), text });
    if (loaded === undefined) throw new Error(JSON.stringify(problems));
    return loaded;
  }

  async function ask(headers: Record<string, string> = {}, query = '{ where }', search = ''): Promise<Response> {
    return await fetch(url + search, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  }
  async function where(...asked: Parameters<typeof ask>): Promise<unknown> {
    const { data } = (await (await ask(...asked)).json()) as { data: { where: unknown } | null };
    return data?.where;
  }
  async function inTurn(count: number, ...asked: Parameters<typeof ask>): Promise<string> {
    let all = '';
    for (let at = 0; at < count; at++) all += String(await where(...asked));
    return all;
  }

  test('is called in turn, and by the rules at its canary', async () => {
    expect(await inTurn(4)).toMatch(/^(abab|baba)$/);
    expect(await inTurn(2, { 'x-canary': '1' })).toBe('cc');
    expect(await where({}, 'query Canary { where }')).toBe('c');
    expect(await where({}, '{ where }', '?v=2')).toBe('c');
  });

  test('identical queries in flight that go to different groups are not shared (D7)', async () => {
    const answers = await Promise.all([where(), where({ 'x-canary': '1' }), where(), where({ 'x-canary': '1' })]);
    expect(answers.map((answer) => answer === 'c')).toEqual([false, true, false, true]);
  });

  test('a cookie keeps a client at its endpoint; the answer that sets it is kept by nobody', async () => {
    await gateway.apply(load('traffic_shaping: { all: { load_balancing: { sticky: { cookie: sticky } } } }'));
    const first = await ask();
    const cookie = /^sticky=[^;]+/.exec(first.headers.get('set-cookie')!)![0];
    expect(first.headers.get('cache-control')).toBe('no-store');
    const { data } = (await first.json()) as { data: { where: string } };
    expect(await inTurn(4, { cookie })).toBe(data.where.repeat(4));
    expect((await ask({ cookie })).headers.get('set-cookie')).toBeNull();
  });

  test('a header keeps a client at its endpoint with the algorithm hash', async () => {
    const hash = 'traffic_shaping: { all: { load_balancing: { algorithm: hash, hash_on: { header: x-tenant } } } }';
    await gateway.apply(load(hash));
    const tenants: string[] = [];
    // One after another: identical queries in flight would share one call.
    for (const tenant of ['1', '2', '3', '4', '5', '6', '7', '8'])
      tenants.push(await inTurn(2, { 'x-tenant': tenant }));
    for (const answers of tenants) expect(answers).toMatch(/^(aa|bb)$/);
    expect(new Set(tenants).size).toBe(2);
  });

  test('an endpoint that answers 500 is ejected, and one that probes find ill is left out and comes back', async () => {
    const news: EndpointNews[] = [];
    const stop = endpointChanges.subscribe((each) => news.push(each));
    const states = (): string[] => news.map(({ state, endpoint }) => `${state} ${endpoint}`);
    await gateway.apply(load('traffic_shaping: { all: { outlier_detection: { consecutive_errors: 2 } } }'));
    places[1]!.status = 500;
    await inTurn(6);
    expect(states()).toEqual([`ejected ${places[1]!.url}`]);
    expect(await inTurn(4)).toBe('aaaa');

    news.length = 0;
    await gateway.apply(load('traffic_shaping: { all: { health_check: { interval: 500ms, healthy_threshold: 1 } } }'));
    await expect.poll(states, { timeout: 20_000 }).toEqual([`down ${places[1]!.url}`]);
    expect(await inTurn(4)).toBe('aaaa');
    places[1]!.status = 200;
    await expect.poll(() => states().length, { timeout: 20_000 }).toBe(2);
    expect(await inTurn(4)).toMatch(/^(abab|baba)$/);
    stop();
  });

  test('probes of a path carry what the header rules insert', async () => {
    places[0]!.heads.length = 0;
    const probes = 'traffic_shaping: { all: { health_check: { interval: 500ms, path: /health } } }';
    await gateway.apply(load(`headers: { all: { request: [{ insert: { name: x-key, value: k } }] } }\n${probes}`));
    // The generation before may still be probing.
    const keys = (): unknown[] => places[0]!.heads.map((head) => head['x-key']);
    await expect.poll(keys, { timeout: 20_000 }).toContain('k');
  });

  test('a secret of a file authenticates the gateway: as a header, and as a signature of the body', async () => {
    const insert = "headers: { all: { request: [{ insert: { name: x-gateway, value: '${file:./secret}' } }] } }";
    await gateway.apply(load(insert, "hmac: { secret: '${file:./secret}' }"));
    for (const { heads, bodies } of places) heads.length = bodies.length = 0;
    // Nobody else can set the header of the signature.
    await where({ 'x-canary': '1', 'x-portico-signature': 'forged' });
    // The generation before may still be probing.
    const { heads, bodies } = places[2]!;
    const at = bodies.findIndex((body) => body.includes('where'));
    const head = heads[at];
    expect(head).toMatchObject({ 'x-gateway': SECRET });
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(head!['x-portico-signature']))!;
    const expected = createHmac('sha256', SECRET).update(`${seconds}.${bodies[at]}`).digest('hex');
    expect(signature).toBe(expected);
    expect(Math.abs(Date.now() / 1000 - Number(seconds))).toBeLessThan(60);
  });
});
