/**
 * CPU profile of one gateway under one body: `npx tsx bench/profile.ts [body] [--gateway ID] [--seconds N] [--top N] [--out FILE]`.
 * Prints the functions with the most self time; FILE is a .cpuprofile for Chrome DevTools or VS Code. Build dist/ first.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bodies } from './bodies.js';
import { gateways } from './gateways/definitions.js';
import { RunningGateway } from './gateways/RunningGateway.js';
import { openLab } from './lab.js';
import { Inspector, inspectable } from './measure/inspector.js';
import { measureBody } from './measure/measureBody.js';
import { cpuMilliseconds, processTree } from './measure/processTree.js';
import { recordReference } from './measure/reference.js';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Self time in ms by `function file:line`. */
function selfTimes(profile: CpuProfile): Map<string, number> {
  const names = new Map<number, string>();
  for (const { id, callFrame } of profile.nodes) {
    const file = callFrame.url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, '');
    names.set(
      id,
      `${callFrame.functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${callFrame.lineNumber + 1}`}`,
    );
  }
  const times = new Map<string, number>();
  profile.samples.forEach((sample, i) => {
    const name = names.get(sample) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0) / 1000);
  });
  return times;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gateway: { type: 'string', default: 'portico-nodedupe' },
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '50' },
    top: { type: 'string', default: '45' },
    out: { type: 'string' },
  },
});
const body = bodies.find(({ name }) => name === (positionals[0] ?? 'heavy'));
const definition = gateways.find(({ id }) => id === values.gateway);
const [stockDefinition] = gateways;
if (body === undefined || definition === undefined || stockDefinition === undefined)
  throw new Error('no such body or gateway');

const lab = await openLab();
try {
  if (definition.id === 'floor') {
    const stock = await RunningGateway.start(stockDefinition, lab, 'gateway');
    await recordReference(stock, lab);
    await stock.stop();
  }
  const gateway = await RunningGateway.start(definition, lab, 'gateway', inspectable());
  try {
    const connections = Number(values.connections);
    await measureBody(lab, gateway, body, { seconds: 4, connections, length: 0 });
    // A primary only waits: the child that did most of the work serves.
    const worked = (pid: number): boolean =>
      pid !== gateway.pid && cpuMilliseconds(pid) > cpuMilliseconds(gateway.pid) / 2;
    const serving = processTree(gateway.pid).find(worked) ?? gateway.pid;
    const inspector = await Inspector.attach(serving);
    if (inspector === undefined) throw new Error(`process ${serving} has no debugger`);
    await inspector.send('Profiler.enable');
    await inspector.send('Profiler.setSamplingInterval', { interval: 250 });
    await inspector.send('Profiler.start');
    const result = await measureBody(lab, gateway, body, { seconds: Number(values.seconds), connections, length: 0 });
    const { profile } = (await inspector.send('Profiler.stop')) as { profile: CpuProfile };
    inspector.close();
    const times = [...selfTimes(profile)]
      .filter(([name]) => !name.startsWith('(idle)'))
      .toSorted((a, b) => b[1] - a[1]);
    const total = times.reduce((sum, [, ms]) => sum + ms, 0);
    console.log(
      `${definition.id}, ${body.name}: ${result.cpuMs.toFixed(3)} ms CPU a request (with the profiler), ${result.requests} requests`,
    );
    console.log('   self %   µs/request  function');
    for (const [name, ms] of times.slice(0, Number(values.top))) {
      // Samples are wall time; on a busy machine that is more than CPU time, hence the share of the CPU time.
      const share = ms / total;
      const perRequest = (share * result.cpuMs * 1000).toFixed(1);
      console.log(`${(share * 100).toFixed(1).padStart(8)} ${perRequest.padStart(12)}  ${name}`);
    }
    if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(profile));
  } finally {
    await gateway.stop();
  }
} finally {
  await lab.close();
}
process.exit();
