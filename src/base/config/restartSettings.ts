import { camelKey } from './camelCased.js';
import type { Config } from './configSchema.js';

/** Settings that take effect with the next start, in the words of YAML. All others do as soon as the file is read again. */
export const RESTART_SETTINGS: readonly string[] = [
  'server.host',
  'server.port',
  'server.path',
  'server.workers',
  'server.header_timeout',
  'server.request_timeout',
  'server.keep_alive',
  'server.max_header_size',
  'supergraph',
  'playground',
  'errors.suggestions',
  'query_planner.warmup.file',
  'reload',
  'shutdown',
];

/** The settings that differ between two configurations and need a restart. A list of subgraphs in a file of its own is watched by itself. */
export function changedRestartSettings(before: Config, after: Config): readonly string[] {
  return RESTART_SETTINGS.filter((path) => comparable(before, path) !== comparable(after, path));
}

function comparable(config: Config, path: string): string | undefined {
  let value: unknown = config;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[camelKey(key)];
  if (path === 'supergraph' && config.supergraph.config !== undefined)
    value = { ...config.supergraph, subgraphs: undefined };
  return JSON.stringify(value);
}
