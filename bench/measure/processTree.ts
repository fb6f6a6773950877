import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Linux only: everything is read from /proc. */

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone
  }
}

/** A process and all its descendants. */
export function processTree(root: number): number[] {
  const all = [root];
  for (let i = 0; i < all.length; i++) {
    const tasks = `/proc/${all[i]}/task`;
    let threads: string[] = [];
    try {
      threads = readdirSync(tasks);
    } catch {
      continue;
    }
    for (const thread of threads) {
      const children = read(`${tasks}/${thread}/children`).trim();
      if (children !== '') all.push(...children.split(' ').map(Number));
    }
  }
  return all;
}

/** CPU milliseconds (user + system, all threads) that a process tree has used, ended children included. 10 ms resolution. */
export function cpuMilliseconds(root: number): number {
  let ticks = 0;
  for (const pid of processTree(root)) {
    const stat = read(`/proc/${pid}/stat`);
    // Fields are counted after the command name, which may contain anything: utime, stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (let i = 11; i < 15; i++) ticks += Number(fields[i] ?? 0);
  }
  return ticks * 10;
}

/** Resident memory in bytes, of a process or with all its descendants; shared pages are counted once per process. */
export function residentBytes(root: number, descendants = true): number {
  let pages = 0;
  for (const pid of descendants ? processTree(root) : [root])
    pages += Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
  return pages * 4096;
}

/** TCP ports on which a process listens. */
export function listeningPorts(pid: number): number[] {
  const sockets = new Set<string>();
  let files: string[] = [];
  try {
    files = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  for (const file of files) {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${file}`);
      if (target.startsWith('socket:[')) sockets.add(target.slice(8, -1));
    } catch {
      continue; // closed meanwhile
    }
  }
  const ports: number[] = [];
  for (const line of read('/proc/net/tcp').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local = '', , state] = fields;
    if (state === '0A' && sockets.has(fields[9] ?? '')) ports.push(parseInt(local.split(':')[1] ?? '', 16));
  }
  return ports;
}
