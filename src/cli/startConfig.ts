import { existsSync } from 'node:fs';

import { formatProblem } from '../base/config/ConfigProblem.js';
import { loadConfig } from '../base/config/loadConfig.js';
import type { ConfigLoading, ConfigOverride, LoadedConfig } from '../base/config/loadConfig.js';
import type { LogOptions } from '../base/telemetry/log.js';
import { Failure } from './Failure.js';
import { readInput } from './readInput.js';
import { isConfiguration } from './subgraphList.js';

/** What the command line says; it goes before the configuration file. What it does not say is absent. */
export interface StartFlags {
  /** The configuration file. */
  readonly config?: string | undefined;
  readonly supergraph?: string | undefined;
  /** A list of subgraphs in the format of Rover's `supergraph.yaml`, instead of what the file says. */
  readonly subgraphs?: string | undefined;
  /** Everything that helps at work: introspection, plans, suggestions, pages of this machine. Default false. */
  readonly dev?: boolean | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly workers?: number | undefined;
  readonly dedupe?: boolean | undefined;
  readonly introspection?: boolean | undefined;
  readonly playground?: boolean | undefined;
  readonly playgroundExamples?: string | undefined;
  readonly exposePlans?: boolean | undefined;
  readonly logLevel?: LogOptions['level'];
  readonly warmupFile?: string | undefined;
}

const DEFAULT_LIST = 'supergraph.yaml';

type Setting = Pick<ConfigOverride, 'path' | 'alone'>;

const SETTINGS: Readonly<Record<Exclude<keyof StartFlags, 'config' | 'dev'>, readonly [flag: string, ...Setting[]]>> = {
  supergraph: ['--supergraph', { path: ['supergraph', 'file'], alone: true }],
  subgraphs: ['--subgraphs', { path: ['supergraph', 'config'], alone: true }],
  host: ['--host', { path: ['server', 'host'] }],
  port: ['--port', { path: ['server', 'port'] }],
  workers: ['--workers', { path: ['server', 'workers'] }],
  dedupe: [
    '--no-dedupe',
    { path: ['traffic_shaping', 'router', 'dedupe'] },
    { path: ['traffic_shaping', 'all', 'dedupe'] },
  ],
  introspection: ['--introspection', { path: ['introspection'] }],
  playground: ['--playground', { path: ['playground', 'enabled'] }],
  playgroundExamples: ['--playground-examples', { path: ['playground', 'examples'] }],
  exposePlans: ['--expose-plans', { path: ['query_planner', 'expose'] }],
  logLevel: ['--log-level', { path: ['telemetry', 'logging', 'level'] }],
  warmupFile: ['--warmup-file', { path: ['query_planner', 'warmup', 'file'] }],
};

/** What `portico dev` says whatever the file says, and what it says where the file says nothing. */
const DEV: readonly ConfigOverride[] = [
  inDev('introspection', true),
  inDev('query_planner.expose', true),
  inDev('errors.suggestions', true),
  inDev('reload.watch', true),
  inDev('server.workers', 1),
  inDev('shutdown.delay', '0s'),
  { ...inDev('cors.policies', [{ origins: ['http://localhost:*', 'http://127.0.0.1:*'] }]), unlessSaid: true },
];

function inDev(path: string, value: unknown): ConfigOverride {
  return { flag: 'portico dev', path: path.split('.') as [string, ...string[]], value };
}

/**
 * The configuration of a start: the file, and over it the flags.
 *
 * @param text of the file, to use instead of what it holds now
 */
export function loadStartConfig(flags: StartFlags, text?: string): ConfigLoading {
  const overrides: ConfigOverride[] = flags.dev === true ? [...DEV] : [];
  for (const [name, [flag, ...settings]] of Object.entries(SETTINGS)) {
    const value = flags[name as keyof typeof SETTINGS];
    if (value === undefined) continue;
    for (const setting of settings) overrides.push({ flag, value, ...setting });
  }
  if (flags.config === undefined && flags.supergraph === undefined && flags.subgraphs === undefined) {
    throw new Failure([
      'say what to serve: --supergraph FILE, --subgraphs FILE, or --config FILE; there is no portico.yaml here',
    ]);
  }
  return loadConfig({ file: flags.config, text, overrides });
}

/**
 * What a file that lists subgraphs is for a start: a configuration, or a list that stands in for one.
 * Errors: a Failure when it cannot be read.
 */
export function listFlags(file: string): Pick<StartFlags, 'config' | 'subgraphs'> {
  return isConfiguration(readInput(file)) ? { config: file } : { subgraphs: file };
}

/** Errors: a Failure with a line for each mistake. */
export function requireStartConfig(flags: StartFlags): LoadedConfig {
  const { loaded, problems } = loadStartConfig(flags);
  if (loaded === undefined) throw new Failure(problems.map(formatProblem));
  return loaded;
}

/** What `portico dev` and `portico mock` serve. Errors: a Failure when nothing says what, or two things do. */
export function graphPlace({ config, supergraph }: Pick<StartFlags, 'config' | 'supergraph'>): StartFlags {
  if (config !== undefined && supergraph !== undefined)
    throw new Failure(['--config and --supergraph exclude each other']);
  if (supergraph !== undefined) return { supergraph };
  if (config === undefined && !existsSync(DEFAULT_LIST)) {
    const instead = 'name a list by --config or a composed graph by --supergraph';
    throw new Failure([`there is no ${DEFAULT_LIST} here; ${instead}`]);
  }
  return { config: undefined, ...listFlags(config ?? DEFAULT_LIST) };
}
