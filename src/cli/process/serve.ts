import type { Socket } from 'node:net';

import { readFile } from 'node:fs/promises';

import { createApolloServer } from '../../edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../edge/http/createHttpServer.js';
import { splitExamples } from '../../edge/http/playground/splitExamples.js';
import { DEFAULT_LIMITS } from '../../engine/operation/limits.js';
import { createGateway } from '../../gateway/createGateway.js';
import { ignoredEnvironment } from '../../supergraph/read/ignoredEnvironment.js';
import { fileSource } from '../../supergraph/sources/fileSource.js';
import { notices } from '../../base/telemetry/channels.js';
import { startLog } from '../../base/telemetry/log.js';
import type { LogOptions } from '../../base/telemetry/log.js';
import { reportError } from '../reportError.js';
import { ORIGIN_VARIABLE } from './supervise.js';
import type { PrimaryMessage, ServingMessage } from './supervise.js';

export interface ServeOptions {
  readonly supergraph: string;
  readonly host: string;
  readonly port: number;
  readonly dedupe: boolean;
  readonly introspection: boolean;
  readonly logLevel: NonNullable<LogOptions['level']>;
  readonly warmupFile?: string | undefined;
  /** A page for trying out the graph. */
  readonly playground?: boolean | undefined;
  /** A GraphQL file whose operations are the page's tabs. */
  readonly playgroundExamples?: string | undefined;
  /** Whether clients may see query plans. */
  readonly exposePlans?: boolean | undefined;
}

/** What requests in flight get at shutdown, after the time that the primary gives clients to leave. */
const GRACE_MS = 7500;
/** After a signal the primary says when to stop. When it has not by now, the signal was for this process alone. */
const ALONE_MS = 2000;
/** Exit is certain: whatever still hangs then is abandoned. */
const EXIT_AFTER_MS = 8500;

/** A serving process: everything that answers requests. Exits by itself, after `shutdown` from the primary, a signal, or a failed start. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = startLog({ level: options.logLevel });
  for (const message of ignoredEnvironment(process.env)) notices.publish({ level: 'warn', message });
  const gateway = createGateway({
    supergraphSdl: fileSource(options.supergraph),
    trafficShaping: { router: { dedupe: options.dedupe }, all: { dedupe: options.dedupe } },
    introspection: options.introspection,
    queryPlanner: { expose: options.exposePlans, warmup: { file: options.warmupFile } },
  });
  const { introspection } = options;
  const server = createApolloServer({ gateway, limits: DEFAULT_LIMITS, introspection });
  const playground = options.playground === true && { examples: await readExamples(options.playgroundExamples) };
  const http = createHttpServer({ server, isReady: () => gateway.isReady(), playground });
  let started = false;
  let stopping = false;

  const shutdown = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), EXIT_AFTER_MS).unref();
    if (!started) process.exit(code);
    process.send?.({ kind: 'leaving' } satisfies ServingMessage);
    notices.publish({ level: 'info', message: 'Draining' });
    const cut = await http.close(GRACE_MS);
    await server.stop();
    notices.publish({ level: cut === 0 ? 'info' : 'warn', message: 'Stopped', details: { requestsCut: cut } });
    await log.close();
    process.exit(cut === 0 ? code : 1);
  };
  onStopRequest(
    () => void http.drain(0),
    () => void shutdown(0),
  );
  process.on('unhandledRejection', (error) =>
    notices.publish({ level: 'error', message: 'Unhandled rejection', error }),
  );
  process.on('uncaughtException', (error) => {
    // What it has left behind is unknown: this process finishes its requests and is replaced.
    notices.publish({ level: 'error', message: 'Uncaught exception, the process will be replaced', error });
    void shutdown(1);
  });

  try {
    await server.start();
    await http.start();
    process.on('message', (message: PrimaryMessage, socket?: Socket) => {
      if (message.kind !== 'connection') return;
      // First: the primary keeps its copy until it knows, and gives it to another process when this one dies.
      process.send?.({ kind: 'received', id: message.id } satisfies ServingMessage);
      // Absent when the client has left meanwhile.
      if (socket !== undefined) http.accept(socket);
    });
    started = true;
    process.send?.({ kind: 'ready' } satisfies ServingMessage);
    const url = `${process.env[ORIGIN_VARIABLE]}/graphql`;
    notices.publish({
      level: 'info',
      message: 'Listening',
      details: { url, pid: process.pid, introspection, batching: false, suggestions: false },
    });
  } catch (error) {
    reportError(error);
    process.exit(1);
  }
}

async function readExamples(file: string | undefined): Promise<readonly string[]> {
  return file === undefined ? [] : splitExamples(await readFile(file, 'utf8'));
}

/**
 * Signals mean the same as the primary's messages: a terminal sends Ctrl-C to both. A second one is the primary's to act upon.
 * When the primary has died nobody would replace or stop this process, so it stops as well.
 */
function onStopRequest(drain: () => void, stop: () => void): void {
  process.on('message', (message: PrimaryMessage) => {
    if (message.kind === 'drain') drain();
    if (message.kind === 'shutdown') stop();
  });
  const onSignal = (): void => {
    drain();
    setTimeout(stop, ALONE_MS).unref();
  };
  process.on('disconnect', stop).on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
