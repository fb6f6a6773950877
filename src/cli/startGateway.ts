import { ORIGIN_VARIABLE } from './process/messages.js';
import { supervise } from './process/supervise.js';
import type { ServeOptions } from './process/serve.js';
import { loadStartConfig, requireStartConfig } from './startConfig.js';

export interface GatewayOptions extends ServeOptions {
  /** How often running subgraphs are asked for their schemas, in milliseconds. Default: as configured. */
  readonly pollMs?: number | undefined;
}

/** Runs the gateway: as the primary, or in a process that the primary has started, as a serving process. */
export async function startGateway(options: GatewayOptions): Promise<void> {
  if (process.env[ORIGIN_VARIABLE] !== undefined) {
    const { serve } = await import('./process/serve.js');
    return serve(options);
  }
  const { config, text } = requireStartConfig(options);
  const { server, supergraph, shutdown, telemetry } = config;
  // The primary loads little: what composes subgraphs only where there are some.
  const compose = supergraph.file === undefined ? await import('./configuredSource.js') : undefined;
  return supervise({
    workers: server.workers,
    host: server.host,
    port: server.port,
    source: compose?.configuredSource(config, () => loadStartConfig(options), options),
    logLevel: telemetry.logging.level,
    leaveMs: shutdown.delay,
    graceMs: shutdown.gracePeriod,
    limitBytes: config.rateLimit.storage.maxSize,
    configText: text,
  });
}
