import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { vi } from 'vitest';

import { porticoCommand } from './porticoCommand.js';

export interface RunningPortico {
  readonly child: ChildProcess;
  /** Everything it has written, both streams. */
  output(): string;
  readonly exit: Promise<number | null>;
  /** The address of the GraphQL endpoint, once it listens. */
  url(): Promise<string>;
  /** Process ids of the serving processes, in the order of their starts. */
  serving(): number[];
}

/** Starts the command line as a user would, with these environment variables besides ours. End it with `child.kill`. */
export function runPortico(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): RunningPortico {
  const child = spawn(process.execPath, [porticoCommand, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const listening = (): { url: string; pid: number }[] =>
    text
      .split('\n')
      .filter((line) => line.includes('"message":"Listening"'))
      .map((line) => JSON.parse(line) as { url: string; pid: number });
  return {
    child,
    output: () => text,
    exit,
    url: () =>
      vi.waitFor(
        () => {
          const url = listening()[0]?.url;
          if (url === undefined) throw new Error(`It does not listen: ${text}`);
          return url;
        },
        { timeout: 60_000, interval: 50 },
      ),
    serving: () => listening().map(({ pid }) => pid),
  };
}
