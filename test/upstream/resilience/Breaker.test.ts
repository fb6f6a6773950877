import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { circuitTransitions } from '../../../src/base/telemetry/channels.js';
import { Breaker, DEFAULT_BREAKER_OPTIONS, REFUSED } from '../../../src/upstream/resilience/Breaker.js';
import type { Outcome } from '../../../src/upstream/resilience/Breaker.js';
import { handClock } from '../../support/handClock.js';

function makeBreaker(options: Partial<typeof DEFAULT_BREAKER_OPTIONS> = {}) {
  const clock = handClock();
  const breaker = new Breaker({ subgraph: 'chaos' }, { ...DEFAULT_BREAKER_OPTIONS, ...options }, clock);
  const run = (outcome: Outcome, times = 1): void => {
    for (let time = 0; time < times; time++) breaker.settle(breaker.admit(), outcome);
  };
  const opened = (): void => {
    run('failure', 20);
    expect(breaker.state).toBe('open');
  };
  return { clock, breaker, run, opened };
}

describe('a breaker opens', () => {
  it('CB-02 not at the first failure, and CB-01 not at nineteen', () => {
    const { breaker, run } = makeBreaker();
    run('failure', 19);
    expect(breaker.state).toBe('closed');
    run('failure');
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toBe(REFUSED);
  });

  it.each([
    ['failures last', ['success', 'failure']],
    ['failures first', ['failure', 'success']],
  ] as const)('CB-01 when ten of twenty failed, %s; nine are not enough', (_title, [first, then]) => {
    const half = makeBreaker();
    half.run(first, 10);
    half.run(then, 10);
    expect(half.breaker.state).toBe('open');
    const less = makeBreaker();
    less.run(first, first === 'failure' ? 9 : 11);
    less.run(then, then === 'failure' ? 9 : 11);
    expect(less.breaker.state).toBe('closed');
  });

  it('not because of failures before its window', async () => {
    const { breaker, run, clock } = makeBreaker();
    run('failure', 19);
    clock.turn(11_000);
    run('failure', 19);
    expect(breaker.state).toBe('closed');
  });

  it('CB-06 not because of what says nothing, which does not dilute the rate either', () => {
    const { breaker, run } = makeBreaker();
    run('neutral', 1000);
    run('success', 10);
    run('failure', 9);
    run('neutral', 1000);
    expect(breaker.state).toBe('closed');
    run('failure');
    expect(breaker.state).toBe('open');
  });
});

describe('an open breaker', () => {
  it('CB-03 lets three probes through after its pause, however many ask, and closes after two successes', async () => {
    const { breaker, opened, clock } = makeBreaker();
    opened();
    clock.turn(4999);
    expect(breaker.wouldAdmit()).toBe(false);
    clock.turn(1);
    const tickets = Array.from({ length: 500 }, () => breaker.admit()).filter((ticket) => ticket !== REFUSED);
    expect(tickets).toHaveLength(3);
    breaker.settle(tickets[0]!, 'success');
    expect(breaker.state).toBe('half_open');
    expect(breaker.admit()).toBe(REFUSED);
    breaker.settle(tickets[1]!, 'success');
    expect(breaker.state).toBe('closed');
    breaker.settle(tickets[2]!, 'failure');
    expect(breaker.state).toBe('closed');
  });

  it('CB-03 is opened again by one failed probe, for its whole pause', async () => {
    const { breaker, opened, run, clock } = makeBreaker();
    opened();
    clock.turn(5000);
    run('success');
    run('failure');
    expect(breaker.state).toBe('open');
    clock.turn(4999);
    expect(breaker.admit()).toBe(REFUSED);
    clock.turn(1);
    run('success', 2);
    expect(breaker.state).toBe('closed');
  });

  it('gives the place of a probe that said nothing to another', async () => {
    const { breaker, opened, run, clock } = makeBreaker();
    opened();
    clock.turn(5000);
    run('neutral', 10);
    run('success', 2);
    expect(breaker.state).toBe('closed');
  });

  it('CB-04 is not closed by calls that began before, when they succeed while it is open or half-open', async () => {
    const { breaker, opened, clock } = makeBreaker();
    const late = Array.from({ length: 10 }, () => breaker.admit());
    opened();
    for (const ticket of late.slice(0, 5)) breaker.settle(ticket, 'success');
    expect(breaker.state).toBe('open');
    clock.turn(5000);
    breaker.admit();
    for (const ticket of late.slice(5)) breaker.settle(ticket, 'success');
    expect(breaker.state).toBe('half_open');
  });

  it('forgets the failures that opened it when it closes', async () => {
    const { breaker, opened, run, clock } = makeBreaker({ resetTimeoutMs: 100 });
    opened();
    clock.turn(100);
    run('success', 2);
    run('failure', 19);
    expect(breaker.state).toBe('closed');
  });

  it('CB-10 recovers after one pause and its probes each time an upstream flaps', async () => {
    const { breaker, run, opened, clock } = makeBreaker();
    for (let flap = 0; flap < 10; flap++) {
      opened();
      for (let probe = 0; probe < 5; probe++) {
        clock.turn(5000);
        run('failure');
      }
      clock.turn(5000);
      run('success', 2);
      expect(breaker.state).toBe('closed');
      clock.turn(30_000);
    }
  });
});

describe('an operator', () => {
  it('keeps a breaker open or closed until it is released', async () => {
    const { breaker, run, clock } = makeBreaker();
    breaker.forceOpen();
    clock.turn(60_000);
    expect([breaker.state, breaker.admit()]).toEqual(['forced_open', REFUSED]);
    breaker.forceClosed();
    run('failure', 100);
    expect(breaker.state).toBe('forced_closed');
    breaker.release();
    run('failure', 19);
    expect(breaker.state).toBe('closed');
    run('failure');
    expect(breaker.state).toBe('open');
    breaker.release();
    expect(breaker.state).toBe('closed');
  });

  it('CB-12 is told of each transition once', async () => {
    const seen: string[] = [];
    const stop = circuitTransitions.subscribe(({ from, to, failures, calls }) =>
      seen.push(`${from} ${to} ${failures}/${calls}`),
    );
    const { run, opened, clock } = makeBreaker();
    opened();
    run('failure', 5);
    clock.turn(5000);
    run('success', 2);
    stop();
    expect(seen).toEqual(['closed open 20/20', 'open half_open 20/20', 'half_open closed 0/0']);
  });
});

it('does what a simple model does, on any timeline', async () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Outcome>('success', 'failure', 'neutral') },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (timeline) => {
      const options = { volumeThreshold: 4, rollingWindowMs: 1000, resetTimeoutMs: 300, halfOpenAttempts: 2 };
      const { breaker, clock } = makeBreaker({ ...options, requiredSuccesses: 2 });
      let state = 'closed';
      let window: Array<{ bucket: number; failed: boolean }> = [];
      let openUntil = 0;
      let successes = 0;
      for (const each of timeline) {
        if (typeof each === 'number') {
          clock.turn(each);
          continue;
        }
        const now = clock.monotonic();
        if (state === 'open' && now >= openUntil) [state, successes] = ['half_open', 0];
        const ticket = breaker.admit();
        expect(ticket === REFUSED).toBe(state === 'open');
        breaker.settle(ticket, each);
        if (state === 'half_open') {
          if (each === 'failure') [state, openUntil] = ['open', now + 300];
          else if (each === 'success' && ++successes === 2) [state, window] = ['closed', []];
        } else if (state === 'closed' && each !== 'neutral') {
          const bucket = Math.floor(now / 100);
          window.push({ bucket, failed: each === 'failure' });
          window = window.filter((old) => old.bucket > bucket - 10);
          const failures = window.filter(({ failed }) => failed).length;
          if (window.length >= 4 && failures / window.length >= 0.5) [state, openUntil] = ['open', now + 300];
        }
        expect(breaker.state).toBe(state);
      }
    }),
    { numRuns: 200 },
  );
});
