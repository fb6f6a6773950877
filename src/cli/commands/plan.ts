import type { Command } from 'commander';

interface PlanFlags {
  readonly supergraph: string;
  readonly query: string;
  readonly operation?: string | undefined;
  readonly label: readonly string[];
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ portico plan --supergraph supergraph.graphql --query product-page.graphql
  $ portico plan --supergraph supergraph.graphql --query all.graphql --operation ProductPage --json
  $ echo '{ me { name } }' | portico plan --supergraph supergraph.graphql --query -

Field names in the plan may differ from the query's aliases: fields with arguments get names of their own.
Exit codes: 0 planned, 1 anything else (errors as file:line:column: message).`;

/** `portico plan`: how an operation would be executed. */
export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description('show how an operation would be executed, and in how many subgraph requests')
    .requiredOption('-s, --supergraph <file>', 'the supergraph schema')
    .requiredOption('-q, --query <file>', 'the GraphQL document; - reads the standard input')
    .option('--operation <name>', 'which operation, when the document has several')
    .option('--label <label>', 'an override label that is on; may be repeated', collect, [])
    .option('--json', 'print the plan as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PlanFlags) => {
      const { runPlan } = await import('../runPlan.js');
      await runPlan(flags);
    });
}

function collect(value: string, former: readonly string[]): readonly string[] {
  return [...former, value];
}
