import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { RetryBudget } from '../../../src/upstream/resilience/RetryBudget.js';
import { DEFAULT_RETRY_OPTIONS, withRetry } from '../../../src/upstream/resilience/withRetry.js';
import type { RetryOptions } from '../../../src/upstream/resilience/withRetry.js';
import type { SubgraphCall, SubgraphReply } from '../../../src/upstream/SubgraphClient.js';
import { handClock } from '../../support/handClock.js';
import { makeCall, makeOperation } from '../../support/subgraphCall.js';

const OK: SubgraphReply = {
  data: { ok: true },
  errors: undefined,
  extensions: undefined,
  status: 200,
  headers: {},
  shared: false,
};
const reset = new PorticoError('SUBREQUEST_HTTP_ERROR', 'reset', { details: { reason: 'reset' } });
const busy = (retryAfter?: string, status = 503): SubgraphReply => ({
  ...OK,
  data: null,
  status,
  headers: { 'retry-after': retryAfter },
});

/** A client that ends its calls as told, one after the other; the last way again and again. */
function clientWith(ends: ReadonlyArray<SubgraphReply | PorticoError>, options: Partial<RetryOptions> = {}) {
  const clock = handClock();
  const calls: SubgraphCall[] = [];
  const sentAt: number[] = [];
  const next = {
    name: 'a',
    execute(call: SubgraphCall) {
      const end = ends[Math.min(calls.length, ends.length - 1)]!;
      calls.push(call);
      sentAt.push(clock.monotonic());
      return end instanceof PorticoError ? Promise.reject(end) : Promise.resolve(end);
    },
    close: () => Promise.resolve(),
  };
  const all = { ...DEFAULT_RETRY_OPTIONS, maxAttempts: 4, jitter: false, ...options };
  const budget = new RetryBudget({ percent: 100, minRetries: 100 }, clock);
  const client = withRetry(next, all, { budget, clock, random: () => 0.5 });
  /** Runs a call to its end, turning the clock by a millisecond whenever nothing else happens. */
  const run = async (call = makeCall()): Promise<{ reply?: SubgraphReply; error?: unknown }> => {
    let end: { reply?: SubgraphReply; error?: unknown } | undefined;
    client.execute(call).then(
      (reply) => (end = { reply }),
      (error: unknown) => (end = { error }),
    );
    for (let turns = 0; end === undefined && turns < 20_000; turns++) {
      for (let tick = 0; tick < 6; tick++) await Promise.resolve();
      clock.turn(1);
    }
    return end ?? {};
  };
  const pauses = (): number[] => sentAt.slice(1).map((at, index) => at - sentAt[index]! - 1);
  return { run, calls, pauses: () => pauses().map((pause) => Math.max(0, pause)) };
}

describe('withRetry', () => {
  it('doubles its pauses up to ten times the first', async () => {
    const { run, pauses } = clientWith([reset], { maxAttempts: 7, intervalMs: 20 });
    expect((await run()).error).toBe(reset);
    const expected = [20, 40, 80, 160, 200, 200];
    for (const [index, pause] of pauses().entries()) expect(Math.abs(pause - expected[index]!)).toBeLessThanOrEqual(2);
    expect(pauses()).toHaveLength(6);
  });

  it('spreads its pauses with full jitter', async () => {
    const { run, pauses } = clientWith([reset, OK], { intervalMs: 100, jitter: true });
    expect((await run()).reply).toBe(OK);
    expect(Math.abs(pauses()[0]! - 50)).toBeLessThanOrEqual(2);
  });

  it('RETRY-08 waits as long as it is told, and not at all when that is longer than it has', async () => {
    const patient = clientWith([busy('2'), OK]);
    expect((await patient.run()).reply).toBe(OK);
    expect(patient.pauses()[0]).toBeGreaterThanOrEqual(1997);
    const hasty = clientWith([busy('2'), OK]);
    const end = await hasty.run(makeCall({ lifetime: new Lifetime(1500) }));
    expect([end.reply?.status, hasty.calls.length]).toEqual([503, 1]);
    const bounded = clientWith([busy('2'), OK], { maxDurationMs: 1000 });
    expect([(await bounded.run()).reply?.status, bounded.calls.length]).toEqual([503, 1]);
  });

  it('repeats a 429 only when it says when', async () => {
    const silent = clientWith([busy(undefined, 429), OK]);
    expect([(await silent.run()).reply?.status, silent.calls.length]).toEqual([429, 1]);
    const telling = clientWith([busy('1', 429), OK]);
    expect((await telling.run()).reply).toBe(OK);
  });

  it.each([
    ['a status nobody chose', busy(undefined, 500)],
    ['a bad certificate', new PorticoError('SUBREQUEST_HTTP_ERROR', '', { details: { reason: 'tls' } })],
    ['an unusable body', new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', '')],
    ['a full queue', new PorticoError('OVERLOADED', '')],
    ['an open breaker', new PorticoError('SUBGRAPH_CIRCUIT_OPEN', '')],
    ['a request without time', new PorticoError('GATEWAY_TIMEOUT', '')],
  ])('sends nothing again after %s', async (_title, end) => {
    const { run, calls } = clientWith([end]);
    await run();
    expect(calls).toHaveLength(1);
  });

  it('RETRY-02 sends a mutation once', async () => {
    const { run, calls } = clientWith([reset, OK]);
    expect((await run(makeCall({ operation: makeOperation('mutation { a }', 'mutation') }))).error).toBe(reset);
    expect(calls).toHaveLength(1);
  });

  it('numbers its attempts, and ends with the last failure', async () => {
    const { run, calls } = clientWith([reset, busy(), reset], { maxAttempts: 3 });
    expect((await run()).error).toBe(reset);
    expect(calls.map(({ attempt }) => attempt)).toEqual([undefined, 2, 3]);
  });

  it('ends at once when its caller leaves during a pause', async () => {
    const call = makeCall();
    const { run, calls } = clientWith([busy('5'), OK]);
    const ending = run(call);
    for (let tick = 0; tick < 10; tick++) await Promise.resolve();
    call.lifetime.end('cancelled');
    expect((await ending).error).toMatchObject({ code: 'REQUEST_CANCELLED' });
    expect(calls).toHaveLength(1);
  });
});
