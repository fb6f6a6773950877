import type { SenderOptions } from './createSender.js';
import { DEFAULT_HTTP_CLIENT_OPTIONS } from './http/exchangeClient.js';
import type { BreakersOptions } from './resilience/acquireBreakers.js';
import { DEFAULT_BREAKER_OPTIONS } from './resilience/Breaker.js';
import type { BreakerOptions } from './resilience/Breaker.js';
import { DEFAULT_CONCURRENCY_OPTIONS } from './resilience/Bulkhead.js';
import type { ConcurrencyOptions } from './resilience/Bulkhead.js';
import type { DeadlineOptions } from './resilience/withDeadline.js';
import type { RateCeiling } from './resilience/RateMeter.js';
import { DEFAULT_RETRY_OPTIONS } from './resilience/withRetry.js';
import type { RetryOptions } from './resilience/withRetry.js';

/** How traffic to one subgraph is handled. */
export interface TrafficOptions extends SenderOptions, DeadlineOptions, Omit<BreakersOptions, 'isSpread'> {
  /** Whether identical queries in flight share one call. Default true. */
  readonly dedupe: boolean;
  /** Places for calls. Default 100, and 50 that wait. */
  readonly concurrency: ConcurrencyOptions;
  /** Default: one more attempt for queries, within a budget of 20 %. They change nothing, and the budget bounds what they cost. */
  readonly retry: RetryOptions;
  /** Default: none. */
  readonly rateCeiling?: RateCeiling | undefined;
}

export const DEFAULT_TRAFFIC_OPTIONS: TrafficOptions = {
  ...DEFAULT_HTTP_CLIENT_OPTIONS,
  timeoutMs: 3000,
  dedupe: true,
  concurrency: DEFAULT_CONCURRENCY_OPTIONS,
  retry: DEFAULT_RETRY_OPTIONS,
  breaker: DEFAULT_BREAKER_OPTIONS,
  fieldBreakers: new Map(),
  balance: { algorithm: 'round_robin', panicThreshold: 25 },
};

type Nested = 'concurrency' | 'retry' | 'breaker';

/** What somebody says about it; the rest is as it was said of all subgraphs, or as by default. */
export interface TrafficSettings extends Partial<Omit<TrafficOptions, Nested>> {
  readonly concurrency?: Partial<ConcurrencyOptions>;
  readonly retry?: Partial<Omit<RetryOptions, 'budget'>> & { readonly budget?: Partial<RetryOptions['budget']> };
  readonly breaker?: Partial<BreakerOptions>;
}

/** Settings on top of options, each part on its own. */
export function withSettings(options: TrafficOptions, settings: TrafficSettings | undefined): TrafficOptions {
  if (settings === undefined) return options;
  const { retry } = options;
  return {
    ...options,
    ...settings,
    concurrency: { ...options.concurrency, ...settings.concurrency },
    retry: { ...retry, ...settings.retry, budget: { ...retry.budget, ...settings.retry?.budget } },
    breaker: { ...options.breaker, ...settings.breaker },
    fieldBreakers: new Map([...options.fieldBreakers, ...(settings.fieldBreakers ?? [])]),
  };
}
