import type { z } from 'zod';

/** The same shape with camelCase keys. Names that the user chooses (subgraphs, labels, headers) stay as they are. */
export type CamelCased<T> =
  T extends ReadonlyArray<infer Item>
    ? Array<CamelCased<Item>>
    : T extends object
      ? { [K in keyof T as string extends K ? K : K extends string ? CamelKey<K> : K]: CamelCased<T[K]> }
      : T;

type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

/** `max_depth` → `maxDepth` */
export function camelKey(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** `maxDepth` → `max_depth` */
export function snakeKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Renames the keys of `value` that `schema` defines, and no others: the name of a subgraph keeps its underscores.
 *
 * Values that do not fit the schema are left as they are, for validation to complain about. The same function does both directions.
 */
export function renameKeys(schema: z.core.$ZodType, value: unknown, rename: (key: string) => string): unknown {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  if (typeof value !== 'object' || value === null) return value;
  if (def.type === 'array') {
    return Array.isArray(value) ? value.map((each) => renameKeys(def.element, each, rename)) : value;
  }
  if (Array.isArray(value) || (def.type !== 'object' && def.type !== 'record')) return value;
  const renamed = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) {
    const childSchema = def.type === 'record' ? def.valueType : childOf(def.shape, key);
    // An alias that is spelled in camelCase in YAML as well.
    const isOwnName = def.type === 'object' && rename === snakeKey && Object.hasOwn(def.shape, key);
    const name = def.type === 'record' || isOwnName ? key : rename(key);
    renamed[name] = childSchema === undefined ? child : renameKeys(childSchema, child, rename);
  }
  return renamed;
}

function childOf(shape: Readonly<Record<string, z.core.$ZodType>>, key: string): z.core.$ZodType | undefined {
  if (Object.hasOwn(shape, key)) return shape[key];
  const snake = snakeKey(key);
  return Object.hasOwn(shape, snake) ? shape[snake] : undefined;
}

/** The schema inside defaults, options and transformations: what was written, before they apply. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  for (;;) {
    const { def } = (inner as z.core.$ZodTypes)._zod;
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') inner = def.innerType;
    else if (def.type === 'pipe') inner = def.in;
    else return inner;
  }
}
