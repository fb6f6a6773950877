import type { z } from 'zod';

import { duration } from '../../values/quantity.js';

export const DEFAULT_TIMEOUT_MS = 3000;
export const DEFAULT_CONNECT_MS = 1000;
/** Bounds of everything that waits for a whole answer. */
export const TIMEOUT = { min: '10ms', max: '10m' };

const timeout = duration(TIMEOUT).meta({
  description:
    'Time of one call to a subgraph: waiting for a place and a socket, connecting, every attempt, the whole answer.',
  examples: ['2s'],
});
const connectTimeout = duration({ min: '10ms', max: '1m' }).meta({
  description: 'Time to look up the host, connect, and shake hands (TLS).',
  examples: ['500ms'],
});
const responseHeaderTimeout = duration(TIMEOUT).meta({
  description: 'Time from sending a call until the head of its answer has come. Without it only `timeout` counts.',
  examples: ['1s'],
});

/** How long parts of a call may take. */
export const times = {
  all: {
    timeout: timeout.prefault(`${DEFAULT_TIMEOUT_MS / 1000}s`),
    connect_timeout: connectTimeout.prefault(`${DEFAULT_CONNECT_MS / 1000}s`),
    response_header_timeout: responseHeaderTimeout.optional(),
  },
  one: {
    timeout: timeout.optional(),
    connect_timeout: connectTimeout.optional(),
    response_header_timeout: responseHeaderTimeout.optional(),
  },
};

/** What is checked of one place (`all`, or a subgraph) against the whole. */
export interface TimesCheck {
  readonly path: readonly string[];
  readonly timeout: number | undefined;
  readonly connect_timeout: number | undefined;
  readonly response_header_timeout: number | undefined;
}

/** Refuses times that can never count. `outer`: of the whole request, and of a call that says nothing of its own. */
export function checkTimes(
  said: TimesCheck,
  outer: { readonly router: number; readonly all: number },
  context: z.RefinementCtx,
): void {
  const { path, timeout: own, connect_timeout, response_header_timeout } = said;
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [...path, key], message });
  if (own !== undefined && own > outer.router) {
    refuse('timeout', 'is longer than traffic_shaping.router.timeout, which ends the whole request');
  }
  const whole = own ?? outer.all;
  if (connect_timeout !== undefined && connect_timeout > whole) {
    refuse('connect_timeout', 'is longer than the timeout of the whole call');
  }
  if (response_header_timeout !== undefined && response_header_timeout > whole) {
    refuse('response_header_timeout', 'is longer than the timeout of the whole call');
  }
}
