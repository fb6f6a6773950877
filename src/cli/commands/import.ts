import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

import type { ImportFlags } from '../openapi/runImport.js';

const EXAMPLES = `
Examples:
  $ portico import openapi pets.yaml --output pets.graphql     a schema with connectors, to go on with
  $ portico import openapi pets.yaml --url https://pets.local  for the service at another place
  $ portico import openapi pets.json > pets.graphql            the same, printed

GET becomes a field of Query, any other method one of Mutation; schemas become types, inputs and enums. What had to be chosen or left out is
told on the standard error output, a line each. References to other files are followed, references to URLs are not.

Exit codes: 0 imported, 1 anything else.`;

/** `portico import openapi`: a start for a REST service that joins the graph. */
export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('make a schema for a service that has another description of itself')
    .command('openapi')
    .description('make a schema with connectors from an OpenAPI 3.0 or 3.1 document')
    .argument('<file>', 'the document, JSON or YAML')
    .option('-o, --output <file>', 'write the schema to a file instead of printing it')
    .option('--url <url>', 'where the service is (default: the first server of the document)', serviceUrl)
    .option('--name <name>', 'what the source is called (default: from the title of the document)', sourceName)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import('../openapi/runImport.js');
      return runImport(file, flags);
    });
}

function serviceUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text) && !/[{}?#]/.test(text)) return text;
  throw new InvalidArgumentError('It begins with http:// or https:// and ends with a path.');
}

function sourceName(text: string): string {
  if (/^[A-Za-z][0-9A-Za-z_-]*$/.test(text)) return text;
  throw new InvalidArgumentError('Letters, digits, "_" and "-", beginning with a letter.');
}
