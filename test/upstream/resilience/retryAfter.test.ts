import { describe, expect, it } from 'vitest';

import { retryAfterMs } from '../../../src/upstream/resilience/retryAfter.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After (RETRY-08)', () => {
  it.each<[unknown, number | undefined]>([
    ['1', 1000],
    [' 3600 ', 3_600_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['9'.repeat(30), undefined],
    ['2026-01-01', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
    [5, undefined],
  ])('%j asks for %j ms', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });
});
