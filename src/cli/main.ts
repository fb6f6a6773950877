#!/usr/bin/env node
import { Command } from 'commander';

import { addStartCommand } from './commands/start.js';
import { reportError } from './reportError.js';

const program = new Command('portico')
  .description('A GraphQL federation gateway and backend-for-frontend.')
  .showHelpAfterError('(add --help for what is possible)');
addStartCommand(program);

program.parseAsync().catch((error: unknown) => {
  reportError(error);
  process.exit(1);
});
