import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RunningScript {
  /** What it said it listens on. */
  readonly url: string;
  readonly output: () => string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** Runs a TypeScript file in a process of its own until it says "Listening on …". `portico` is the sources. */
export async function runScript(
  file: string,
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<RunningScript> {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: options.cwd ?? root,
    env: {
      ...process.env,
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
      NODE_PATH: join(root, 'node_modules'),
      PORT: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /Listening on (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', (code) => reject(new Error(`${file} ended with code ${code}:\n${output}`)));
  });
  return {
    url,
    output: () => output,
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
