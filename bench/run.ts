/** The benchmark: `npm run bench -- --help`. Prints its tables and, for a complete run, writes bench/RESULTS.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodies } from './bodies.js';
import { gateways, porticoIsBuilt, porticoUngrouped, projectFolder } from './gateways/definitions.js';
import { RunningGateway } from './gateways/RunningGateway.js';
import { openLab, type Lab } from './lab.js';
import { measureCallsTable } from './measure/callsTable.js';
import { measureMachineTable } from './measure/machineTable.js';
import { measureMainTable, type Contender } from './measure/mainTable.js';
import { recordReference, verify } from './measure/reference.js';
import { readOptions, select, type BenchmarkOptions } from './options.js';
import { environment } from './report/environment.js';
import { report } from './report/report.js';
import { soak } from './soak.js';

/** Builds Portico into dist/. A type error is no reason to stop as long as there is something to run. */
function build(): string[] {
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', 'tsconfig.build.json'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: projectFolder, encoding: 'utf8' });
  return status === 0 ? [] : [`the build reported errors, the first: ${stdout.split('\n')[0]}`];
}

async function runTables(lab: Lab, options: BenchmarkOptions, notes: string[]): Promise<string> {
  const wanted = select(gateways, options.only, (gateway) => gateway.id);
  const chosen = select(bodies, options.only, (body) => body.name);
  const [stockDefinition] = gateways;
  if (stockDefinition === undefined) throw new Error('no gateways');
  const stock = await RunningGateway.start(stockDefinition, lab, 'gateway');
  const running = [stock];
  try {
    const reference = await recordReference(stock, lab);
    const contenders: Contender[] = [];
    for (const definition of wanted) {
      let gateway = stock;
      try {
        if (definition !== stockDefinition)
          running.push((gateway = await RunningGateway.start(definition, lab, 'gateway')));
      } catch (error) {
        notes.push(`${definition.title}: skipped, ${(error as Error).message}`);
        console.log(notes.at(-1));
        continue;
      }
      contenders.push({ gateway, lengths: await verify(gateway, reference) });
      console.log(`${definition.id}: ${reference.length} answers equal to stock's`);
    }
    const main = await measureMainTable(lab, contenders, chosen, options);
    if (options.mainOnly) return report({ main, notes, options, environment: environment() });
    const latencyRunning = contenders
      .map(({ gateway }) => gateway)
      .filter(({ definition: { id } }) => id !== 'stock-semi');
    const extra = latencyRunning.some(({ definition }) => definition.id === 'portico') ? [porticoUngrouped] : [];
    const calls = await measureCallsTable(lab, latencyRunning, extra);
    const machine = await measureMachineTable(
      lab,
      latencyRunning.map(({ definition }) => definition),
      options,
    );
    return report({
      main,
      calls: calls.rows,
      machine,
      notes: [...notes, ...calls.notes],
      options,
      environment: environment(),
    });
  } finally {
    for (const gateway of running) await gateway.stop();
  }
}

const options = readOptions(process.argv.slice(2));
if (!existsSync('/proc/self/stat')) throw new Error('the benchmark reads /proc and runs on Linux only');
const notes = options.build ? build() : [];
for (const note of notes) console.log(note);
const lab = await openLab();
try {
  let text = options.soak ? `${environment().join('\n')}\n\n` : await runTables(lab, options, notes);
  if (options.soak) text += await soak(lab, options);
  console.log(`\n${text}`);
  if (options.complete && porticoIsBuilt()) {
    const section = await soak(lab, options);
    console.log(section);
    text += `\n${section}`;
  }
  if (options.out !== undefined) writeFileSync(options.out, text);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await lab.close();
}
process.exit();
