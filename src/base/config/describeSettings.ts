import type { z } from 'zod';

import { unwrap } from './camelCased.js';
import { configSchema } from './configSchema.js';
import { factsOf, requirementOf } from './schemaFacts.js';

/** A setting as the reference page tells of it. */
export interface SettingDescription {
  /** `traffic_shaping.subgraphs.<name>.timeout`, `cors.policies[].origins` */
  readonly path: string;
  readonly description: string;
  /** What a legal value must be; everything else is refused. */
  readonly must: string;
  /** As it would be written; undefined for none. */
  readonly default: unknown;
  readonly required: boolean;
  readonly example: unknown;
  /** Whether it only holds other settings. */
  readonly isGroup: boolean;
}

/** Every setting, section by section, in the order of the schema. */
export function describeSettings(): readonly SettingDescription[] {
  const settings: SettingDescription[] = [];
  visit(configSchema, '', settings);
  return settings;
}

function visit(schema: z.core.$ZodType, path: string, settings: SettingDescription[]): void {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  if (def.type === 'object') {
    for (const [key, child] of Object.entries(def.shape)) {
      if (factsOf(child).alias === true) continue;
      const childPath = path === '' ? key : `${path}.${key}`;
      settings.push(describe(child, childPath));
      visit(child, childPath, settings);
    }
  } else if (def.type === 'record' && isObject(def.valueType)) visit(def.valueType, `${path}.<name>`, settings);
  else if (def.type === 'array' && isObject(def.element)) visit(def.element, `${path}[]`, settings);
}

function describe(schema: z.core.$ZodType, path: string): SettingDescription {
  const { description = '', examples } = factsOf(schema);
  const { type } = (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const isDefaulted = def.type === 'default' || def.type === 'prefault';
  return {
    path,
    description,
    must: type === 'object' ? '' : requirementOf(schema),
    default: isDefaulted ? (def.defaultValue as unknown) : undefined,
    required: !isDefaulted && def.type !== 'optional',
    example: examples?.[0],
    isGroup: type === 'object' || holdsObjects(schema),
  };
}

function holdsObjects(schema: z.core.$ZodType): boolean {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  return (def.type === 'record' && isObject(def.valueType)) || (def.type === 'array' && isObject(def.element));
}

function isObject(schema: z.core.$ZodType): boolean {
  return (unwrap(schema) as z.core.$ZodTypes)._zod.def.type === 'object';
}
