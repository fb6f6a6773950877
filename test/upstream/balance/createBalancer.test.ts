import { afterEach, describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { notices } from '../../../src/base/telemetry/channels.js';
import { createBalancer } from '../../../src/upstream/balance/createBalancer.js';
import type { BalanceOptions } from '../../../src/upstream/balance/createBalancer.js';
import { createHealthRegistry } from '../../../src/upstream/balance/HealthRegistry.js';
import type { HealthRegistry } from '../../../src/upstream/balance/HealthRegistry.js';
import type { HealthSettings } from '../../../src/upstream/balance/SubgraphHealth.js';
import type { Probe } from '../../../src/upstream/balance/Prober.js';
import type { SubgraphCall, SubgraphClient } from '../../../src/upstream/SubgraphClient.js';
import { createInProcessClient } from '../../../src/upstream/inProcessClient.js';
import { makeCall } from '../../support/subgraphCall.js';
import { turnableClock } from '../../support/turnableClock.js';

const OUTLIERS = {
  consecutiveErrors: 3,
  errorThreshold: 50,
  volumeThreshold: 10,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 100_000,
  maxEjectionPercent: 50,
};
const PROBES = { intervalMs: 10_000, timeoutMs: 1000, healthyThreshold: 2, unhealthyThreshold: 3 };

const stops: Array<() => void> = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function linesOf(): string[] {
  const lines: string[] = [];
  stops.push(
    notices.subscribe(({ message, details }) =>
      lines.push(`${message} ${String(details?.['endpoint'] ?? details?.['group'])}`),
    ),
  );
  return lines;
}

/** Endpoints by letter; what each does with a call is decided by the test. */
function bench(
  letters: string,
  settings: HealthSettings = {},
  balance: Partial<BalanceOptions> = {},
  groups: Record<string, string> = {},
) {
  const clock = turnableClock();
  const registry = createHealthRegistry(clock, () => 0.5);
  const broken = new Set<string>();
  const sick = new Set<string>();
  const used: string[] = [];
  const open = (from: HealthRegistry = registry): SubgraphClient => {
    const endpoints = [...letters].map((letter) => ({
      url: `http://${letter}/`,
      group: groups[letter],
      client: createInProcessClient({
        name: 's',
        answer: () => {
          used.push(letter);
          if (broken.has(letter))
            throw new PorticoError('SUBREQUEST_HTTP_ERROR', 'x', { details: { reason: 'refused' } });
          return { data: letter };
        },
      }),
    }));
    const probes = [...letters].map(
      (letter): Probe =>
        () =>
          sick.has(letter) ? Promise.reject(new Error('sick')) : Promise.resolve(),
    );
    const watched = settings.healthCheck !== undefined || settings.outlierDetection !== undefined;
    return createBalancer({
      name: 's',
      endpoints,
      balance: { algorithm: 'round_robin', panicThreshold: 0, ...balance },
      health: watched ? from.acquire('s', endpoints, settings, probes) : undefined,
      fairMs: 1000,
    });
  };
  const client = open();
  /** What the next calls go to. */
  const next = async (count: number, call: Partial<SubgraphCall> = {}, by = client): Promise<string> => {
    used.length = 0;
    for (let at = 0; at < count; at++) await by.execute(makeCall(call)).catch(() => {});
    return used.join('');
  };
  /** Lets probes that are due run. */
  const probe = async (ms: number): Promise<void> => {
    clock.turn(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, broken, sick, client, next, probe, open };
}

describe('a call', () => {
  it('goes to the endpoints in turn', async () => {
    expect(await bench('abc').next(6)).toBe('abcabc');
  });

  it('with an affinity goes to one endpoint, whatever the algorithm', async () => {
    for (const algorithm of ['round_robin', 'least_requests', 'hash'] as const) {
      const { next } = bench('abc', {}, { algorithm });
      const of = (affinity: string): Promise<string> => next(3, { route: { group: undefined, affinity } });
      const endpoints: string[] = [];
      for (const user of ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8']) {
        const answered = await of(user);
        expect(new Set(answered).size).toBe(1);
        endpoints.push(answered[0]!);
      }
      expect(new Set(endpoints).size).toBeGreaterThan(1);
    }
  });

  it('goes to its group; one of a group that does not exist, or without a route, to the default', async () => {
    const { next } = bench('abc', {}, {}, { c: 'canary' });
    expect(await next(2, { route: { group: 'canary', affinity: undefined } })).toBe('cc');
    expect(await next(4)).toBe('abab');
    expect(await next(2, { route: { group: 'elsewhere', affinity: undefined } })).toBe('ab');
  });

  it('that is repeated goes to endpoints that have not had it, while there are some', async () => {
    const { client, broken } = bench('abc');
    for (const letter of 'abc') broken.add(letter);
    const tried: string[] = [];
    for (let attempt = 0; attempt < 4; attempt++) await client.execute(makeCall({ tried })).catch(() => {});
    expect(new Set(tried.slice(0, 3))).toEqual(new Set(['http://a/', 'http://b/', 'http://c/']));
    expect(tried).toHaveLength(4);
  });

  it("that an endpoint's breaker refused goes to another one, and fails when all refuse", async () => {
    const open = new Set(['http://a/', 'http://b/']);
    let sent = 0;
    const endpoints = ['a', 'b', 'c'].map((letter) => ({
      url: `http://${letter}/`,
      client: createInProcessClient({
        name: 's',
        answer: () => {
          if (open.has(`http://${letter}/`)) throw new PorticoError('SUBGRAPH_CIRCUIT_OPEN', 'open');
          sent++;
          return { data: letter };
        },
      }),
    }));
    const client = createBalancer({
      name: 's',
      endpoints,
      balance: { algorithm: 'round_robin', panicThreshold: 0 },
      fairMs: 1,
    });
    for (let at = 0; at < 3; at++) expect(await client.execute(makeCall())).toMatchObject({ data: 'c' });
    expect(sent).toBe(3);
    open.add('http://c/');
    await expect(client.execute(makeCall())).rejects.toMatchObject({ code: 'SUBGRAPH_CIRCUIT_OPEN' });
  });
});

describe('outlier detection', () => {
  it('ejects after consecutive errors, for a time that grows and is capped', async () => {
    const lines = linesOf();
    const { next, broken, clock } = bench('ab', { outlierDetection: OUTLIERS });
    broken.add('b');
    expect(await next(6)).toBe('ababab');
    for (const ejectedMs of [30_000, 60_000, 90_000, 100_000, 100_000]) {
      expect(await next(4)).toBe('aaaa');
      clock.turn(ejectedMs - 1);
      expect(await next(2)).toBe('aa');
      clock.turn(1);
      expect((await next(8)).replaceAll('a', '')).toBe('bbb');
    }
    broken.clear();
    clock.turn(100_000);
    expect(await next(4)).toMatch(/^(abab|baba)$/);
    expect(lines.slice(0, 2)).toEqual(['An endpoint is ejected http://b/', 'An endpoint is in use again http://b/']);
    expect(lines).toHaveLength(12);
  });

  it('starts with the shortest time again after a long good while', async () => {
    const { next, broken, clock } = bench('ab', { outlierDetection: OUTLIERS });
    broken.add('b');
    await next(6);
    clock.turn(30_000);
    broken.clear();
    await next(6);
    clock.turn(100_001);
    broken.add('b');
    await next(8);
    clock.turn(30_000);
    expect(await next(2)).toContain('b');
  });

  it('ejects by the share of errors once there are enough calls', async () => {
    const { next, broken } = bench('ab', { outlierDetection: { ...OUTLIERS, consecutiveErrors: 0 } });
    broken.add('b');
    expect(await next(18)).toBe('ab'.repeat(9));
    expect(await next(2)).toBe('ab');
    expect(await next(4)).toBe('aaaa');
  });

  it('does not count what is not the fault of the endpoint', async () => {
    const refusals: PorticoError[] = [
      new PorticoError('SUBREQUEST_HTTP_ERROR', 'x', { details: { reason: 'status', status: 404 } }),
      new PorticoError('SUBREQUEST_HTTP_ERROR', 'x', { details: { reason: 'unsendable' } }),
      new PorticoError('REQUEST_CANCELLED', 'x'),
      // The caller had no time left when the call came.
      new PorticoError('GATEWAY_TIMEOUT', 'x'),
      new PorticoError('OVERLOADED', 'x'),
    ];
    const used: string[] = [];
    const endpoints = ['a', 'b'].map((letter) => ({
      url: `http://${letter}/`,
      client: createInProcessClient({
        name: 's',
        answer: () => {
          used.push(letter);
          throw refusals[used.length % refusals.length]!;
        },
      }),
    }));
    const health = createHealthRegistry(turnableClock()).acquire('s', endpoints, { outlierDetection: OUTLIERS }, []);
    const client = createBalancer({
      name: 's',
      endpoints,
      balance: { algorithm: 'round_robin', panicThreshold: 0 },
      health,
      fairMs: 60_000,
    });
    for (let call = 0; call < 40; call++) await client.execute(makeCall()).catch(() => {});
    expect(used.join('')).toBe('ab'.repeat(20));
  });

  it('ejects no more than allowed, one of two all the same, and never the last one', async () => {
    const { next, broken } = bench('abcd', { outlierDetection: OUTLIERS });
    for (const letter of 'abcd') broken.add(letter);
    await next(40);
    expect(new Set(await next(8)).size).toBe(2);
    const pair = bench('ab', { outlierDetection: { ...OUTLIERS, maxEjectionPercent: 10 } });
    for (const letter of 'ab') pair.broken.add(letter);
    await pair.next(40);
    expect(new Set(await pair.next(8)).size).toBe(1);
    const alone = bench('a', { outlierDetection: OUTLIERS });
    alone.broken.add('a');
    await alone.next(10);
    expect(await alone.next(1)).toBe('a');
  });
});

describe('health checks', () => {
  it('take an endpoint out at the first probe, and back after two good ones', async () => {
    const lines = linesOf();
    const { next, sick, probe } = bench('abc', { healthCheck: PROBES });
    sick.add('b');
    await probe(0);
    expect(await next(4)).toBe('acac');
    sick.clear();
    await probe(11_000);
    expect(await next(2)).toBe('ac');
    await probe(11_000);
    expect((await next(3)).split('').sort().join('')).toBe('abc');
    expect(lines).toEqual(['An endpoint is down http://b/', 'An endpoint is in use again http://b/']);
  });

  it('need three bad probes in a row for one that was well', async () => {
    const { next, sick, probe } = bench('ab', { healthCheck: PROBES });
    await probe(0);
    sick.add('b');
    await probe(11_000);
    await probe(11_000);
    sick.clear();
    await probe(11_000);
    sick.add('b');
    await probe(11_000);
    await probe(11_000);
    expect(await next(4)).toBe('abab');
    await probe(11_000);
    expect(await next(4)).toBe('aaaa');
  });

  it('keep what they know over a reload, and stop with the last generation', async () => {
    const { next, sick, probe, open, client, clock } = bench('ab', { healthCheck: PROBES, outlierDetection: OUTLIERS });
    sick.add('b');
    await probe(0);
    const reloaded = open();
    await client.close();
    expect(await next(4, {}, reloaded)).toBe('aaaa');
    sick.clear();
    await probe(11_000);
    await probe(11_000);
    expect(await next(4, {}, reloaded)).toContain('b');
    expect(clock.scheduled).toBe(2);
    await reloaded.close();
    expect(clock.scheduled).toBe(0);
  });

  it('CB-14 leave no timer behind, however many generations there are', async () => {
    const { open, client, clock, broken, next } = bench('ab', { healthCheck: PROBES, outlierDetection: OUTLIERS });
    broken.add('b');
    await next(6);
    for (let generation = 0; generation < 1000; generation++) await open().close();
    expect(clock.scheduled).toBe(3);
    await client.close();
    expect(clock.scheduled).toBe(0);
  });
});

describe('panic', () => {
  it('uses all endpoints when fewer than the threshold are available, says so once, and ends', async () => {
    const lines = linesOf();
    const { next, sick, probe } = bench('abcd', { healthCheck: PROBES }, { panicThreshold: 50 });
    sick.add('a').add('b');
    await probe(0);
    expect(await next(4)).toBe('cdcd');
    sick.add('c');
    for (let round = 0; round < 3; round++) await probe(11_000);
    expect(new Set(await next(8)).size).toBe(4);
    sick.clear();
    await probe(11_000);
    await probe(11_000);
    expect(lines.filter((line) => /Too few|Enough/.test(line))).toEqual([
      'Too few endpoints are available: all are used, whatever is known of them default',
      'Enough endpoints are available again default',
    ]);
  });

  it('uses all when none is available, whatever the threshold', async () => {
    const { next, sick, probe } = bench('ab', { healthCheck: PROBES });
    sick.add('a').add('b');
    await probe(0);
    expect(await next(4)).toMatch(/^(abab|baba)$/);
  });

  it('a group without an available endpoint hands its calls to the default', async () => {
    const { next, sick, probe } = bench('abc', { healthCheck: PROBES }, {}, { c: 'canary' });
    const canary = { route: { group: 'canary', affinity: undefined } };
    await probe(0);
    expect(await next(2, canary)).toBe('cc');
    sick.add('c');
    for (let round = 0; round < 3; round++) await probe(11_000);
    expect(await next(4, canary)).toMatch(/^(abab|baba)$/);
  });
});
