import type { Command } from 'commander';

import { Failure } from '../Failure.js';
import { failures, latencies } from '../mock/MockScript.js';
import type { ScriptEntry } from '../mock/MockScript.js';
import { portNumber, subgraphNames, subgraphReplacements } from '../options.js';
import { graphPlace } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';
import { startGateway } from '../startGateway.js';
import type { SubgraphReplacement } from '../replaceSubgraphs.js';

interface DevFlags {
  readonly supergraph?: string | undefined;
  readonly config?: string | undefined;
  readonly subgraph: readonly SubgraphReplacement[];
  readonly mock: readonly string[];
  readonly seed?: string | undefined;
  readonly latency: readonly ScriptEntry[];
  readonly fail: readonly ScriptEntry[];
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly playground: boolean;
  readonly playgroundExamples?: string | undefined;
  readonly logLevel?: StartFlags['logLevel'];
}

/** Subgraphs that are being worked on change often, and few gateways ask them. */
const POLL_MS = 1000;

const EXAMPLES = `
Examples:
  $ portico dev                                    compose and serve the subgraphs of ./supergraph.yaml
  $ portico dev --subgraph reviews=http://localhost:4003/graphql
                                                   the same graph, with the reviews you are working on
  $ portico dev --mock reviews,products            with made-up data for services that do not run or exist yet
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
      'the list of subgraphs: supergraph.yaml, or a portico.yaml (default: "supergraph.yaml")',
    )
    .option('-s, --supergraph <file>', 'a composed supergraph instead of a list')
    .option('--subgraph <name=url>', 'call this subgraph elsewhere; may be repeated', subgraphReplacements, [])
    .option(
      '--mock <names>',
      'make up these subgraphs from their schemas: reviews or reviews,products',
      subgraphNames,
      [],
    )
    .option('--seed <text>', 'other data of mocks for another seed (default: "1")')
    .option('--latency <[name=]duration>', 'how long mocks take, 50ms or 50ms..200ms; may be repeated', latencies, [])
    .option('--fail <[name=]share>', 'the share of calls of mocks that fail, 0 to 1; may be repeated', failures, [])
    .option('--host <host>', 'address to listen on (default: "127.0.0.1")')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: 4000)', portNumber)
    .option('--no-playground', 'no page for trying out the graph')
    .option('--playground-examples <file>', 'a GraphQL file whose operations are the tabs of the playground')
    .option('--log-level <level>', 'debug, info (a line per request), warn, error or silent (default: "info")')
    .addHelpText('after', EXAMPLES)
    .action(({ mock, seed, latency, fail, ...flags }: DevFlags) => {
      const options = { ...flags, ...graphPlace(flags), dev: true, pollMs: POLL_MS };
      const script = [...latency, ...fail];
      if (mock.length > 0) return startGateway({ ...options, mock: { names: mock, seed, script } });
      if (script.length > 0 || seed !== undefined)
        throw new Failure(['--seed, --latency and --fail are about mocks: say which by --mock']);
      return startGateway(options);
    });
}
