import type { Command } from 'commander';

import { failures, latencies } from '../mock/MockScript.js';
import type { ScriptEntry } from '../mock/MockScript.js';
import { portNumber } from '../options.js';
import { startGateway } from '../startGateway.js';
import { graphPlace } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';

interface MockFlags {
  readonly supergraph?: string | undefined;
  readonly config?: string | undefined;
  readonly subgraphsOnly: boolean;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly seed?: string | undefined;
  readonly latency: readonly ScriptEntry[];
  readonly fail: readonly ScriptEntry[];
  readonly playground: boolean;
  readonly logLevel?: StartFlags['logLevel'];
}

const POLL_MS = 1000;

const EXAMPLES = `
Examples:
  $ portico mock                                   the graph of ./supergraph.yaml, with made-up data
  $ portico mock --supergraph supergraph.graphql   of a composed graph; nothing else is needed
  $ portico mock --latency 50ms..200ms --fail reviews=0.1
                                                   slow, and one subgraph that fails for every tenth call
  $ portico mock --subgraphs-only --port 4010      the subgraphs alone, for another gateway

The same key is the same object in all subgraphs, and the same seed gives the same data every time. Mutations that create, update or delete
an entity are seen by later queries, until the process ends. Fields may say what they hold: price: Float @mock(min: 5, max: 90).

Exit codes: 0 stopped by Ctrl-C, 1 could not start.`;

/** `portico mock`: a whole graph without its services. A gateway as `portico dev` has it, over mocks. */
export function addMockCommand(program: Command): void {
  program
    .command('mock')
    .description('serve a graph with made-up data: all subgraphs are mocked from their schemas')
    .option(
      '-c, --config <file>',
      'the list of subgraphs: supergraph.yaml, or a portico.yaml (default: "supergraph.yaml")',
    )
    .option('-s, --supergraph <file>', 'a composed supergraph instead of a list')
    .option('--subgraphs-only', 'no gateway: each subgraph under /subgraphs/<name>', false)
    .option('--seed <text>', 'other data for another seed (default: "1")')
    .option('--latency <[name=]duration>', 'how long mocks take, 50ms or 50ms..200ms; may be repeated', latencies, [])
    .option('--fail <[name=]share>', 'the share of calls that fail, from 0 to 1; may be repeated', failures, [])
    .option('--host <host>', 'address to listen on (default: "127.0.0.1")')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: 4000)', portNumber)
    .option('--no-playground', 'no page for trying out the graph')
    .option('--log-level <level>', 'debug, info (a line per request), warn, error or silent (default: "info")')
    .addHelpText('after', EXAMPLES)
    .action(async ({ subgraphsOnly, seed, latency, fail, config, supergraph, ...flags }: MockFlags) => {
      const place = graphPlace({ config, supergraph });
      const mock = { names: undefined, seed, script: [...latency, ...fail] };
      if (!subgraphsOnly) return startGateway({ ...flags, ...place, dev: true, pollMs: POLL_MS, mock });
      const { runMocks } = await import('../mock/runMocks.js');
      return runMocks({ ...place, ...mock, host: flags.host, port: flags.port });
    });
}
