import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import { foundConfig } from '../findConfig.js';
import { portNumber } from '../options.js';
import type { StartFlags } from '../startConfig.js';
import { startGateway } from '../startGateway.js';

const EXAMPLES = `
Examples:
  $ portico start --supergraph supergraph.graphql   serve a composed graph
  $ portico start --subgraphs supergraph.yaml       compose subgraphs (Rover's format), serve and follow them
  $ portico start --config gateway.yaml --port 8080
  $ portico start                                   with ./portico.yaml (or portico.yml, portico.json)

A supergraph file is served anew when it changes. Running subgraphs of a list are asked for their schemas again and again; one that is down
at the start is served with the schema of an earlier run, which is kept in ./.portico. What does not compose is reported, and the graph
before it is served on.

Flags go before the configuration file. It is checked by portico config validate.
Exit codes: 0 after a clean shutdown; 1 could not start, or requests had to be cut; 130 or 143 after a second signal.`;

/**
 * `portico start`: a primary that starts, watches and replaces the serving processes. The primary loads none of what they run on,
 * so it stays small.
 */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('serve a graph')
    .option(
      '-c, --config <file>',
      'the configuration, followed when it changes (default: "portico.yaml", if it is there)',
    )
    .option('-s, --supergraph <file>', 'the supergraph schema; served anew when the file changes')
    .option('--subgraphs <file>', "a list of subgraphs to compose and follow, such as Rover's supergraph.yaml")
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
    .action((given: StartFlags) => {
      const found = foundConfig(given);
      return startGateway({
        ...given,
        // commander says true where nothing was said.
        dedupe: given.dedupe === false ? false : undefined,
        ...(found !== undefined && { config: found, isConfigFound: true }),
      });
    });
}

function workerCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 256) throw new InvalidArgumentError('From 1 to 256.');
  return count;
}
