/**
 * What a field costs when a REST service answers it, next to the same field from a GraphQL subgraph: a list of 50 products from one
 * subgraph, their stock from another service. `npx tsx bench/rest.ts`; prints only.
 *
 * Both gateways run in this process, the services in another one, so that the processor time is that of the gateways. They take turns.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { ApolloServer, HeaderMap } from '@apollo/server';

import { createGateway } from '../src/gateway/createGateway.js';
import { compose } from '../src/supergraph/compose/compose.js';

const PRODUCTS = 50;
const ROUNDS = 9;
const REQUESTS = 400;
const WARM_UP = 1500;
const QUERY = '{ products { id name stock { units warehouse } } }';

const federation = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports}])\n`;
const types = 'stock: Stock } type Stock { units: Int warehouse: String }';

function subgraphsAt(origin: string, kind: string) {
  const list = `${federation('"@key"')} type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! name: String }`;
  const graphql = `${federation('"@key"')} type Product @key(fields: "id") { id: ID! ${types}`;
  const connect = (connector: string): string => `${federation('"@key"')}
    extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
    type Product @key(fields: "id") @connect(${connector}) { id: ID! ${types}`;
  const selection = 'selection: "id stock: { units: count warehouse: location.name }"';
  const sdls: Record<string, string> = {
    'GraphQL subgraph': graphql,
    'REST, batch endpoint': connect(`http: { POST: "${origin}/batch", body: "ids: $batch.id" } ${selection}`),
    'REST, a request per product': connect(`http: { GET: "${origin}/one/{$this.id}" } ${selection}`),
  };
  return [
    { name: 'products', url: `${origin}/products`, sdl: list },
    { name: 'stock', url: `${origin}/graphql`, sdl: sdls[kind]! },
  ];
}

/** The services: all answers are made from the request with as little work as possible. */
async function serve(): Promise<void> {
  const products = Array.from({ length: PRODUCTS }, (_, at) => ({
    __typename: 'Product',
    id: String(at),
    name: `Product ${at}`,
  }));
  const list = JSON.stringify({ data: { products } });
  const graphqlOf = (id: string): object => ({
    stock: { units: Number(id) * 3, warehouse: `Warehouse ${Number(id) % 4}` },
  });
  const restOf = (id: string): object => ({
    id: Number(id),
    count: Number(id) * 3,
    location: { name: `Warehouse ${Number(id) % 4}`, city: 'Hamburg' },
  });
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      const { url = '' } = request;
      if (url === '/products') return response.end(list);
      if (url.startsWith('/one/')) return response.end(JSON.stringify(restOf(url.slice(5))));
      const asked = JSON.parse(body) as { ids: string[]; variables: { representations: Array<{ id: string }> } };
      if (url === '/batch') return response.end(JSON.stringify(asked.ids.map(restOf)));
      const _entities = asked.variables.representations.map(({ id }) => graphqlOf(id));
      return response.end(JSON.stringify({ data: { _entities } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
}

interface Contender {
  readonly kind: string;
  ask(): Promise<string>;
  stop(): Promise<void>;
  readonly cpuUs: number[];
  readonly wallUs: number[];
}

async function startContender(kind: string, origin: string): Promise<Contender> {
  const { supergraphSdl } = compose(subgraphsAt(origin, kind));
  const gateway = createGateway({ supergraphSdl, trafficShaping: { all: { concurrency: { queue: 200 } } } });
  const server = new ApolloServer({ gateway, stopOnTerminationSignals: false });
  await server.start();
  const headers = new HeaderMap([['content-type', 'application/json']]);
  const ask = async (): Promise<string> => {
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body: { query: QUERY } };
    const { body } = await server.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({}) });
    if (body.kind !== 'complete' || body.string.includes('"errors"')) throw new Error(`${kind} answered wrongly`);
    return body.string;
  };
  return { kind, ask, stop: () => server.stop(), cpuUs: [], wallUs: [] };
}

async function measure(contender: Contender): Promise<void> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  // oxlint-disable-next-line eslint/no-await-in-loop -- one after another is what is measured
  for (let at = 0; at < REQUESTS; at++) await contender.ask();
  const { user, system } = process.cpuUsage(before);
  contender.cpuUs.push((user + system) / REQUESTS);
  contender.wallUs.push(((performance.now() - startedAt) * 1000) / REQUESTS);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function main(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const origin = `http://127.0.0.1:${Number(port.toString())}`;
  const kinds = ['GraphQL subgraph', 'REST, batch endpoint', 'REST, a request per product'];
  const contenders = await Promise.all(kinds.map((kind) => startContender(kind, origin)));
  const answers = await Promise.all(contenders.map((contender) => contender.ask()));
  if (new Set(answers).size !== 1) throw new Error('The contenders do not give the same answer');
  for (const contender of contenders) for (let at = 0; at < WARM_UP; at++) await contender.ask();
  for (let round = 0; round < ROUNDS; round++) for (const contender of contenders) await measure(contender);
  const [first] = contenders;
  for (const { kind, cpuUs, wallUs } of contenders) {
    const [cpu, wall] = [median(cpuUs), median(wallUs)];
    const factor = (cpu / median(first!.cpuUs)).toFixed(2);
    const latency = (wall / median(first!.wallUs)).toFixed(2);
    console.log(
      `${kind.padEnd(28)} ${cpu.toFixed(0)} µs of processor (${factor} x), ${wall.toFixed(0)} µs in all (${latency} x)`,
    );
  }
  await Promise.all(contenders.map((contender) => contender.stop()));
  child.kill();
}

await (process.argv[2] === 'serve' ? serve() : main());
