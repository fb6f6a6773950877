import { renameKeys, snakeKey } from './camelCased.js';
import { configSchema } from './configSchema.js';
import type { Config, ConfigOptions } from './configSchema.js';
import { loadedFrom } from './loadConfig.js';
import type { ConfigLoading } from './loadConfig.js';
import { settle } from './settle.js';
import { SourceNode } from './SourceNode.js';

/**
 * Checks everything that a program may say about a whole server, and fills in defaults: portico.yaml in camelCase. Paths of files start at the
 * working directory. Never throws for a mistake.
 *
 * @param name what messages call it, where they would name a file
 */
export function loadServerOptions(settings: ConfigOptions, name: string): ConfigLoading {
  const root = SourceNode.of(renameKeys(configSchema, settings, snakeKey), { file: name, line: 0, column: 0 });
  const settled = settle<Config>(configSchema, {
    root,
    problems: [],
    words: 'camel',
    directoryOf: () => process.cwd(),
    environment: process.env,
  });
  return loadedFrom(settled, '', undefined);
}
