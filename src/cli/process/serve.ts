import type { Socket } from 'node:net';

import { ignoredEnvironment } from '../../supergraph/read/ignoredEnvironment.js';
import { formatProblem } from '../../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../../base/config/loadConfig.js';
import { notices } from '../../base/telemetry/channels.js';
import { startLog } from '../../base/telemetry/log.js';
import type { Log } from '../../base/telemetry/log.js';
import type { HttpServer } from '../../edge/http/createHttpServer.js';
import { Failure } from '../Failure.js';
import { reportError } from '../reportError.js';
import { loadStartConfig } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';
import type { SubgraphReplacement } from '../replaceSubgraphs.js';
import { createConfiguredServer } from './configuredServer.js';
import type { ConfiguredServer } from './configuredServer.js';
import { createEnding, endAfterFaults, endWhenAsked } from './ending.js';
import { CONFIG_VARIABLE, ORIGIN_VARIABLE } from './messages.js';
import type { PrimaryMessage } from './messages.js';
import { servingSource } from './servingSource.js';
import { tellPrimary } from './tellPrimary.js';
import { watchConfig } from './watchConfig.js';

export interface ServeOptions extends StartFlags {
  /** Subgraphs that run elsewhere. */
  readonly subgraph?: readonly SubgraphReplacement[] | undefined;
  /** Mocks, and the subgraphs that they stand for. */
  readonly mocks?: readonly SubgraphReplacement[] | undefined;
  /** Whether all subgraphs are mocked. */
  readonly isMockedWhole?: boolean | undefined;
  /** Whether `config` was found in the working directory, and not named by a flag. Default false. */
  readonly isConfigFound?: boolean | undefined;
}

/** A serving process: everything that answers requests. Exits by itself, after `shutdown` from the primary, a signal, or a failed start. */
export async function serve(options: ServeOptions): Promise<void> {
  const { first, refused } = firstConfig(options);
  const log = startLog({ level: first.config.telemetry.logging.level });
  sayWhatItBeginsWith(options, refused);
  const configured = await createServer(first, options);
  const ending = createEnding(configured, log, first.config.shutdown);
  endWhenAsked(configured.http, ending, first.config.shutdown);
  endAfterFaults(ending);
  try {
    await configured.server.start();
    await configured.http.start();
    takeConnections(configured.http);
    ending.hasStarted();
    tellPrimary({ kind: 'ready' });
    sayWhatIsServed(first, configured);
    if (first.config.reload.watch) followConfig(first, options, configured, log);
  } catch (error) {
    reportError(error);
    process.exit(1);
  }
}

function sayWhatItBeginsWith({ config, isConfigFound }: ServeOptions, refused: readonly string[]): void {
  if (isConfigFound === true) {
    const message = `No flag says what to serve: ${config} of the working directory is used`;
    notices.publish({ level: 'info', message });
  }
  if (refused.length > 0) {
    const message = 'The configuration is refused, this process begins with the one that was in use';
    notices.publish({ level: 'error', message, details: { problems: refused } });
  }
  for (const message of ignoredEnvironment(process.env)) notices.publish({ level: 'warn', message });
}

function createServer(
  first: LoadedConfig,
  { subgraph, mocks = [], isMockedWhole }: ServeOptions,
): Promise<ConfiguredServer> {
  const { supergraph, reload } = first.config;
  const source = servingSource({ supergraph: supergraph.file, subgraph, mocks, isMockedWhole, watch: reload.watch });
  const restMocks = new Map(mocks.map(({ name, url }) => [name, url]));
  return createConfiguredServer(first, source, { engine: { restMocks } });
}

/** Takes the connections that the primary hands over. */
function takeConnections(http: HttpServer): void {
  process.on('message', (message: PrimaryMessage, socket?: Socket) => {
    if (message.kind !== 'connection') return;
    // First: the primary keeps its copy until it knows, and gives it to another process when this one dies.
    tellPrimary({ kind: 'received', id: message.id });
    // Absent when the client has left meanwhile.
    if (socket !== undefined) http.accept(socket);
  });
}

function sayWhatIsServed({ config }: LoadedConfig, { traffic }: ConfiguredServer): void {
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
}

function followConfig(first: LoadedConfig, options: ServeOptions, { apply }: ConfiguredServer, log: Log): void {
  watchConfig(first, {
    load: () => loadStartConfig(options),
    apply,
    onApplied({ config, text }) {
      log.setLevel(config.telemetry.logging.level);
      tellPrimary({ kind: 'config', text });
    },
  });
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
