import { parseJson } from '../../base/kit/json.js';
import { holdsUnsafeInteger } from '../../base/kit/jsonIntegers.js';

/** Node 21 and later: a value that `JSON.stringify` writes as the given digits (TC39 "JSON.parse source text access"). */
const rawJson = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;

/**
 * Parses for a server whose serialiser we do not know: no `bigint`, at which `JSON.stringify` throws. Integers beyond 2^53 keep
 * their digits where the platform can carry them, and are rounded as `JSON.parse` does where it cannot.
 */
export function parsePlainJson(text: string): unknown {
  const value = parseJson(text);
  return holdsUnsafeInteger(text) ? withoutBigInts(value) : value;
}

function withoutBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') return rawJson === undefined ? Number(value) : rawJson(value.toString());
  if (typeof value !== 'object' || value === null) return value;
  // In place: we have just made it, nobody else holds it.
  const members = value as Record<string, unknown>;
  for (const [key, member] of Object.entries(members)) {
    const plain = withoutBigInts(member);
    if (plain !== member)
      Object.defineProperty(members, key, { value: plain, writable: true, enumerable: true, configurable: true });
  }
  return value;
}
