import type { LimitRule } from '../LimitRule.js';

import { createFixedWindow } from './fixedWindow.js';
import type { Meter } from './Meter.js';
import { createSlidingWindow } from './slidingWindow.js';
import { createTokenBucket } from './tokenBucket.js';

/** The meter of a rule's algorithm. */
export function createMeter(rule: LimitRule): Meter<unknown> {
  switch (rule.algorithm) {
    case 'sliding_window':
      return createSlidingWindow(rule) as Meter<unknown>;
    case 'token_bucket':
      return createTokenBucket(rule) as Meter<unknown>;
    case 'fixed_window':
      return createFixedWindow(rule) as Meter<unknown>;
  }
}
