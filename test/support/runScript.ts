import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import { inject } from 'vitest';

export interface RunningScript {
  /** What it said it listens on. */
  readonly url: string;
  readonly output: () => string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

let scripts = 0;

/** The script as JavaScript: a process that compiles it and our sources itself starts seconds later, and so does each of its threads. */
async function compile(file: string): Promise<string> {
  const compiled = inject('compiled');
  const outfile = join(compiled, 'scripts', `${process.pid}-${scripts++}.js`);
  const portico = pathToFileURL(join(compiled, 'src/index.js')).href;
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Files that it reads stand beside its source.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [
      {
        name: 'portico',
        setup: ({ onResolve }) => onResolve({ filter: /^portico$/ }, () => ({ path: portico, external: true })),
      },
    ],
  });
  return outfile;
}

/** Runs a TypeScript file in a process of its own until it says "Listening on …". `portico` is the sources. */
export async function runScript(
  file: string,
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<RunningScript> {
  const child = spawn(process.execPath, [await compile(resolve(root, file))], {
    cwd: options.cwd ?? root,
    env: { ...process.env, PORT: '0', ...options.env },
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
