import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort, WorkerOptions } from 'node:worker_threads';

import type { PrestartedData } from './workerInput.js';

export interface WorkerStart {
  /** The module to run, as the built file: `new URL('./planWorker.js', import.meta.url)`. */
  readonly entry: URL;
  /** Shown by debuggers and in stack traces. */
  readonly name: string;
  /** Copied to the worker's `workerData`. */
  readonly data?: unknown;
  /** Upper bound of the old generation, MB. Beyond it the worker dies with ERR_WORKER_OUT_OF_MEMORY, and nothing else. Default 1024. */
  readonly heapMb?: number;
  /** Upper bound of one semi-space, MB. Small: a worker is started for a burst of work and should not keep the pages. Default 8. */
  readonly semiSpaceMb?: number;
}

interface Prestarted {
  readonly worker: Worker;
  /** For its data. */
  readonly port: MessagePort;
}

/** Threads that wait for their data, by what they run and may use. */
const waiting = new Map<string, Prestarted>();
/** What has been started. */
const started = new Set<string>();

/**
 * Starts a thread before there is data for it, so that it loads its code while this thread loads its own: the next `startWorker` of the
 * same entry and bounds gets it. For entries that take their data from `workerInput`. It does not keep the process alive, and nothing
 * happens when such a thread was started already.
 *
 * Resolves when its code is loaded, or when it has ended: whoever needs one then starts another, which says what is wrong.
 */
export function prestartWorker(start: Omit<WorkerStart, 'data'>): Promise<void> {
  const key = keyOf(start);
  if (started.has(key)) return Promise.resolve();
  started.add(key);
  const { port1: port, port2 } = new MessageChannel();
  const worker = launch({ ...start, data: { prestarted: port2 } satisfies PrestartedData }, [port2]);
  worker.unref();
  waiting.set(key, { worker, port });
  return new Promise((resolve) => {
    const forget = (): void => {
      if (waiting.get(key)?.worker === worker) waiting.delete(key);
      resolve();
    };
    worker.on('error', forget).on('exit', forget);
    port.once('message', () => resolve());
    port.unref();
  });
}

/**
 * Starts a worker thread from built JavaScript or, when only the `.ts` file exists, from source (under tsx and vitest).
 *
 * It gets none of the process's environment and flags: what a worker computes depends on what it is given, and instrumentation stays
 * in the main thread. The caller decides with `ref` and `unref` whether it keeps the process alive.
 */
export function startWorker(start: WorkerStart): Worker {
  const key = keyOf(start);
  started.add(key);
  const ready = waiting.get(key);
  if (ready === undefined) return launch(start);
  waiting.delete(key);
  ready.worker.ref();
  ready.port.postMessage(start.data);
  return ready.worker;
}

function keyOf({ entry, heapMb, semiSpaceMb }: WorkerStart): string {
  return [entry.href, heapMb, semiSpaceMb].join(' ');
}

function launch(
  { entry, name, data, heapMb = 1024, semiSpaceMb = 8 }: WorkerStart,
  transferList: readonly MessagePort[] = [],
): Worker {
  // A semi-space flag of the process wins over resourceLimits. It is read when an isolate starts: the main one keeps its size.
  if (isSemiSpaceSet()) setFlagsFromString(`--max-semi-space-size=${semiSpaceMb}`);
  const options: WorkerOptions = {
    name,
    workerData: data,
    transferList: [...transferList],
    execArgv: [],
    env: { NODE_ENV: 'production' },
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: semiSpaceMb * 3 },
  };
  const source = sourceOf(entry);
  return source === undefined ? new Worker(entry, options) : new Worker(runSource(source), { ...options, eval: true });
}

/** The `.ts` file that stands where the built file would be; absent when that is there. */
function sourceOf(entry: URL): URL | undefined {
  if (existsSync(fileURLToPath(entry))) return undefined;
  const source = new URL(entry.href.replace(/\.js$/, '.ts'));
  return existsSync(fileURLToPath(source)) ? source : undefined;
}

/** A script that loads tsx, then the source. Node 20 does not run `--import` in worker threads, so `execArgv` cannot do it. */
function runSource(source: URL): string {
  const loader = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const [api, entry] = [pathToFileURL(loader).href, source.href].map((url) => JSON.stringify(url));
  return `import(${api}).then(({ register }) => { register(); return import(${entry}); });`;
}

function isSemiSpaceSet(): boolean {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((flag) => /semi[-_]space[-_]size/.test(flag));
}
