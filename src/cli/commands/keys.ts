import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import type { KeysAction, KeysFlags } from '../runKeys.js';

const EXAMPLES = `
Examples:
  $ portico keys create shop-app --plan pro --scope read:stock --scope write:orders
  $ portico keys list
  $ portico keys rotate shop-app --keep 7d     a new key; the one before counts for 7 more days
  $ portico keys revoke shop-app --key 3f9ac01b22de
  $ portico keys disable shop-app

They work on the store that authentication.api_keys of the configuration names: a file, or Redis. A running gateway goes by it at once. A key
is printed once, to the standard output; the store has its hash alone.
Exit codes: 0 done, 1 anything else.`;

/** `portico keys`: the API keys of consumers. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .description('make, list, replace and withdraw API keys')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string): Command =>
    keys
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'the configuration', 'portico.yaml')
      .option('--json', 'print one JSON value for a program', false);
  const run = async (action: KeysAction, consumer: string | undefined, flags: KeysFlags) => {
    const { runKeys } = await import('../runKeys.js');
    await runKeys(action, consumer, flags);
  };

  add('create', 'make a consumer and its first key')
    .argument('<consumer>', 'its name: letters, digits, . @ _ -')
    .option('--plan <plan>', 'what it pays for; limits differ by it')
    .option('--tenant <tenant>', 'the customer it belongs to')
    .option('--scope <scope>', 'a right; may be repeated', collect, [])
    .option('--expires <duration>', 'for how long the key counts: 90d', durationMs)
    .action((consumer: string, flags: KeysFlags) => run('create', consumer, flags));
  add('list', 'show consumers and their keys, without the keys').action((flags: KeysFlags) =>
    run('list', undefined, flags),
  );
  add('rotate', 'give a consumer a new key; the one before counts for a while')
    .argument('<consumer>')
    .option('--keep <duration>', 'how long the key before counts (default: "1d")', durationMs)
    .option('--expires <duration>', 'for how long the new key counts', durationMs)
    .action((consumer: string, flags: KeysFlags) => run('rotate', consumer, flags));
  add('revoke', 'remove a consumer and its keys, or one key')
    .argument('<consumer>')
    .option('--key <id>', 'this key alone: the part between ptk_ and the next _')
    .action((consumer: string, flags: KeysFlags) => run('revoke', consumer, flags));
  add('disable', 'refuse all keys of a consumer')
    .argument('<consumer>')
    .action((consumer: string, flags: KeysFlags) => run('disable', consumer, flags));
  add('enable', 'accept the keys of a disabled consumer again')
    .argument('<consumer>')
    .action((consumer: string, flags: KeysFlags) => run('enable', consumer, flags));
}

function collect(value: string, former: readonly string[]): readonly string[] {
  return [...former, value];
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits === '') throw new InvalidArgumentError('Write a number with a unit: 90d, 12h, 30m, 45s.');
  return Number(digits) * UNITS[unit]!;
}
