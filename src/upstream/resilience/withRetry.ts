import type { ErrorCode } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Clock } from '../../base/kit/Clock.js';
import { subgraphRetries } from '../../base/telemetry/channels.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import type { RetryBudget, RetryBudgetOptions } from './RetryBudget.js';
import { retryAfterMs } from './retryAfter.js';
import { statusMatcher } from './statusMatcher.js';

/** When a query is sent again. */
export interface RetryOptions {
  /** Calls for one query at most, the first included; 1 for no retries. Default 2. */
  readonly maxAttempts: number;
  /** The first pause is random between 0 and this, the next between 0 and twice as much … Milliseconds, default 25. */
  readonly intervalMs: number;
  /** No attempt begins later than this after the first, not even when `Retry-After` asks for it. Milliseconds, default 10,000. */
  readonly maxDurationMs: number;
  /** Whether pauses are random (full jitter). Default true. */
  readonly jitter: boolean;
  /** How long one attempt may take. Default: what the whole call has left. */
  readonly attemptTimeoutMs?: number | undefined;
  /** HTTP statuses after which a query is sent again: `503`, `5xx`. Default 502, 503, 504. */
  readonly statusCodes: readonly string[];
  readonly budget: RetryBudgetOptions;
}

export const DEFAULT_RETRY_OPTIONS: RetryOptions = {
  maxAttempts: 2,
  intervalMs: 25,
  maxDurationMs: 10_000,
  jitter: true,
  statusCodes: ['502', '503', '504'],
  budget: { percent: 20, minRetries: 3 },
};

export interface RetryTools {
  readonly budget: RetryBudget;
  readonly clock: Clock;
  /** Whether there are several endpoints, so that an attempt must know which it had. Default false. */
  readonly isSpread?: boolean | undefined;
  /** From 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Pauses grow to this many times the first. */
const MAX_GROWTH = 10;
/** Reasons for which the same call may work a moment later. Others (an unsendable header, a bad certificate) stay. */
const PASSING: ReadonlySet<unknown> = new Set([
  'dns',
  'refused',
  'unreachable',
  'connect_timeout',
  'reset',
  'truncated',
]);

/** An attempt that a breaker or ceiling refuses says nothing new: the call ends with what it failed with before. */
const NOT_SENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SUBGRAPH_CIRCUIT_OPEN',
  'SUBGRAPH_RATE_LIMITED',
  'RATE_LIMITER_UNAVAILABLE',
]);

/** How an attempt ended that may be repeated. */
type Failed = { readonly reply: SubgraphReply } | { readonly error: unknown };

/**
 * Sends queries again that failed for a reason which may pass: no connection, a broken one, an attempt that took too long, a chosen status.
 *
 * - Mutations are sent once, whatever happens.
 * - Pauses grow exponentially with full jitter. A `Retry-After` is obeyed when it fits the deadline and `maxDurationMs`; when not, nothing
 *   is sent again. A 429 is repeated only when it says when.
 * - Retries come out of a budget; see RetryBudget.
 * - When a breaker opens during the pause, or a ceiling is reached, the call ends with what it failed with.
 *
 * HOT: a call that works costs one promise. Bench: bench/upstream.ts.
 */
export function withRetry(next: SubgraphClient, options: RetryOptions, tools: RetryTools): SubgraphClient {
  const { budget, clock, random = Math.random, isSpread = false } = tools;
  const { maxAttempts, intervalMs, maxDurationMs } = options;
  const isPassingStatus = statusMatcher(options.statusCodes);

  /** Milliseconds until the next attempt; `undefined` when there is none. */
  const pauseAfter = (failed: Failed, attempt: number): number | undefined => {
    const facts = factsOf(failed);
    if (facts === undefined) return undefined;
    const growth = Math.min(MAX_GROWTH, 2 ** (attempt - 1));
    const backOff = intervalMs * growth * (options.jitter ? random() : 1);
    if (facts.status === undefined) return backOff;
    const asked = retryAfterMs(facts.retryAfter, clock.now());
    if (facts.status === 429) return asked;
    if (!isPassingStatus(facts.status)) return undefined;
    return asked === undefined ? backOff : Math.max(asked, backOff);
  };

  const again = async (call: SubgraphCall, first: Failed, startedAt: number): Promise<SubgraphReply> => {
    let failed = first;
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      const pauseMs = pauseAfter(failed, attempt);
      if (pauseMs === undefined || call.lifetime.ended !== undefined) break;
      if (pauseMs >= call.lifetime.remainingMs() || clock.monotonic() - startedAt + pauseMs > maxDurationMs) break;
      if (!budget.take()) break;
      if (subgraphRetries.hasSubscribers) {
        subgraphRetries.publish({ subgraph: next.name, attempt: attempt + 1, pauseMs, cause: causeOf(failed) });
      }
      await pause(pauseMs, call.lifetime, clock, next.name);
      try {
        const reply = await next.execute(asAttempt(call, attempt + 1));
        if (reply.status < 400) return reply;
        failed = { reply };
      } catch (error) {
        if (error instanceof PorticoError && NOT_SENT.has(error.code)) break;
        failed = { error };
      }
    }
    if ('reply' in failed) return failed.reply;
    throw failed.error;
  };

  return {
    name: next.name,
    execute(given) {
      if (given.operation.kind !== 'query') return next.execute(given);
      const call = isSpread ? { ...given, tried: [] } : given;
      budget.count();
      const startedAt = clock.monotonic();
      return next.execute(call).then(
        (reply) => (reply.status < 400 ? reply : again(call, { reply }, startedAt)),
        (error: unknown) => again(call, { error }, startedAt),
      );
    },
    close: () => next.close(),
  };
}

/** What decides whether the same call may work later; `undefined` when it will not. No status: it got none. */
function factsOf(failed: Failed): { readonly status?: number; readonly retryAfter?: unknown } | undefined {
  if ('reply' in failed) return { status: failed.reply.status, retryAfter: failed.reply.headers['retry-after'] };
  const { error } = failed;
  if (!(error instanceof PorticoError)) return undefined;
  // An attempt of its own that took too long; the call's deadline comes as GATEWAY_TIMEOUT here.
  if (error.code === 'SUBGRAPH_TIMEOUT') return {};
  if (error.code !== 'SUBREQUEST_HTTP_ERROR') return undefined;
  const { reason, status, retryAfter } = error.details;
  if (reason === 'status') return { status: Number(status), retryAfter };
  return PASSING.has(reason) ? {} : undefined;
}

function causeOf(failed: Failed): string {
  if ('reply' in failed) return String(failed.reply.status);
  const { code, details } = failed.error as PorticoError;
  const { status, reason } = details as { readonly status?: number; readonly reason?: string };
  return String(status ?? reason ?? code);
}

function asAttempt(call: SubgraphCall, attempt: number): SubgraphCall {
  return { ...call, attempt };
}

function pause(ms: number, lifetime: Lifetime, clock: Clock, subgraph: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(() => {
      stopListening();
      resolve();
    }, ms);
    const stopListening = lifetime.onEnd((end) => {
      cancel();
      reject(lifetimeError(end, { subgraph }));
    });
  });
}
