import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { statusCodes } from './statusCodes.js';
import { TIMEOUT } from './times.js';

const settings = {
  max_attempts: z
    .int()
    .min(1)
    .max(10)
    .meta({
      description: 'Calls for one query at most, the first included; 1 switches retries off.',
      examples: [1],
    }),
  interval: duration({ min: '1ms', max: '1m' }).meta({
    description:
      'The first pause is random between 0 and this; each further one may be twice as long, up to ten times this.',
    examples: ['100ms'],
  }),
  max_duration: duration(TIMEOUT).meta({
    description:
      'No attempt begins later than this after the first. A `Retry-After` that asks for more is not waited for.',
    examples: ['2s'],
  }),
  jitter: z.boolean().meta({
    description: 'Whether pauses are random; without it gateways come back in step.',
    examples: [false],
  }),
  attempt_timeout: duration(TIMEOUT).meta({
    description: 'Time of one attempt. Without it an attempt may take what the call has left.',
    examples: ['800ms'],
  }),
  status_codes: statusCodes().meta({
    description:
      'HTTP statuses after which a query is sent again. 429 is one only when the answer says when (`Retry-After`).',
    examples: [[503, '5xx']],
  }),
};
const budget = {
  percent: z
    .int()
    .min(0)
    .max(100)
    .meta({ description: 'Retries per hundred queries to the subgraph, over ten seconds.', examples: [10] }),
  min_retries: z
    .int()
    .min(0)
    .max(10_000)
    .meta({
      description: 'Retries allowed in ten seconds however few queries there are.',
      examples: [10],
    }),
};
const description = 'Sending queries again that failed for a reason which may pass. Mutations are never sent twice.';
const budgetDescription = 'How much extra load retries may be.';

/** Repeating what failed. */
export const retry = {
  all: {
    retry: z
      .strictObject({
        max_attempts: settings.max_attempts.default(2),
        interval: settings.interval.prefault('25ms'),
        max_duration: settings.max_duration.prefault('10s'),
        jitter: settings.jitter.default(true),
        attempt_timeout: settings.attempt_timeout.optional(),
        status_codes: settings.status_codes.prefault([502, 503, 504]),
        budget: z
          .strictObject({ percent: budget.percent.default(20), min_retries: budget.min_retries.default(3) })
          .meta({ description: budgetDescription })
          .prefault({}),
      })
      .meta({ description })
      .prefault({}),
  },
  one: {
    retry: z
      .strictObject({
        max_attempts: settings.max_attempts.optional(),
        interval: settings.interval.optional(),
        max_duration: settings.max_duration.optional(),
        jitter: settings.jitter.optional(),
        attempt_timeout: settings.attempt_timeout.optional(),
        status_codes: settings.status_codes.optional(),
        budget: z
          .strictObject({ percent: budget.percent.optional(), min_retries: budget.min_retries.optional() })
          .meta({ description: budgetDescription })
          .optional(),
      })
      .meta({ description })
      .optional(),
  },
};

interface Said {
  readonly timeout?: number | undefined;
  readonly retry?:
    | {
        readonly interval?: number | undefined;
        readonly max_duration?: number | undefined;
        readonly attempt_timeout?: number | undefined;
      }
    | undefined;
}

/** Refuses retries that can never happen. `all`: what holds where `said` says nothing. */
export function checkRetry(path: readonly string[], said: Said, all: Said, context: z.RefinementCtx): void {
  const { retry: own } = said;
  if (own === undefined) return;
  const timeout = said.timeout ?? all.timeout ?? Infinity;
  const interval = own.interval ?? all.retry?.interval ?? 0;
  const maxDuration = own.max_duration ?? all.retry?.max_duration ?? Infinity;
  const refuse = (key: string, message: string, hint: string): void =>
    context.addIssue({ code: 'custom', path: [...path, 'retry', key], message, params: { hint } });
  if (own.attempt_timeout !== undefined && own.attempt_timeout > timeout) {
    refuse('attempt_timeout', 'is longer than the timeout of the whole call', 'make it shorter, or leave it out');
  }
  if (maxDuration < interval) {
    const key = own.max_duration === undefined ? 'interval' : 'max_duration';
    refuse(key, 'leaves no time for the first pause', 'max_duration must be longer than interval');
  }
}
