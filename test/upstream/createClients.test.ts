import { describe, expect, it } from 'vitest';

import type { PorticoError } from '../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { createClients } from '../../src/upstream/createClients.js';
import { TrafficRegistry } from '../../src/upstream/resilience/TrafficRegistry.js';
import type { TrafficOptions } from '../../src/upstream/TrafficOptions.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';
import { handClock } from '../support/handClock.js';
import { makeCall } from '../support/subgraphCall.js';

const targets = [
  { name: 'a', url: 'http://a.invalid/graphql' },
  { name: '__proto__', url: 'http://b.invalid/graphql' },
];

describe('createClients', () => {
  it('makes one client per subgraph, whatever its name', async () => {
    const clients = createClients(targets);
    expect([...clients.keys()]).toEqual(['a', '__proto__']);
    expect(clients.get('__proto__')!.name).toBe('__proto__');
    await Promise.all([...clients.values()].map((client) => client.close()));
  });

  it('takes the options of a subgraph over those of all, and those over the defaults', () => {
    const seen = new Map<string, TrafficOptions>();
    createClients(targets, {
      all: { timeoutMs: 500, connections: 7 },
      bySubgraph: new Map([['a', { timeoutMs: 200 }]]),
      sender: ({ name }, traffic) => {
        seen.set(name, traffic);
        return createInProcessClient({ name, answer: () => ({}) });
      },
    });
    expect(seen.get('a')).toMatchObject({ timeoutMs: 200, connections: 7, dedupe: true, maxResponseBytes: 10_000_000 });
    expect(seen.get('__proto__')).toMatchObject({ timeoutMs: 500, connections: 7 });
  });

  it.each([
    [true, 1],
    [false, 2],
  ])('shares identical queries when dedupe is %s: %i calls', async (dedupe, expected) => {
    let calls = 0;
    const client = createClients([targets[0]!], {
      all: { dedupe },
      sender: ({ name }) => createInProcessClient({ name, answer: () => ({ data: ++calls }) }),
    }).get('a')!;
    await Promise.all([client.execute(makeCall()), client.execute(makeCall())]);
    expect(calls).toBe(expected);
  });

  it('tells what stands in for a subgraph apart from it: its own breaker is found by its name', async () => {
    const traffic = new TrafficRegistry();
    const [own] = createClients([targets[0]!], { traffic }).values();
    const [stand] = createClients([{ name: 'a', url: 'http://b.invalid/graphql', isStandIn: true }], {
      traffic,
    }).values();
    expect(traffic.breakers().map(({ scope }) => scope)).toEqual([
      { subgraph: 'a' },
      { subgraph: 'a', endpoint: 'http://b.invalid/graphql' },
    ]);
    traffic.findBreaker({ subgraph: 'a' })!.forceOpen();
    expect(traffic.breakers().map(({ state }) => state)).toEqual(['forced_open', 'closed']);
    await Promise.all([own!.close(), stand!.close()]);
    expect(traffic.breakers()).toEqual([]);
  });

  it('TIME-08 gives each subgraph its own time, shorter or longer than that of all', async () => {
    const clock = handClock();
    const clients = createClients(targets, {
      all: { timeoutMs: 3000, dedupe: false },
      bySubgraph: new Map([
        ['a', { timeoutMs: 200 }],
        ['__proto__', { timeoutMs: 9000 }],
      ]),
      clock,
      sender: ({ name }) => createInProcessClient({ name, answer: () => new Promise(() => {}) }),
    });
    const ended: unknown[] = [];
    for (const client of clients.values()) {
      client
        .execute(makeCall({ lifetime: new Lifetime(10_000, clock) }))
        .catch(({ code, details }: PorticoError) => ended.push([client.name, code, details['timeoutMs']]));
    }
    const after = async (ms: number): Promise<unknown[]> => {
      clock.turn(ms);
      await new Promise((resolve) => void setImmediate(resolve));
      return [...ended];
    };
    expect(await after(199)).toEqual([]);
    expect(await after(1)).toEqual([['a', 'SUBGRAPH_TIMEOUT', 200]]);
    expect(await after(8799)).toHaveLength(1);
    expect(await after(1)).toContainEqual(['__proto__', 'SUBGRAPH_TIMEOUT', 9000]);
  });

  it('SHED-05 has as many places when answers take four times as long, and afterwards: the ceiling does not move by itself', async () => {
    const clock = handClock();
    let tookMs = 50;
    const answer = () => new Promise<object>((resolve) => clock.schedule(() => resolve({ data: {} }), tookMs));
    const [client] = createClients([targets[0]!], {
      all: { dedupe: false, concurrency: { max: 4, queue: 0 } },
      clock,
      sender: ({ name }) => createInProcessClient({ name, answer }),
    }).values();
    for (tookMs of [50, 200, 50]) {
      const asked = Array.from({ length: 6 }, () => client!.execute(makeCall({ lifetime: new Lifetime(9000, clock) })));
      const settled = Promise.allSettled(asked);
      await new Promise((resolve) => void setImmediate(resolve));
      clock.turn(tookMs);
      const codes = (await settled).map((each) => each.status === 'rejected' && (each.reason as PorticoError).code);
      expect(codes).toEqual([false, false, false, false, 'OVERLOADED', 'OVERLOADED']);
    }
  });

  it('puts the deadline around whatever sends', async () => {
    const client = createClients([targets[0]!], {
      all: { timeoutMs: 20 },
      sender: ({ name }) => createInProcessClient({ name, answer: () => new Promise(() => {}) }),
    }).get('a')!;
    await expect(client.execute(makeCall())).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
  });

  it.each(['ftp://a/graphql', 'not a url', 'http://user:secret@a/graphql'])(
    'refuses the URL %s without repeating it',
    (url) => {
      expect(() => createClients([{ name: 'a', url }])).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
      );
      expect(() => createClients([{ name: 'a', url }])).not.toThrow(/secret/);
    },
  );
});
