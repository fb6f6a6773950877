import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/base/config/loadConfig.js';
import type { LoadedConfig } from '../../src/base/config/loadConfig.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import type { ConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { fileSource } from '../../src/supergraph/sources/fileSource.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { composeSdl } from '../support/compose.js';
import { postGraphQL } from '../support/postGraphQL.js';
import type { GraphQLAnswer } from '../support/postGraphQL.js';

// Plans on this thread: generations of these tests differ in what surrounds the planner.
const workshop = createWorkshop(() => {});

describe('a gateway as its configuration says', { timeout: 120_000 }, () => {
  let folder: string;
  let subgraph: Server;
  let subgraphUrl: string;
  let calls: IncomingHttpHeaders[] = [];
  let waiting: Array<() => void> | undefined;
  let gateway: ConfiguredServer;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portico-configured-'));
    subgraph = createServer((request, response) => {
      calls.push(request.headers);
      request.resume();
      const answer = (): void => {
        response.setHeader('content-type', 'application/json');
        response.end('{"data":{"hello":"world"},"errors":[{"message":"secret","extensions":{"x":1}}]}');
      };
      if (waiting === undefined) answer();
      else waiting.push(answer);
    });
    await new Promise<void>((done) => subgraph.listen(0, '127.0.0.1', done));
    subgraphUrl = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/`;
    // Nobody listens there: calls only arrive because the configuration names another URL.
    writeFileSync(join(folder, 'supergraph.graphql'), composeSdl({ one: 'type Query { hello: String }' }));
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
    subgraph.close();
    rmSync(folder, { recursive: true });
  });

  function load(yaml: string): LoadedConfig {
    const text = `supergraph: { file: supergraph.graphql }\nsubgraphs: { one: { url: "${subgraphUrl}" } }\n${yaml}`;
    const { loaded, problems } = loadConfig({ file: join(folder, 'portico.yaml'), text });
    if (loaded === undefined) throw new Error(JSON.stringify(problems));
    return loaded;
  }

  async function ask(query: string, headers: Record<string, string> = {}): Promise<GraphQLAnswer> {
    return (await postGraphQL(url, { query }, headers)).json;
  }

  test('subgraphs are called where the environment says', async () => {
    expect((await ask('{ hello }')).data).toEqual({ hello: 'world' });
  });

  test('no header of the client reaches a subgraph until a rule says so, from the next request on', async () => {
    const headers = { authorization: 'Bearer 1', cookie: 'a=1', 'x-a': 'b' };
    calls = [];
    await ask('{ hello }', headers);
    for (const name of Object.keys(headers)) expect(calls[0]).not.toHaveProperty(name);
    await gateway.apply(load('headers: { all: { request: [{ propagate: { named: Authorization } }] } }'));
    calls = [];
    await ask('{ hello }', headers);
    expect(calls[0]).toMatchObject({ authorization: 'Bearer 1' });
    expect(calls[0]).not.toHaveProperty('cookie');
    expect(calls[0]).not.toHaveProperty('x-a');
  });

  test('identical queries of different callers share nothing when a rule forwards who is asking (D7)', async () => {
    const rules = 'headers: { all: { request: [{ propagate: { named: authorization } }] } }\n';
    await gateway.apply(load(`${rules}traffic_shaping: { router: { timeout: 2m }, all: { timeout: 1m } }`));
    calls = [];
    waiting = [];
    const answers = [
      ask('{ hello }', { authorization: 'Bearer 1' }),
      ask('{ hello }', { authorization: 'Bearer 2' }),
      ask('{ hello }', { authorization: 'Bearer 1', cookie: 'not forwarded' }),
    ];
    await expect.poll(() => calls.length, { timeout: 20_000 }).toBe(2);
    for (const answer of waiting.splice(0)) answer();
    waiting = undefined;
    await Promise.all(answers);
    expect(calls.map(({ authorization }) => authorization ?? '').toSorted()).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('limits, introspection and errors change with the next request (RELOAD-08)', async () => {
    await gateway.apply(load(''));
    const masked = (await ask('{ hello }')).errors?.[0];
    expect(masked?.message).not.toBe('secret');
    expect((await ask('{ __schema { queryType { name } } }')).errors?.[0]?.extensions['code']).toBe(
      'INTROSPECTION_DISABLED',
    );
    await gateway.apply(
      load('introspection: true\nlimits: { max_aliases: 0 }\nerrors: { mask: false, allow_extensions: [x] }\n'),
    );
    expect((await ask('{ hello }')).errors?.[0]).toMatchObject({ message: 'secret', extensions: { x: 1 } });
    expect((await ask('{ __schema { queryType { name } } }')).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
    expect((await ask('{ a: hello }')).errors?.[0]?.extensions['code']).toBe('MAX_ALIASES_EXCEEDED');
    await gateway.apply(load(''));
    expect((await ask('{ a: hello }')).data).toEqual({ a: 'world' });
  });

  test('names of subgraphs that do not exist are refused, and nothing changes (RELOAD-04)', async () => {
    await gateway.apply(load(''));
    await expect(gateway.apply(load('limits: { max_aliases: 0 }\nerrors: { subgraphs: { two: {} } }'))).rejects.toThrow(
      `${folder}/portico.yaml:4:24: errors.subgraphs.two names a subgraph that is not in the supergraph (it has one)`,
    );
    expect((await ask('{ a: hello }')).data).toEqual({ a: 'world' });
  });

  test('a start with names of subgraphs that do not exist fails with the same words', async () => {
    const source = fileSource(join(folder, 'supergraph.graphql'));
    const failing = await createConfiguredServer(load('errors: { subgraphs: { two: {} } }'), source, {
      engine: { workshop },
    });
    await expect(failing.server.start()).rejects.toThrow('errors.subgraphs.two names a subgraph');
  });

  test('a request in flight finishes on the configuration that it began with', async () => {
    // A reload takes as long as the machine needs.
    await gateway.apply(load('traffic_shaping: { router: { timeout: 2m }, all: { timeout: 1m } }'));
    waiting = [];
    const slow = ask('{ b: hello }');
    await expect.poll(() => waiting?.length, { timeout: 20_000 }).toBe(1);
    await gateway.apply(load('limits: { max_aliases: 0 }'));
    for (const answer of waiting.splice(0)) answer();
    waiting = undefined;
    expect((await slow).data).toEqual({ b: 'world' });
    expect((await ask('{ b: hello }')).errors?.[0]?.extensions['code']).toBe('MAX_ALIASES_EXCEEDED');
  });
});
