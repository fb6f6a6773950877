import { globalRegistry } from 'zod';
import type { z } from 'zod';

import { camelKey, unwrap } from './camelCased.js';

/** What the settings' schemas say about themselves (`.meta(…)`), beside what zod knows. */
export interface SettingFacts {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  /** What a legal value must be, as in "must be a duration with a unit". */
  readonly must?: string;
  /** Another name of a setting that is described elsewhere. */
  readonly alias?: boolean;
  readonly kind?: 'duration' | 'size' | 'file' | 'output';
}

/** The facts of a setting: what wrappers say goes before what they wrap. */
export function factsOf(schema: z.core.$ZodType): SettingFacts {
  let facts: SettingFacts = {};
  let inner = schema;
  for (;;) {
    facts = { ...(globalRegistry.get(inner) as SettingFacts | undefined), ...facts };
    const { def } = (inner as z.core.$ZodTypes)._zod;
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') inner = def.innerType;
    else if (def.type === 'pipe') inner = def.in;
    else return facts;
  }
}

/** What a legal value of the schema must be. */
export function requirementOf(schema: z.core.$ZodType): string {
  const { must } = factsOf(schema);
  if (must !== undefined) return must;
  const inner = unwrap(schema);
  const { def } = (inner as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'number': {
      const { minValue, maxValue } = inner as z.ZodNumber;
      return `be a whole number from ${String(minValue)} to ${String(maxValue)}`;
    }
    case 'boolean':
      return 'be true or false';
    case 'enum':
      return `be one of ${Object.values(def.entries).join(', ')}`;
    case 'array':
      return 'be a list';
    case 'record':
      return 'be a map of names';
    case 'object':
      return `be a map with keys out of ${Object.keys(def.shape).join(', ')}`;
    default:
      return 'be a text';
  }
}

/** The schema of the value at a path; undefined where the path leaves what the schema knows. */
export function schemaAt(root: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root;
  for (const step of path) {
    const { def }: z.core.$ZodTypes['_zod'] = (unwrap(schema) as z.core.$ZodTypes)._zod;
    if (def.type === 'array') schema = def.element;
    else if (def.type === 'record') schema = def.valueType;
    else if (def.type === 'object' && Object.hasOwn(def.shape, step)) schema = def.shape[String(step)];
    else return undefined;
    if (schema === undefined) return undefined;
  }
  return schema;
}

/** The keys of an object's schema; empty for anything else. */
export function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
  if (schema === undefined) return [];
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** A path in the words of programs: keys that the schema defines in camelCase, names of the user as they are. */
export function camelPath(root: z.core.$ZodType, path: readonly PropertyKey[]): PropertyKey[] {
  return path.map((step, index) => {
    const isKey = keysOf(schemaAt(root, path.slice(0, index))).includes(String(step));
    return isKey ? camelKey(String(step)) : step;
  });
}
