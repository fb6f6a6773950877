import type { Command } from 'commander';

import type { SubgraphCheckOptions } from '../runSubgraphCheck.js';

const EXAMPLES = `
Examples:
  $ portico subgraph check --name stock --schema stock.graphql                       with the others of ./supergraph.yaml
  $ portico subgraph check --name stock --schema stock.graphql --config graphs/shop.yaml

Composes the schema in the place of the one that the list has for this subgraph, or beside the others when it is new. Of a REST service the
connectors are checked too: URLs, mappings against the schema, keys. Nothing is written and no service of REST is asked.

Errors and hints go to the standard error output as file:line:column: CODE message.
Exit codes: 0 it composes (hints or not), 1 anything else.`;

/** `portico subgraph check`: whether one subgraph's schema fits the others. */
export function addSubgraphCommand(program: Command): void {
  program
    .command('subgraph')
    .description('work on one subgraph')
    .command('check')
    .description('check whether the schema of one subgraph composes with the others')
    .requiredOption('-n, --name <name>', 'what the subgraph is called')
    .requiredOption('-s, --schema <file>', 'its schema, a GraphQL file')
    .option('-c, --config <file>', 'the list of subgraphs: supergraph.yaml, or a portico.yaml', 'supergraph.yaml')
    .option('--json', 'print errors and hints as one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: SubgraphCheckOptions) => {
      const { runSubgraphCheck } = await import('../runSubgraphCheck.js');
      process.exitCode = await runSubgraphCheck(flags);
    });
}
