import { GraphQLError } from 'graphql';

import { PorticoError } from '../base/errors/PorticoError.js';
import { circuitTransitions, failures, notices, refusals } from '../base/telemetry/channels.js';

/** What every logger in use understands: `console`, winston, pino's and Apollo's own shape. */
export interface GatewayLogger {
  debug(message?: string): void;
  info(message?: string): void;
  warn(message?: string): void;
  error(message?: string): void;
}

/** Warnings and errors, a line each, on standard error. */
const standardError: GatewayLogger = {
  debug: () => {},
  info: () => {},
  warn: (message) => void process.stderr.write(`portico: ${message}\n`),
  error: (message) => void process.stderr.write(`portico: ${message}\n`),
};

/** Gateways of one process share the channels; a logger that several of them use gets each message once. */
const inUse = new Map<GatewayLogger, { users: number; unsubscribe: () => void }>();

/**
 * Tells a logger what an operator wants to know: supergraphs taken over or refused, and failures of requests with all that clients do not see.
 *
 * @param logger default: standard error, unless somebody listens to the channels already (`portico start` does)
 * @returns a function that stops it
 */
export function logTo(logger: GatewayLogger | undefined): () => void {
  if (logger === undefined && notices.hasSubscribers && !inUse.has(standardError)) return () => {};
  const target = logger ?? standardError;
  const known = inUse.get(target) ?? { users: 0, unsubscribe: subscribe(target) };
  inUse.set(target, known);
  known.users++;
  return () => {
    if (--known.users > 0) return;
    inUse.delete(target);
    known.unsubscribe();
  };
}

function subscribe(logger: GatewayLogger): () => void {
  const stopNotices = notices.subscribe(({ level, message, details, error }) =>
    logger[level](`${message}${factsOf(details)}${error === undefined ? '' : `: ${describe(error)}`}`),
  );
  const stopTransitions = circuitTransitions.subscribe((transition) =>
    logger[transition.to === 'open' ? 'warn' : 'info'](
      `A circuit breaker has changed its state${factsOf({ ...transition })}`,
    ),
  );
  const stopFailures = failures.subscribe(({ requestId, error }) => {
    if (error instanceof PorticoError && error.code === 'REQUEST_CANCELLED') return;
    logger.error(`request ${requestId ?? '?'}: ${describe(error)}`);
  });
  const stopRefusals = refusals.subscribe(({ requestId, ...facts }) =>
    logger.warn(`request ${requestId}: unauthorized${factsOf(facts)}`),
  );
  return () => {
    stopNotices();
    stopRefusals();
    stopTransitions();
    stopFailures();
  };
}

function describe(error: unknown): string {
  if (error instanceof PorticoError) return `${error.code}: ${error.message}${factsOf(error.details)}`;
  // Thrown on purpose, by a hook: nobody needs to know where.
  if (error instanceof GraphQLError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function factsOf(details: Readonly<Record<string, unknown>> | undefined): string {
  const known = Object.entries(details ?? {}).filter(([, value]) => value !== undefined);
  return known.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(known))}`;
}
