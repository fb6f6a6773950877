import { describe, expect, it } from 'vitest';

import { behaviourOf, failures, fateOf, latencies } from '../../../src/cli/mock/MockScript.js';

describe('a script for mocks', () => {
  it('says it for all, and for one subgraph before that', () => {
    const script = [...latencies('50ms..200ms', []), ...latencies('reviews=1s', []), ...failures('0.5', [])];
    expect(behaviourOf(script, 'reviews')).toEqual({ latencyMs: [1000, 1000], failures: 0.5 });
    expect(behaviourOf(script, 'users')).toEqual({ latencyMs: [50, 200], failures: 0.5 });
    expect(behaviourOf([], 'users')).toEqual({ latencyMs: [0, 0], failures: 0 });
  });

  it('refuses what is no duration and no share', () => {
    for (const text of ['', '5', '5ms..', '9ms..5ms', '1s..2s..3s', 'reviews=', '11m', '700s'])
      expect(() => latencies(text, [])).toThrow('Write a duration');
    for (const text of ['', 'x', '-1', '1.1', 'reviews=']) expect(() => failures(text, [])).toThrow('Write a share');
  });

  it('lets the same calls fail in every run, about as many as were asked for', () => {
    const behaviour = { latencyMs: [10, 20], failures: 0.25 } as const;
    const fates = Array.from({ length: 1000 }, (_, count) => fateOf(behaviour, '1', 'reviews', count));
    expect(fates).toEqual(Array.from({ length: 1000 }, (_, count) => fateOf(behaviour, '1', 'reviews', count)));
    const failed = fates.filter(({ fails }) => fails).length;
    expect(failed).toBeGreaterThan(180);
    expect(failed).toBeLessThan(320);
    for (const { delayMs } of fates) expect(delayMs >= 10 && delayMs <= 20).toBe(true);
  });
});
