import type { KeyTree } from '../../supergraph/connect/KeyTree.js';

import { keyText } from './keyText.js';

/**
 * What the answer to a batch gave, by the text of its key. The first one of a key counts, as with any look-up.
 *
 * @returns undefined for what is no answer to a batch (an error page, an envelope that the selection does not know): it would read as "there
 * are none of them"
 */
export function batchByKey(value: unknown, key: KeyTree): ReadonlyMap<string, unknown> | undefined {
  const objects = objectsIn(value, key);
  if (objects === undefined) return undefined;
  const byKey = new Map<string, unknown>();
  for (let at = 0; at < objects.length; at++) {
    const text = keyText(objects[at], key);
    if (text !== undefined && !byKey.has(text)) byKey.set(text, objects[at]);
  }
  return byKey;
}

/** A list, nothing at all, or a single object that says which one it is. */
function objectsIn(value: unknown, key: KeyTree): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value === null || value === undefined) return [];
  return keyText(value, key) === undefined ? undefined : [value];
}
