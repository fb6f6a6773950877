import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { createHttpClient } from '../../src/upstream/http/httpClient.js';
import { createPoolRegistry } from '../../src/upstream/http/pools.js';
import type { SubgraphClient } from '../../src/upstream/SubgraphClient.js';
import { failureOf } from '../support/faultBench.js';
import { makeCall } from '../support/subgraphCall.js';
import { turnableClock } from '../support/turnableClock.js';

const A: LookupAddress = { address: '127.0.0.2', family: 4 };
const B: LookupAddress = { address: '127.0.0.3', family: 4 };
/** Nobody listens there. */
const NOBODY: LookupAddress = { address: '127.0.0.4', family: 4 };
const REFRESH_MS = 10_000;

const open: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** Two servers on one port, each at its address; an answer says whose it is. */
async function twoHosts(): Promise<{ port: number; a: Server; b: Server }> {
  const serve = async (address: string, port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: address }));
    });
    server.listen(port, address);
    await once(server, 'listening');
    open.push(() => stop(server));
    return server;
  };
  const a = await serve(A.address, 0);
  const { port } = a.address() as AddressInfo;
  return { port, a, b: await serve(B.address, port) };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}

function clientFor(port: number, addresses: LookupAddress[] | Error) {
  const names = { addresses, asked: 0 };
  const clock = turnableClock();
  const pools = createPoolRegistry({
    clock,
    resolve: () => {
      names.asked++;
      return names.addresses instanceof Error ? Promise.reject(names.addresses) : Promise.resolve(names.addresses);
    },
  });
  const client = createHttpClient({
    name: 'products',
    url: `http://products.test:${port}/graphql`,
    options: { connectTimeoutMs: 5000, keepAliveMs: 60_000 },
    pools,
  });
  open.push(() => client.close());
  return { client, clock, names };
}

async function whoAnswers(client: SubgraphClient): Promise<unknown> {
  return (await client.execute(makeCall())).data;
}

/** A look-up that a call has started is over before the next event loop turn ends. */
async function nextLookUp(client: SubgraphClient, clock: { turn(ms: number): void }): Promise<void> {
  clock.turn(REFRESH_MS + 1);
  await whoAnswers(client).catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
}

describe('WIRE-20 DNS', () => {
  it('follows from A to B while both answer, though the connection to A is never idle', async () => {
    const { port } = await twoHosts();
    const { client, clock, names } = clientFor(port, [A]);
    expect(await whoAnswers(client)).toBe(A.address);
    names.addresses = [B];
    expect(await whoAnswers(client)).toBe(A.address);
    await nextLookUp(client, clock);
    expect(await whoAnswers(client)).toBe(B.address);
    expect(names.asked).toBe(2);
  });

  it('finishes on A what was under way there when the name moved', async () => {
    let finish: (() => void) | undefined;
    const slow = createServer((request, response) => {
      request.resume();
      const answer = (): void => void response.setHeader('content-type', 'application/json').end('{"data":"slow"}');
      if (finish === undefined) finish = answer;
      else answer();
    });
    slow.listen(0, A.address);
    await once(slow, 'listening');
    open.push(() => stop(slow));
    const { port } = slow.address() as AddressInfo;
    const { client, clock, names } = clientFor(port, [A]);
    const underWay = whoAnswers(client);
    while (finish === undefined) await new Promise((resolve) => setImmediate(resolve));
    names.addresses = [NOBODY];
    await nextLookUp(client, clock);
    expect((await failureOf(client.execute(makeCall()))).details).toMatchObject({ reason: 'refused' });
    finish();
    expect(await underWay).toBe('slow');
  });

  it('finds B at the next connection when A is gone, without waiting for the next look-up', async () => {
    const { port, a } = await twoHosts();
    const { client, names } = clientFor(port, [A]);
    expect(await whoAnswers(client)).toBe(A.address);
    names.addresses = [B];
    await stop(a);
    // The first connection that does not come up makes the next one ask.
    await client.execute(makeCall()).catch(() => {});
    expect(await whoAnswers(client)).toBe(B.address);
  });

  it('keeps calling the last addresses while the name does not exist, and follows when it is back', async () => {
    const { port } = await twoHosts();
    const { client, clock, names } = clientFor(port, [A]);
    expect(await whoAnswers(client)).toBe(A.address);
    names.addresses = Object.assign(new Error('getaddrinfo ENOTFOUND products.test'), { code: 'ENOTFOUND' });
    await nextLookUp(client, clock);
    expect(await whoAnswers(client)).toBe(A.address);
    names.addresses = [B];
    await nextLookUp(client, clock);
    expect(await whoAnswers(client)).toBe(B.address);
  });

  it('says that a name does not exist, and calls it once it does', async () => {
    const { port } = await twoHosts();
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND products.test'), { code: 'ENOTFOUND' });
    const { client, names } = clientFor(port, missing);
    expect((await failureOf(client.execute(makeCall()))).details).toMatchObject({ reason: 'dns' });
    names.addresses = [B];
    expect(await whoAnswers(client)).toBe(B.address);
  });

  it('a host with several addresses is called at the others when one does not answer', async () => {
    const { port } = await twoHosts();
    const { client } = clientFor(port, [NOBODY, B]);
    expect(await whoAnswers(client)).toBe(B.address);
  });

  it('connections spread over all addresses of a host', async () => {
    const { port } = await twoHosts();
    const { client } = clientFor(port, [A, B]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => whoAnswers(client)));
    expect(answers.filter((answer) => answer === A.address)).toHaveLength(3);
  });

  it('a literal address is never looked up', async () => {
    const { port } = await twoHosts();
    const pools = createPoolRegistry({ resolve: () => Promise.reject(new Error('asked')) });
    const client = createHttpClient({ name: 'a', url: `http://${A.address}:${port}/`, pools });
    open.push(() => client.close());
    expect(await whoAnswers(client)).toBe(A.address);
  });
});
