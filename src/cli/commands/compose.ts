import type { Command } from 'commander';

interface ComposeFlags {
  readonly config: string;
  readonly output?: string | undefined;
  readonly apiSchema: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ portico compose --output supergraph.graphql     compose the subgraphs of ./supergraph.yaml
  $ portico compose --config graphs/shop.yaml       print the supergraph of another list
  $ portico compose --api-schema > schema.graphql   what clients see, for code generators and editors
  $ portico compose --json                          errors and hints for a program

The list is Rover's supergraph.yaml. Schemas come from files, from the list itself, or from running subgraphs:

  subgraphs:
    accounts:
      routing_url: http://accounts:4001/graphql
      schema:
        file: ./accounts.graphql
    reviews:
      schema:
        subgraph_url: http://localhost:4003/graphql

Errors and hints go to the standard error output as file:line:column: CODE message.
Exit codes: 0 composed (hints or not), 1 anything else.`;

/** `portico compose`: subgraphs to a supergraph or to the schema of its clients, or what is wrong with them. */
export function addComposeCommand(program: Command): void {
  program
    .command('compose')
    .description('compose subgraphs into a supergraph, or say what is wrong with them')
    .option('-c, --config <file>', 'the list of subgraphs: supergraph.yaml, or a portico.yaml', 'supergraph.yaml')
    .option('-o, --output <file>', 'write the result to a file instead of printing it')
    .option('--api-schema', 'give the schema that clients see instead of the supergraph', false)
    .option('--json', 'print errors, hints and the result as one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ComposeFlags) => {
      // What composing needs takes half a second to load: `portico --help` does without.
      const { runCompose } = await import('../runCompose.js');
      process.exitCode = await runCompose(flags);
    });
}
