import type { TrafficOptions } from './TrafficOptions.js';

/** What applies to calls of one subgraph, for the one who starts the gateway. */
export function describeTraffic(traffic: TrafficOptions): Readonly<Record<string, string>> {
  const { timeoutMs, connectTimeoutMs, responseHeaderTimeoutMs, retry, breaker, concurrency, fieldBreakers } = traffic;
  const { rateCeiling: ceiling } = traffic;
  const head = responseHeaderTimeoutMs === undefined ? '' : `, head ${responseHeaderTimeoutMs} ms`;
  const fields = fieldBreakers.size === 0 ? '' : `, own for ${[...fieldBreakers.keys()].join(' ')}`;
  return {
    timeout: `${timeoutMs} ms (connect ${connectTimeoutMs} ms${head})`,
    retry:
      retry.maxAttempts === 1
        ? 'off'
        : `queries up to ${retry.maxAttempts} attempts, at most ${retry.budget.percent} % more calls`,
    circuitBreaker: breaker.enabled
      ? `opens at ${breaker.errorThreshold} % of ${breaker.volumeThreshold} or more calls in ${breaker.rollingWindowMs} ms, for ${breaker.resetTimeoutMs} ms${fields}`
      : 'off',
    concurrency: `${concurrency.max} at a time, ${concurrency.queue} waiting`,
    ...(ceiling !== undefined && { rateCeiling: `${ceiling.capacity} calls in ${ceiling.intervalMs} ms` }),
  };
}
