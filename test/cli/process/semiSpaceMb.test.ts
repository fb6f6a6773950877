import { expect, it } from 'vitest';

import { semiSpaceMb } from '../../../src/cli/process/semiSpaceMb.js';

const GB = 1024 ** 3;

it.each([
  [0.25 * GB, 16],
  [0.5 * GB, 16],
  [1 * GB, 32],
  [2 * GB, 64],
  [64 * GB, 64],
])('of %d bytes of memory, one semi-space gets %d MB', (limit, expected) => expect(semiSpaceMb(limit)).toBe(expected));

it('is found for this machine', () => expect([16, 32, 64]).toContain(semiSpaceMb()));
