import { existsSync } from 'node:fs';

import type { Command } from 'commander';

import { Failure } from '../Failure.js';
import { portNumber, subgraphReplacements } from '../options.js';
import { listFlags } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';
import { startGateway } from '../startGateway.js';
import type { SubgraphReplacement } from '../subgraphList.js';

interface DevFlags {
  readonly supergraph?: string | undefined;
  readonly config?: string | undefined;
  readonly subgraph: readonly SubgraphReplacement[];
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly playground: boolean;
  readonly playgroundExamples?: string | undefined;
  readonly logLevel?: StartFlags['logLevel'];
}

/** Subgraphs that are being worked on change often, and few gateways ask them. */
const POLL_MS = 1000;
const DEFAULT_LIST = 'supergraph.yaml';

const EXAMPLES = `
Examples:
  $ portico dev                                    compose and serve the subgraphs of ./supergraph.yaml
  $ portico dev --subgraph reviews=http://localhost:4003/graphql
                                                   the same graph, with the reviews you are working on
  $ portico dev --supergraph supergraph.graphql    serve a composed graph

Then open http://127.0.0.1:4000 in a browser. A portico.yaml counts too (headers, limits, URLs …). Files are watched and running subgraphs asked again every second: what changes is served
at once, and a mistake is reported while the last good graph is served on.

--subgraph calls one subgraph somewhere else. With a list, its schema comes from there too (it is asked { _service { sdl } }).

On for you, and off in portico start: the playground, introspection, query plans, "did you mean" in errors, pages from localhost (CORS).
Exit codes: 0 stopped by Ctrl-C, 1 could not start.`;

/** `portico dev`: a graph to work on. One serving process under a primary, like `portico start`. */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description('serve a graph while you work on it: watches, composes, has a playground')
    .option(
      '-c, --config <file>',
      `the list of subgraphs: supergraph.yaml, or a portico.yaml (default: "${DEFAULT_LIST}")`,
    )
    .option('-s, --supergraph <file>', 'a composed supergraph instead of a list')
    .option('--subgraph <name=url>', 'call this subgraph elsewhere; may be repeated', subgraphReplacements, [])
    .option('--host <host>', 'address to listen on (default: "127.0.0.1")')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: 4000)', portNumber)
    .option('--no-playground', 'no page for trying out the graph')
    .option('--playground-examples <file>', 'a GraphQL file whose operations are the tabs of the playground')
    .option('--log-level <level>', 'debug, info (a line per request), warn, error or silent (default: "info")')
    .addHelpText('after', EXAMPLES)
    .action((flags: DevFlags) => startGateway({ ...flags, ...placeOf(flags), dev: true, pollMs: POLL_MS }));
}

/** Errors: a Failure when nothing says what to serve, or two things do. */
function placeOf({ config, supergraph }: DevFlags): StartFlags {
  if (config !== undefined && supergraph !== undefined)
    throw new Failure(['--config and --supergraph exclude each other']);
  if (supergraph !== undefined) return { supergraph };
  if (config === undefined && !existsSync(DEFAULT_LIST)) {
    const instead = 'name a list by --config or a composed graph by --supergraph';
    throw new Failure([`there is no ${DEFAULT_LIST} here; ${instead}`]);
  }
  return { config: undefined, ...listFlags(config ?? DEFAULT_LIST) };
}
