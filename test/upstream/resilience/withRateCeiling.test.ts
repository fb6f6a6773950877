import { afterEach, describe, expect, test } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { rateCeilingRejections } from '../../../src/base/telemetry/channels.js';
import { createClients } from '../../../src/upstream/createClients.js';
import { createInProcessClient } from '../../../src/upstream/inProcessClient.js';
import type { RateMeter } from '../../../src/upstream/resilience/RateMeter.js';
import { TrafficRegistry } from '../../../src/upstream/resilience/TrafficRegistry.js';
import type { SubgraphClient } from '../../../src/upstream/SubgraphClient.js';
import type { TrafficSettings } from '../../../src/upstream/TrafficOptions.js';
import { makeCall, makeOperation } from '../../support/subgraphCall.js';

const clients: SubgraphClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

const refused = { code: 'SUBGRAPH_RATE_LIMITED', details: { subgraph: 'stock', retryInMs: 700 } };

/** A subgraph with room for so many calls, and what it is asked. */
function subgraphWith(room: number, settings: TrafficSettings = {}, answer = (): object => ({ data: 1 })) {
  let left = room;
  let sent = 0;
  const meter: RateMeter = { take: () => (left-- > 0 ? undefined : 700) };
  const traffic = new TrafficRegistry();
  const client = createClients([{ name: 'stock', url: 'http://stock/' }], {
    all: {
      dedupe: false,
      rateCeiling: { capacity: room, intervalMs: 1000, onStoreFailure: 'allow' },
      retry: { maxAttempts: 1 },
      ...settings,
    },
    traffic,
    rateMeters: () => meter,
    sender: ({ name }) =>
      createInProcessClient({
        name,
        answer: () => {
          sent++;
          return answer();
        },
      }),
  }).get('stock')!;
  clients.push(client);
  return { client, traffic, sent: () => sent, left: () => left };
}

const down = (): never => {
  throw new PorticoError('SUBREQUEST_HTTP_ERROR', 'down', { details: { subgraph: 'stock', reason: 'reset' } });
};

describe('a ceiling in front of a subgraph', () => {
  test('sends what it allows and refuses the rest at once, mutations too', async () => {
    const { client, sent } = subgraphWith(2);
    await client.execute(makeCall());
    await client.execute(makeCall());
    await expect(client.execute(makeCall())).rejects.toMatchObject(refused);
    const mutation = makeCall({ operation: makeOperation('mutation { a }', 'mutation') });
    await expect(client.execute(mutation)).rejects.toMatchObject(refused);
    expect(sent()).toBe(2);
  });

  test('names no subgraph to clients', async () => {
    const { client } = subgraphWith(0);
    const error: unknown = await client.execute(makeCall()).catch((reason: unknown) => reason);
    expect((error as PorticoError).clientMessage).toBe('A service is asked too often at the moment');
  });

  test('counts retries, and one that it refuses ends the call with what it failed with', async () => {
    const { client, sent } = subgraphWith(1, { retry: { maxAttempts: 3, intervalMs: 1 } }, down);
    await expect(client.execute(makeCall())).rejects.toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' });
    expect(sent()).toBe(1);
    await expect(client.execute(makeCall())).rejects.toMatchObject(refused);
    expect(sent()).toBe(1);
  });

  test('is no reason for a breaker to open, and is asked nothing while one is open', async () => {
    const { client, traffic, left } = subgraphWith(0, { breaker: { volumeThreshold: 1, errorThreshold: 1 } });
    for (let call = 0; call < 30; call++) await expect(client.execute(makeCall())).rejects.toMatchObject(refused);
    const breaker = traffic.findBreaker({ subgraph: 'stock' })!;
    expect(breaker.state).toBe('closed');
    breaker.forceOpen();
    const asked = left();
    await expect(client.execute(makeCall())).rejects.toMatchObject({ code: 'SUBGRAPH_CIRCUIT_OPEN' });
    expect(left()).toBe(asked);
  });

  test('counts identical queries that share a call once', async () => {
    const { client, sent } = subgraphWith(1, { dedupe: true });
    await Promise.all([1, 2, 3].map(() => client.execute(makeCall())));
    expect(sent()).toBe(1);
  });

  test('tells whoever listens', async () => {
    const told: unknown[] = [];
    const stop = rateCeilingRejections.subscribe((message) => told.push(message));
    const { client } = subgraphWith(0);
    await client.execute(makeCall()).catch(() => {});
    stop();
    expect(told).toEqual([{ subgraph: 'stock', retryInMs: 700 }]);
  });
});
