import { existsSync, readFileSync } from 'node:fs';

import { formatProblem } from '../base/config/ConfigProblem.js';
import { loadConfig } from '../base/config/loadConfig.js';
import type { ConfigLoading, ConfigOverride, LoadedConfig } from '../base/config/loadConfig.js';
import type { LogOptions } from '../base/telemetry/log.js';
import { Failure } from './Failure.js';
import { isConfiguration } from './subgraphList.js';

/** What the command line says; it goes before the configuration file. What it does not say is absent. */
export interface StartFlags {
  /** The configuration file. */
  readonly config?: string | undefined;
  readonly supergraph?: string | undefined;
  /** A list of subgraphs in the format of Rover's `supergraph.yaml`, instead of what the file says. */
  readonly list?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly workers?: number | undefined;
  readonly dedupe?: boolean | undefined;
  readonly introspection?: boolean | undefined;
  readonly playground?: boolean | undefined;
  readonly playgroundExamples?: string | undefined;
  readonly exposePlans?: boolean | undefined;
  readonly suggestions?: boolean | undefined;
  readonly logLevel?: LogOptions['level'];
  readonly warmupFile?: string | undefined;
}

type Setting = Pick<ConfigOverride, 'path' | 'alone'>;

const SETTINGS: Readonly<Record<Exclude<keyof StartFlags, 'config'>, readonly [flag: string, ...Setting[]]>> = {
  supergraph: ['--supergraph', { path: ['supergraph', 'file'], alone: true }],
  list: ['--config', { path: ['supergraph', 'config'], alone: true }],
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
  suggestions: ['--suggestions', { path: ['errors', 'suggestions'] }],
  logLevel: ['--log-level', { path: ['telemetry', 'logging', 'level'] }],
  warmupFile: ['--warmup-file', { path: ['query_planner', 'warmup', 'file'] }],
};

/**
 * The configuration of a start: the file, and over it the flags.
 *
 * @param text of the file, to use instead of what it holds now
 */
export function loadStartConfig(flags: StartFlags, text?: string): ConfigLoading {
  const overrides: ConfigOverride[] = [];
  for (const [name, [flag, ...settings]] of Object.entries(SETTINGS)) {
    const value = flags[name as keyof typeof SETTINGS];
    if (value === undefined) continue;
    for (const setting of settings) overrides.push({ flag, value, ...setting });
  }
  if (flags.config === undefined && flags.supergraph === undefined && flags.list === undefined) {
    throw new Failure(['say what to serve: --supergraph FILE, or --config FILE']);
  }
  return loadConfig({ file: flags.config, text, overrides });
}

/** What a file that lists subgraphs is for a start: a configuration, or a list that stands in for one. */
export function listFlags(file: string | undefined): Pick<StartFlags, 'config' | 'list'> {
  if (file === undefined) return { config: undefined };
  // A file that is not there is somebody else's to complain about.
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return isConfiguration(text) ? { config: file } : { config: undefined, list: file };
}

/** Errors: a Failure with a line for each mistake. */
export function requireStartConfig(flags: StartFlags): LoadedConfig {
  const { loaded, problems } = loadStartConfig(flags);
  if (loaded === undefined) throw new Failure(problems.map(formatProblem));
  return loaded;
}
