import type { KeyTree } from '../../supergraph/connect/KeyTree.js';

/**
 * The values of a key as text, so that objects of a service find the objects that they were asked for. `1` and `"1"` are the same: services
 * have numbers where the graph has IDs.
 *
 * @returns undefined when a part is null or missing: nobody has such a key
 */
export function keyText(value: unknown, key: KeyTree): string | undefined {
  if (key.size === 1) {
    const [[name, inner]] = key as unknown as [[string, KeyTree]];
    if (inner.size === 0) return typeof value === 'object' && value !== null ? scalarOf(value, name) : undefined;
  }
  const parts: string[] = [];
  return collect(value, key, parts) ? JSON.stringify(parts) : undefined;
}

/** The usual key: one scalar. */
function scalarOf(value: object, name: string): string | undefined {
  const part: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  if (part === null || part === undefined) return undefined;
  return typeof part === 'object' ? JSON.stringify(part) : String(part as string | number | boolean);
}

function collect(value: unknown, key: KeyTree, parts: string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const [name, inner] of key) {
    if (inner.size === 0) {
      const text = scalarOf(value, name);
      if (text === undefined) return false;
      parts.push(text);
    } else if (
      !collect(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, inner, parts)
    ) {
      return false;
    }
  }
  return true;
}

/** The fields of a key alone, as values of their own. Call it where `keyText` gave a text. */
export function keyOf(value: unknown, key: KeyTree): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [name, inner] of key) {
    const part = (value as Record<string, unknown>)[name];
    own[name] = inner.size > 0 ? keyOf(part, inner) : part;
  }
  return own;
}
