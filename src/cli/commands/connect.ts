import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

import type { ConnectTryOptions } from '../runConnectTry.js';

const EXAMPLES = `
Examples:
  $ portico connect try --supergraph supergraph.graphql --field Query.item --args '{"sku": "table"}'
  $ portico connect try --supergraph supergraph.graphql --field Product --batch '[{"sku": "table"}, {"sku": "chair"}]'

Prints the request, the answer as it came and, behind =>, what the mapping makes of it. Calls of mutations are sent as well.
Exit codes: 0 mapped, 1 anything else.`;

/** `portico connect try`: one call of a REST connector, step by step. */
export function addConnectCommand(program: Command): void {
  program
    .command('connect')
    .description('work on REST connectors')
    .command('try')
    .description('call one connector and show request, answer and mapped value')
    .requiredOption('-s, --supergraph <file>', 'the supergraph schema, as portico compose writes it')
    .requiredOption('-f, --field <coordinate>', 'the field with the connector (Query.item), or the type (Product)')
    .option('--args <json>', 'the arguments, $args', json, {})
    .option('--this <json>', 'the object, $this', json, {})
    .option('--batch <json>', 'the objects of a batch, $batch', json, [])
    .option('--config-values <json>', 'the values of $config', json, {})
    .option('-H, --header <name: value>', 'a header of the client; may be repeated', header, [])
    .addHelpText('after', EXAMPLES)
    .action(
      async ({
        configValues,
        ...flags
      }: Omit<ConnectTryOptions, 'config'> & { configValues: ConnectTryOptions['config'] }) => {
        const { runConnectTry } = await import('../runConnectTry.js');
        process.exitCode = await runConnectTry({ ...flags, config: configValues });
      },
    );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON.');
  }
}

function header(text: string, former: ConnectTryOptions['header']): ConnectTryOptions['header'] {
  const at = text.indexOf(':');
  if (at < 1) throw new InvalidArgumentError('It must be "name: value".');
  return [...former, [text.slice(0, at).trim(), text.slice(at + 1).trim()]];
}
