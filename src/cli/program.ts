import { createRequire } from 'node:module';

import { Command } from 'commander';

import { addComposeCommand } from './commands/compose.js';
import { addConfigCommand } from './commands/config.js';
import { addConnectCommand } from './commands/connect.js';
import { addDevCommand } from './commands/dev.js';
import { addImportCommand } from './commands/import.js';
import { addKeysCommand } from './commands/keys.js';
import { addMockCommand } from './commands/mock.js';
import { addPlanCommand } from './commands/plan.js';
import { addStartCommand } from './commands/start.js';
import { addSubgraphCommand } from './commands/subgraph.js';
import { reportError } from './reportError.js';

const EXAMPLES = `
Examples:
  $ portico dev                                    a graph from ./supergraph.yaml, to work on
  $ portico mock                                   the same graph with made-up data
  $ portico compose --output supergraph.graphql    your subgraphs into one graph
  $ portico start --supergraph supergraph.graphql  serve it

portico <command> --help says more about each.`;

// By the package's own name: the built file lies deeper than the source.
const { version } = createRequire(import.meta.url)('portico/package.json') as { version: string };

const program = new Command('portico')
  .version(version, '-V, --version')
  .description('A GraphQL federation gateway and backend-for-frontend.')
  .showHelpAfterError('(add --help for what is possible)')
  .addHelpText('after', EXAMPLES);
addStartCommand(program);
addDevCommand(program);
addMockCommand(program);
addComposeCommand(program);
addPlanCommand(program);
addSubgraphCommand(program);
addConfigCommand(program);
addImportCommand(program);
addConnectCommand(program);
addKeysCommand(program);

program.parseAsync().catch((error: unknown) => {
  reportError(error);
  process.exit(1);
});
