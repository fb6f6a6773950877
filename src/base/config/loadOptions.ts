import { z } from 'zod';

import { renameKeys, snakeKey } from './camelCased.js';
import type { CamelCased } from './camelCased.js';
import { checkTogether } from './checkTogether.js';
import { configSchema } from './configSchema.js';
import type { Config, ConfigOptions } from './configSchema.js';
import { supergraph } from './sections/supergraph.js';
import { settle } from './settle.js';
import type { Settled } from './settle.js';
import { SourceNode } from './SourceNode.js';

/** What of the configuration concerns a gateway in a server of the user's own; listening, CORS and logs are that server's. */
const SECTIONS = {
  subgraphs: true,
  introspection: true,
  authentication: true,
  authorization: true,
  headers: true,
  limits: true,
  traffic_shaping: true,
  tls: true,
  errors: true,
  query_planner: true,
  connectors: true,
  fallback: true,
  rate_limit: true,
  demand_control: true,
  override_labels: true,
} as const;

const optionsSchema = z
  .strictObject({ supergraph: supergraph.optional(), ...z.object(configSchema.shape).pick(SECTIONS).shape })
  .superRefine(checkTogether);

type EngineKey = keyof CamelCased<typeof SECTIONS>;

/** What a program may say about a gateway: the settings of portico.yaml in camelCase. */
export type EngineSettings = Partial<Pick<ConfigOptions, EngineKey | 'supergraph'>>;

/** The same, complete and checked. */
export type EngineConfig = Pick<Config, EngineKey> & { readonly supergraph?: Config['supergraph'] | undefined };

export type OptionsLoading = Settled<EngineConfig>;

/**
 * Checks the settings of a program, and fills in defaults. Paths of files start at the working directory. Never throws for a mistake.
 *
 * @param name what messages call it, where they would name a file
 */
export function loadOptions(settings: EngineSettings, name: string): OptionsLoading {
  const place = { file: name, line: 0, column: 0 };
  const root = SourceNode.of(renameKeys(optionsSchema, settings, snakeKey), place);
  return settle<EngineConfig>(optionsSchema, {
    root,
    problems: [],
    words: 'camel',
    directoryOf: () => process.cwd(),
    environment: process.env,
  });
}
