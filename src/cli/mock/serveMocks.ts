import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';

import { watchFile } from '../../base/kit/watchFile.js';
import { createMocks } from '../../mocks/createMocks.js';
import type { MockCall, MockedSubgraph } from '../../mocks/MockedSubgraph.js';
import { mockSubgraph } from '../../mocks/mockSubgraph.js';
import { Failure } from '../Failure.js';
import type { SubgraphReplacement } from '../replaceSubgraphs.js';
import { behaviourOf, fateOf } from './MockScript.js';
import type { ScriptEntry } from './MockScript.js';
import type { MockedSdls } from './mockedSdls.js';

export interface ServeMocksOptions {
  /** Reads what to mock; again when one of its files changes. */
  readonly read: () => Promise<MockedSdls>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Default `1`. */
  readonly seed?: string | undefined;
  /** Whether asking for an SDL gives the connectors of a REST service too: for our own gateway, which knows that they are mocked. Default false. */
  readonly withConnectors?: boolean | undefined;
  /** Latencies and failures. Default: none. */
  readonly script?: readonly ScriptEntry[] | undefined;
}

export interface ServedMocks {
  /** Where each one is: `http://host:port/subgraphs/<name>`. */
  readonly subgraphs: readonly SubgraphReplacement[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 2 ** 20;

/**
 * Serves one world of mocks over HTTP, each subgraph under `/subgraphs/<name>`. A schema that changes makes a new world; one that cannot be
 * mocked is reported and the old world stays.
 *
 * Errors: a Failure for schemas that cannot be mocked or for a script about unknown subgraphs, or what the system says of the port.
 */
export async function serveMocks(options: ServeMocksOptions): Promise<ServedMocks> {
  const { read, host, port, seed = '1', script = [] } = options;
  const first = await read();
  let world = makeWorld(first, seed);
  checkScript(script, world);
  const names = [...world.keys()];
  const follow = async (): Promise<void> => {
    try {
      world = makeWorld(await read(), seed);
    } catch (error) {
      process.stderr.write(`mocks stay as they are: ${String(error)}\n`);
    }
  };
  const watchers = first.files.map((file) => watchFile(file, () => void follow()));
  const answer = createAnswerer(() => world, options);
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, { errors: [{ message: String(error) }] });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const origin = originOf(host, (server.address() as AddressInfo).port);
  return {
    subgraphs: names.map((name) => ({ name, url: `${origin}/subgraphs/${encodeURIComponent(name)}`, isMock: true })),
    async close() {
      for (const watcher of watchers) watcher.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type World = ReadonlyMap<string, MockedSubgraph>;

function checkScript(script: readonly ScriptEntry[], world: World): void {
  const stranger = script.find(({ subgraph }) => subgraph !== undefined && !world.has(subgraph))?.subgraph;
  if (stranger === undefined) return;
  throw new Failure([
    `"${stranger}" in --latency or --fail is not mocked (mocked are ${[...world.keys()].join(', ')})`,
  ]);
}

/** @param current the world; asked anew for each request */
function createAnswerer(
  current: () => World,
  { seed = '1', withConnectors = false, script = [] }: ServeMocksOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const counts = new Map<string, number>();
  /** What befalls the next call of a subgraph. */
  const nextFate = (name: string): ReturnType<typeof fateOf> => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return fateOf(behaviourOf(script, name), seed, name, count);
  };
  return async (request, response) => {
    const world = current();
    const mock = world.get(nameIn(request.url ?? '') ?? '');
    if (mock === undefined)
      return refuse(response, 404, `There are ${[...world.keys()].map((one) => `/subgraphs/${one}`).join(', ')}`);
    // A page of another site can send a form, not this.
    if (request.method !== 'POST' || !/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return refuse(response, 415, 'Write POST with content-type: application/json');
    const call = readCall(await readBody(request), request);
    if (call === undefined) return refuse(response, 400, 'The body is no GraphQL request in JSON');
    const asksSdl = /^\s*(query\s*\w*\s*)?\{\s*_service\b/.test(call.query);
    if (asksSdl && withConnectors) return send(response, 200, { data: { _service: { sdl: mock.sdl } } });
    if (!asksSdl) {
      const { delayMs, fails } = nextFate(mock.name);
      if (delayMs > 0) await sleep(delayMs);
      // As a proxy would put it, not as a GraphQL server.
      if (fails) return void response.writeHead(500, { 'content-type': 'text/plain' }).end('asked for by --fail');
    }
    send(response, 200, await mock.answer(call));
  };
}

function makeWorld({ sdls }: MockedSdls, seed: string): World {
  try {
    const subgraphs = [...sdls].map(([name, typeDefs]) => [name, mockSubgraph({ typeDefs, store: true })] as const);
    return createMocks(new Map(subgraphs), { seed });
  } catch (error) {
    throw new Failure([`the subgraphs cannot be mocked: ${(error as Error).message}`]);
  }
}

function nameIn(url: string): string | undefined {
  const [, encoded] = /^\/subgraphs\/([^/?#]+)/.exec(url) ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readCall(body: string, { headers }: IncomingMessage): MockCall | undefined {
  try {
    const { query, operationName, variables } = JSON.parse(body) as Partial<Record<keyof MockCall, unknown>>;
    if (typeof query !== 'string') return undefined;
    return {
      query,
      operationName: typeof operationName === 'string' ? operationName : undefined,
      variables: typeof variables === 'object' && variables !== null ? (variables as Record<string, unknown>) : {},
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    };
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, { errors: [{ message }] });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function originOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
