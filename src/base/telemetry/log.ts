import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import { PorticoError } from '../errors/PorticoError.js';
import { circuitTransitions, failures, finishedRequests, notices, refusals } from './channels.js';
import { LineBuffer } from './LineBuffer.js';
import { requestLine } from './requestLine.js';

export interface LogOptions {
  /** `info` has one line per request; `warn` keeps failures only. Default `info`. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined;
  /** Where the lines go; default standard output, written asynchronously. */
  readonly destination?: DestinationStream | undefined;
}

export interface Log {
  /** Counts from the next line on. */
  setLevel(level: NonNullable<LogOptions['level']>): void;
  /** Writes what is buffered and stops listening. */
  close(): Promise<void>;
}

const MAX_TEXT = 256;

/**
 * Writes one JSON line for each finished request, failure and notice.
 *
 * A log that cannot be written never disturbs a request: a closed pipe drops the lines, any other error of the stream too.
 */
export function startLog(options: LogOptions = {}): Log {
  const buffer = options.destination === undefined ? new LineBuffer(asyncStdout()) : undefined;
  const lines: DestinationStream = options.destination ?? buffer!;
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    lines,
  );
  let stopRequests: (() => void) | undefined;
  /** Nobody puts together a message that no line is made of. */
  const followLevel = (): void => {
    stopRequests?.();
    stopRequests = logger.isLevelEnabled('info')
      ? finishedRequests.subscribe((request) => lines.write(requestLine(request)))
      : undefined;
  };
  followLevel();
  const unsubscribe = [
    () => stopRequests?.(),
    failures.subscribe(({ requestId, error }) => logFailure(logger, requestId, error)),
    refusals.subscribe((refusal) => logger.warn(refusal, 'unauthorized')),
    notices.subscribe(({ level, message, details, error }) => {
      logger[level](error === undefined ? { ...details } : { ...details, error: describeError(error) }, message);
    }),
    circuitTransitions.subscribe((transition) =>
      logger[transition.to === 'open' ? 'warn' : 'info'](transition, 'A circuit breaker has changed its state'),
    ),
  ];
  return {
    setLevel(level) {
      logger.level = level;
      followLevel();
    },
    async close() {
      for (const stop of unsubscribe) stop();
      await buffer?.close();
    },
  };
}

function asyncStdout() {
  // Written at once, and yet with a flush that waits: with 0 there is nothing to wait for.
  const stdout = pino.destination({ fd: 1, sync: false, minLength: 1 });
  // pino ignores EPIPE by itself and throws what is left (a full disk) at the process.
  stdout.on('error', () => {});
  return stdout;
}

function logFailure(logger: Logger, requestId: string | undefined, error: unknown): void {
  // A client that went away is no fault of ours; the request line says so already.
  if (error instanceof PorticoError && error.code === 'REQUEST_CANCELLED') return;
  logger.error({ requestId, error: describeError(error) }, 'failure');
}

/** What a log line says about an error. Only facts we chose: never the text of a body or a header. */
function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof PorticoError) {
    return { code: error.code, message: clip(error.message), ...error.details, ...causeOf(error) };
  }
  if (error instanceof Error)
    return { name: error.name, message: clip(error.message), stack: error.stack, ...causeOf(error) };
  return { message: clip(String(error)) };
}

function causeOf(error: Error): { cause?: string } {
  return error.cause instanceof Error ? { cause: clip(`${error.cause.name}: ${error.cause.message}`) } : {};
}

function clip(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
