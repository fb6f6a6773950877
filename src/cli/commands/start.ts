import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import { portNumber } from '../options.js';
import { ORIGIN_VARIABLE } from '../process/messages.js';
import { supervise } from '../process/supervise.js';
import { loadStartConfig, requireStartConfig } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';

const EXAMPLES = `
Examples:
  $ portico start --supergraph supergraph.graphql
  $ portico start --config portico.yaml --port 8080

Flags go before the configuration file. It is checked by portico config validate.
Exit codes: 0 after a clean shutdown; 1 could not start, or requests had to be cut.`;

/**
 * `portico start`: a primary that starts, watches and replaces the serving processes. The primary loads none of what they run on,
 * so it stays small.
 */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('serve a supergraph')
    .option('-c, --config <file>', 'the configuration (YAML), followed when it changes')
    .option('-s, --supergraph <file>', 'the supergraph schema; served anew when the file changes')
    .option('--host <host>', 'address to listen on (default: "127.0.0.1")')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: 4000)', portNumber)
    .option('--workers <n>', 'serving processes (default: 1)', workerCount)
    .option('--no-dedupe', 'execute identical queries in flight each on its own')
    .option('--introspection', 'let clients ask for the schema')
    .option('--playground', 'serve a page for trying out the graph at /')
    .option('--playground-examples <file>', 'a GraphQL file whose operations are the tabs of the playground')
    .option('--expose-plans', 'let clients and the playground see query plans')
    .option('--log-level <level>', 'debug, info (a line per request), warn, error or silent (default: "info")')
    .option('--warmup-file <file>', 'keep the hottest operations over a restart and plan them before serving')
    .addHelpText('after', EXAMPLES)
    .action(async (given: StartFlags) => {
      // commander says true where nothing was said.
      const flags = { ...given, dedupe: given.dedupe === false ? false : undefined };
      if (process.env[ORIGIN_VARIABLE] === undefined) return startPrimary(flags);
      const { serve } = await import('../process/serve.js');
      return serve(flags);
    });
}

async function startPrimary(flags: StartFlags): Promise<void> {
  const { config, text } = requireStartConfig(flags);
  const { server, supergraph, shutdown, telemetry } = config;
  const compose = supergraph.file === undefined ? await import('../configuredSource.js') : undefined;
  await supervise({
    workers: server.workers,
    host: server.host,
    port: server.port,
    source: compose?.configuredSource(config, () => loadStartConfig(flags)),
    logLevel: telemetry.logging.level,
    leaveMs: shutdown.delay,
    graceMs: shutdown.gracePeriod,
    configText: text,
  });
}

function workerCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 256) throw new InvalidArgumentError('From 1 to 256.');
  return count;
}
