import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Lab } from '../lab.js';
import { cacheFolder, hiveCommand } from './hive.js';

/** A gateway that the benchmark can start. */
export interface GatewayDefinition {
  /** Name for `--only` and in tables. */
  readonly id: string;
  readonly title: string;
  readonly path: string;
  /** @returns the command and its environment. Throws when this gateway is not to be had here; the message says why. */
  command(lab: Lab, port: number): Promise<GatewayCommand> | GatewayCommand;
}

export interface GatewayCommand {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Portico's young-generation size, also given to stock Apollo in one row. */
const semiSpace = '--max-semi-space-size=64';

/** File that tells the floor what to do; written by `measure/reference.ts`. */
export const floorFile = (lab: Lab): string => join(lab.folder, 'floor.json');

/** The project's folder. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

const main = join(projectFolder, 'dist/src/cli/main.js');

/** Whether there is a `portico start` to measure. */
export const porticoIsBuilt = (): boolean => existsSync(main);

/** Command line of the built `portico start`. BENCH_PORTICO_ARGS adds to it, for experiments. */
export function porticoCommand(lab: Lab, port: number, extra: readonly string[]): readonly string[] {
  if (!porticoIsBuilt()) throw new Error('dist/src/cli/main.js is not built');
  return [
    process.execPath,
    main,
    'start',
    '--supergraph',
    lab.supergraph,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    ...extra,
    ...(process.env['BENCH_PORTICO_ARGS'] ?? '').split(' ').filter((argument) => argument !== ''),
  ];
}

/**
 * Compiles a gateway's process to JavaScript in the cache folder. A TypeScript loader in the measured process would cost it memory, and
 * time too: it turns source maps on, which makes stack traces dear, and Apollo's HTTP client takes one per call.
 */
function script(name: string): string {
  const source = readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8');
  const { module, target } = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module, target, verbatimModuleSyntax: true },
  });
  mkdirSync(cacheFolder, { recursive: true });
  const file = join(cacheFolder, `${name}.mjs`);
  writeFileSync(file, outputText);
  return file;
}

function stock(id: string, title: string, flags: readonly string[]): GatewayDefinition {
  return {
    id,
    title,
    path: '/',
    command: (lab, port) => ({
      command: [process.execPath, ...flags, script('stock')],
      env: { SUPERGRAPH: lab.supergraph, PORT: String(port) },
    }),
  };
}

function portico(id: string, title: string, extra: readonly string[]): GatewayDefinition {
  return { id, title, path: '/graphql', command: (lab, port) => ({ command: porticoCommand(lab, port, extra) }) };
}

/** In the order of the tables. The first one is the reference. */
export const gateways: readonly GatewayDefinition[] = [
  stock('stock', 'Apollo Gateway + Server', []),
  stock('stock-semi', 'Apollo Gateway + Server, 64 MB semi-space', [semiSpace]),
  { id: 'hive', title: 'Hive Gateway, Rust planner', path: '/graphql', command: hiveCommand },
  portico('portico', 'Portico', []),
  portico('portico-nodedupe', 'Portico --no-dedupe', ['--no-dedupe']),
  {
    id: 'floor',
    title: "floor (stock's calls, no GraphQL)",
    path: '/graphql',
    command: (lab, port) => ({
      command: [process.execPath, semiSpace, script('floor')],
      env: { FLOOR: floorFile(lab), PORT: String(port) },
    }),
  },
];

/** Only for the table of subgraph calls: every fetch of the plan is a call of its own. */
export const porticoUngrouped: GatewayDefinition = {
  id: 'portico-ungrouped',
  title: 'Portico, entity_batching: off',
  path: '/graphql',
  command: (lab, port) => {
    const config = join(lab.folder, 'ungrouped.yaml');
    writeFileSync(config, 'traffic_shaping:\n  all:\n    entity_batching: off\n');
    return { command: porticoCommand(lab, port, ['--config', config]) };
  },
};
