import type { Command } from 'commander';

/** `portico config validate` and `portico config schema`. */
export function addConfigCommand(program: Command): void {
  const config = program.command('config').description('check a configuration file, or print what it may hold');
  config
    .command('validate')
    .description('say everything that is wrong with a configuration, as file:line:column: message; exit code 1 then')
    .argument('[file]', 'the configuration', 'portico.yaml')
    .action(async (file: string) => {
      const { validateConfig } = await import('../validateConfig.js');
      const problems = await validateConfig(file);
      for (const line of problems) process.stderr.write(`${line}\n`);
      if (problems.length > 0) process.exitCode = 1;
      else process.stdout.write(`${file} is valid\n`);
    });
  config
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(async () => {
      const { configJsonSchema } = await import('../../base/config/jsonSchema.js');
      process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });
}
