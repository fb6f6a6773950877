import { describe, expect, it } from 'vitest';

import { createClients } from '../../src/upstream/createClients.js';
import { TrafficRegistry } from '../../src/upstream/resilience/TrafficRegistry.js';
import type { TrafficOptions } from '../../src/upstream/TrafficOptions.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';
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
