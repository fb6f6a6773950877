import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which processor a process may use. `gateway` and `rest` are different ones; `any` is not bound. */
export type Core = 'gateway' | 'rest' | 'any';

const cpus = allowedCpus();

/** False on a machine with one processor or without `taskset`: figures then include the subgraphs' noise. */
export const canPin: boolean = cpus.length > 1 && spawnSync('taskset', ['--version']).status === 0;

function allowedCpus(): number[] {
  const listing = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }).stdout ?? '';
  const ranges = (listing.split(':').at(-1) ?? '').trim();
  const list = ranges.split(',').flatMap((range) => {
    const [from = NaN, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(Number.isFinite);
  });
  return list.length > 0 ? list : Array.from({ length: availableParallelism() }, (_, i) => i);
}

/** Command line that runs `command` on the given processor: the first for the gateway, the second for the rest. */
function pinned(core: Core, command: readonly string[]): readonly string[] {
  return core === 'any' || !canPin ? command : ['taskset', '-c', String(cpus[core === 'gateway' ? 0 : 1]), ...command];
}

export interface SpawnOptions {
  readonly core: Core;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** An IPC channel to a Node process. */
  readonly ipc?: boolean;
  /** File descriptor for stdout and stderr; default: inherited. */
  readonly log?: number;
}

/** Groups that were started and not yet stopped; killed when the benchmark itself ends, however that happens. */
const groups = new Set<number>();

process.on('exit', () => {
  for (const pid of groups) killGroup(pid, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** @returns false when nothing is left of the group. */
function killGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Starts a process as the leader of a group of its own, so that `stopGroup` reaches its children. */
export function spawnPinned(command: readonly string[], options: SpawnOptions): ChildProcess {
  const [file = '', ...args] = pinned(options.core, command);
  const out = options.log ?? 'inherit';
  const child = spawn(file, args, {
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: options.ipc === true ? ['ignore', out, out, 'ipc'] : ['ignore', out, out],
  });
  if (child.pid !== undefined) groups.add(child.pid);
  return child;
}

/** Ends a process group: SIGTERM, and SIGKILL after three seconds. */
export async function stopGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined || !groups.has(pid)) return;
  killGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < 3000 && killGroup(pid, 0); waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  killGroup(pid, 'SIGKILL');
  groups.delete(pid);
}
