import type { Socket } from 'node:net';

import { ignoredEnvironment } from '../../supergraph/read/ignoredEnvironment.js';
import { formatProblem } from '../../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../../base/config/loadConfig.js';
import { notices } from '../../base/telemetry/channels.js';
import { startLog } from '../../base/telemetry/log.js';
import { Failure } from '../Failure.js';
import { reportError } from '../reportError.js';
import { loadStartConfig } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';
import type { SubgraphReplacement } from '../replaceSubgraphs.js';
import { createConfiguredServer } from './configuredServer.js';
import { servingSource } from './servingSource.js';
import { CONFIG_VARIABLE, ORIGIN_VARIABLE } from './messages.js';
import type { PrimaryMessage, ServingMessage } from './messages.js';
import { watchConfig } from './watchConfig.js';

export interface ServeOptions extends StartFlags {
  /** Subgraphs that run elsewhere. */
  readonly subgraph?: readonly SubgraphReplacement[] | undefined;
  /** Mocks, and the subgraphs that they stand for. */
  readonly mocks?: readonly SubgraphReplacement[] | undefined;
  /** Whether all subgraphs are mocked. */
  readonly isMockedWhole?: boolean | undefined;
}

/** After a signal the primary says when to stop. When it has not this long after its time, the signal was for this process alone. */
const ALONE_MS = 1000;
/** Exit is certain: whatever still hangs this long after the grace period is abandoned. */
const EXIT_MS = 1000;

/** A serving process: everything that answers requests. Exits by itself, after `shutdown` from the primary, a signal, or a failed start. */
export async function serve(options: ServeOptions): Promise<void> {
  const { first, refused } = firstConfig(options);
  const { config } = first;
  const log = startLog({ level: config.telemetry.logging.level });
  if (refused.length > 0) {
    const message = 'The configuration is refused, this process begins with the one that was in use';
    notices.publish({ level: 'error', message, details: { problems: refused } });
  }
  for (const message of ignoredEnvironment(process.env)) notices.publish({ level: 'warn', message });
  const { supergraph, reload, shutdown: stop } = config;
  const { subgraph, mocks = [], isMockedWhole } = options;
  const source = servingSource({ supergraph: supergraph.file, subgraph, mocks, isMockedWhole, watch: reload.watch });
  const restMocks = new Map(mocks.map(({ name, url }) => [name, url]));
  const { server, http, apply, traffic } = await createConfiguredServer(first, source, { engine: { restMocks } });
  let started = false;
  let stopping = false;

  const shutdown = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stop.gracePeriod + EXIT_MS).unref();
    if (!started) process.exit(code);
    process.send?.({ kind: 'leaving' } satisfies ServingMessage);
    notices.publish({ level: 'info', message: 'Draining' });
    const cut = await http.close(stop.gracePeriod);
    await server.stop();
    notices.publish({ level: cut === 0 ? 'info' : 'warn', message: 'Stopped', details: { requestsCut: cut } });
    await log.close();
    process.exit(cut === 0 ? code : 1);
  };
  onStopRequest(
    () => void http.drain(0),
    () => void shutdown(0),
    stop.delay + ALONE_MS,
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
    const details = {
      url: `${process.env[ORIGIN_VARIABLE]}${config.server.path}`,
      pid: process.pid,
      introspection: config.introspection,
      batching: false,
      suggestions: config.errors.suggestions,
    };
    notices.publish({ level: 'info', message: 'Listening', details });
    for (const [subgraph, applies] of traffic()) {
      notices.publish({ level: 'info', message: 'Subgraph', details: { subgraph, ...applies } });
    }
    if (!reload.watch) return;
    watchConfig(first, {
      load: () => loadStartConfig(options),
      apply,
      onApplied({ config: next, text }) {
        log.setLevel(next.telemetry.logging.level);
        process.send?.({ kind: 'config', text } satisfies ServingMessage);
      },
    });
  } catch (error) {
    reportError(error);
    process.exit(1);
  }
}

/**
 * What this process begins with. The file may have become invalid since the gateway started: a replacement then begins with what its
 * predecessor served.
 */
function firstConfig(flags: StartFlags): { readonly first: LoadedConfig; readonly refused: readonly string[] } {
  const { loaded, problems } = loadStartConfig(flags);
  const refused = problems.map(formatProblem);
  const kept = process.env[CONFIG_VARIABLE];
  const first = loaded ?? (kept === undefined ? undefined : loadStartConfig(flags, kept).loaded);
  if (first === undefined) throw new Failure(refused);
  return { first, refused };
}

/**
 * Signals mean the same as the primary's messages: a terminal sends Ctrl-C to both. A second one is the primary's to act upon.
 * When the primary has died nobody would replace or stop this process, so it stops as well.
 */
function onStopRequest(drain: () => void, stop: () => void, aloneMs: number): void {
  process.on('message', (message: PrimaryMessage) => {
    if (message.kind === 'drain') drain();
    if (message.kind === 'shutdown') stop();
  });
  const onSignal = (): void => {
    drain();
    setTimeout(stop, aloneMs).unref();
  };
  process.on('disconnect', stop).on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
