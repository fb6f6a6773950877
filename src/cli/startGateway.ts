import type { ScriptEntry } from './mock/MockScript.js';
import { MOCKS_VARIABLE, ORIGIN_VARIABLE } from './process/messages.js';
import { supervise } from './process/supervise.js';
import type { ServeOptions } from './process/serve.js';
import { Failure } from './Failure.js';
import { loadStartConfig, requireStartConfig } from './startConfig.js';
import type { SubgraphReplacement } from './replaceSubgraphs.js';

export interface GatewayOptions extends ServeOptions {
  /** How often running subgraphs are asked for their schemas, in milliseconds. Default: as configured. */
  readonly pollMs?: number | undefined;
  /** Subgraphs to mock. Default: none. */
  readonly mock?: MockOptions | undefined;
}

export interface MockOptions {
  /** undefined: all of them. */
  readonly names: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly script: readonly ScriptEntry[];
}

/** Runs the gateway: as the primary, or in a process that the primary has started, as a serving process. */
export async function startGateway({ mock, ...given }: GatewayOptions): Promise<void> {
  const options = { ...given };
  if (process.env[ORIGIN_VARIABLE] !== undefined) {
    const mocks = mock && (JSON.parse(process.env[MOCKS_VARIABLE] ?? '[]') as readonly SubgraphReplacement[]);
    const { serve } = await import('./process/serve.js');
    return serve({ ...options, mocks, isMockedWhole: mock !== undefined && mock.names === undefined });
  }
  if (mock !== undefined) options.subgraph = [...(options.subgraph ?? []), ...(await startMocks(given, mock))];
  const { config, text } = requireStartConfig(options);
  const { server, supergraph, shutdown, telemetry } = config;
  // The primary loads little: what composes subgraphs only where there are some.
  const compose = supergraph.file === undefined ? await import('./configuredSource.js') : undefined;
  return supervise({
    workers: server.workers,
    host: server.host,
    port: server.port,
    source: compose?.configuredSource(config, () => loadStartConfig(options), {
      ...options,
      isWhole: mock !== undefined && mock.names === undefined,
      // What mocks answer says nothing about the services they stand for.
      ...(mock !== undefined && { keepIn: false }),
    }),
    logLevel: telemetry.logging.level,
    leaveMs: shutdown.delay,
    graceMs: shutdown.gracePeriod,
    limitBytes: config.rateLimit.storage.maxSize,
    configText: text,
  });
}

/** Mocks serve from the primary: a serving process that is replaced finds the world as it was. */
async function startMocks(
  options: GatewayOptions,
  { names, seed, script }: MockOptions,
): Promise<readonly SubgraphReplacement[]> {
  const twice = (options.subgraph ?? []).find(({ name }) => names?.includes(name));
  if (twice !== undefined) throw new Failure([`--subgraph and --mock exclude each other for "${twice.name}"`]);
  const [{ mockedSdls }, { serveMocks }] = await Promise.all([
    import('./mock/mockedSdls.js'),
    import('./mock/serveMocks.js'),
  ]);
  const { subgraphs } = await serveMocks({
    read: () => mockedSdls(options, names),
    host: '127.0.0.1',
    port: 0,
    seed,
    withConnectors: true,
    script,
  });
  process.env[MOCKS_VARIABLE] = JSON.stringify(subgraphs);
  return subgraphs;
}
