import { isJsonObject } from '../base/kit/isJsonObject.js';
import type { Family } from './MockGraph.js';

export type Arguments = Readonly<Record<string, unknown>>;

/** Arguments that say how many items a list has. */
const COUNT = /^(first|last|limit|take|top|count|n|size|pageSize|page_size|perPage|per_page)$/;
const SKIP = /^(offset|skip)$/;

/** No list is longer, whatever a client asks for. */
export const MAX_ITEMS = 1000;

/** How many items the arguments ask for. */
export function countOf(args: Arguments): number | undefined {
  return wholeIn(args, COUNT);
}

/** How many items the arguments skip. */
export function skipOf(args: Arguments): number {
  return wholeIn(args, SKIP) ?? 0;
}

function wholeIn(args: Arguments, pattern: RegExp): number | undefined {
  for (const [name, value] of Object.entries(args)) {
    if (pattern.test(name) && typeof value === 'number') return Math.min(MAX_ITEMS, Math.max(0, Math.floor(value)));
  }
  return undefined;
}

/** The arguments without those that choose a part of a list: what is in the list does not depend on them. */
export function withoutPaging(args: Arguments): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !COUNT.test(name) && !SKIP.test(name)));
}

/** The arguments, and the fields of input objects among them. An argument goes before a field of the same name. */
export function flatten(args: Arguments): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const value of Object.values(args)) {
    if (isJsonObject(value)) Object.assign(flat, value);
  }
  return { ...flat, ...args };
}

/**
 * The key values that arguments give for an entity: `id`, or with the type's name before it `productId`. Empty when there are none.
 *
 * @param typeNames what the entity may be called
 */
export function keysIn(args: Arguments, family: Family, typeNames: readonly string[]): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const path of family.paths) {
    if (path.includes('.')) {
      const [outer = ''] = path.split('.');
      if (typeof args[outer] === 'object' && args[outer] !== null) keys[outer] = args[outer];
      continue;
    }
    for (const name of [path, ...typeNames.map((type) => prefixed(type, path))]) {
      if (Object.hasOwn(args, name) && isKeyValue(args[name])) keys[path] ??= args[name];
    }
  }
  return keys;
}

/** The same for several at once: `ids`, `productIds`. */
export function keyListIn(
  args: Arguments,
  family: Family,
  typeNames: readonly string[],
): ReadonlyArray<Record<string, unknown>> | undefined {
  for (const path of family.paths) {
    for (const name of [path, ...typeNames.map((type) => prefixed(type, path))].map((one) => `${one}s`)) {
      const list = Object.hasOwn(args, name) ? args[name] : undefined;
      if (Array.isArray(list) && list.every(isKeyValue))
        return list.slice(0, MAX_ITEMS).map((value) => ({ [path]: value }));
    }
  }
  return undefined;
}

/** `Product` and `id` as `productId`. */
export function prefixed(name: string, key: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function isKeyValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
