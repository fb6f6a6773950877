import { expect, test } from 'vitest';

import { RedisLimiter } from '../../../src/request/ratelimit/redis/RedisLimiter.js';
import { claim, group, rule } from './rules.js';

test('what other slots took is given back when one slot does not answer', async () => {
  const evaluated: Array<{ readonly keys: readonly string[]; readonly args: ReadonlyArray<string | number> }> = [];
  const limiter = new RedisLimiter({
    keyPrefix: '',
    scripts: {
      slotOf: (key) => (key.includes('down') ? 1 : 0),
      evaluate: (_script, keys, args) => {
        if (keys[0]!.includes('down')) return Promise.reject(new Error('out of reach'));
        evaluated.push({ keys, args });
        // Its clock, then of the group what is granted, and of the claim remaining, retry after and reset.
        return Promise.resolve(['1000', 2, 3, 0, 10_000]);
      },
    },
  });
  const [here, there] = [claim(rule(), { key: 'up', cost: 3 }), claim(rule(), { key: 'down' })];
  await expect(limiter.spend([group([here, there], { units: 2 })])).rejects.toThrow('out of reach');
  const [spent, given] = evaluated;
  expect(spent!.keys).toEqual(['{up}:Mutation.login']);
  expect(given!.keys).toEqual(spent!.keys);
  // Units and when they were taken.
  expect(given!.args.slice(-2)).toEqual([-6, 1000]);
});
