import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import type { ServeOptions } from '../process/serve.js';
import { ORIGIN_VARIABLE, supervise } from '../process/supervise.js';

interface StartFlags extends ServeOptions {
  readonly workers: number;
}

/**
 * `portico start`: a primary that starts, watches and replaces the serving processes. The primary loads none of what they run on,
 * so it stays small.
 */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('serve a supergraph')
    .requiredOption('--supergraph <file>', 'the supergraph schema; served anew when the file changes')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes a free one', portNumber, 4000)
    .option('--workers <n>', 'serving processes', workerCount, 1)
    .option('--no-dedupe', 'execute identical queries in flight each on its own')
    .option('--introspection', 'let clients ask for the schema', false)
    .option('--playground', 'serve a page for trying out the graph at /', false)
    .option('--playground-examples <file>', 'a GraphQL file whose operations are the tabs of the playground')
    .option('--expose-plans', 'let clients and the playground see query plans', false)
    .option('--log-level <level>', 'debug, info (a line per request), warn, error or silent', 'info')
    .option('--warmup-file <file>', 'keep the hottest operations over a restart and plan them before serving')
    .action(async (flags: StartFlags) => {
      if (process.env[ORIGIN_VARIABLE] === undefined) {
        await supervise(flags);
      } else {
        const { serve } = await import('../process/serve.js');
        await serve(flags);
      }
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function workerCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 256) throw new InvalidArgumentError('From 1 to 256.');
  return count;
}
