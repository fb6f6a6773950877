import { holdsUnsafeInteger, readKeepingIntegers } from './jsonIntegers.js';

/**
 * How deep arrays and objects may nest in a text that `parseJson` accepts. `JSON.stringify` and other recursive code overflow the
 * stack of Node 20 between 4,000 and 5,000 levels; `JSON.parse` itself does not recurse and takes a million.
 */
export const MAX_JSON_DEPTH = 2000;

/**
 * `JSON.parse`, but integers beyond ±(2^53 - 1) become `bigint` and so keep their digits, and the nesting is bounded.
 *
 * Everything else is `JSON.parse`'s: own `__proto__` keys, the last of duplicate keys, lone surrogates, `1e400` as Infinity.
 *
 * Errors: SyntaxError (as `JSON.parse`), also for nesting deeper than `maxDepth`.
 * HOT: once per subgraph answer. Bench: bench/upstream.ts. Texts without long digit runs cost one look at every 16th character; texts
 * shorter than twice `maxDepth`, or with fewer brackets than that, cost no depth scan.
 */
export function parseJson(text: string, maxDepth: number = MAX_JSON_DEPTH): unknown {
  if (text.length > 2 * maxDepth && countOpening(text, maxDepth) > maxDepth && depthOf(text, maxDepth) > maxDepth) {
    throw new SyntaxError(`JSON nested deeper than ${maxDepth} levels`);
  }
  const value: unknown = JSON.parse(text);
  return holdsUnsafeInteger(text) ? readKeepingIntegers(text) : value;
}

/**
 * `JSON.stringify`, but a `bigint` is written as its digits. What JSON cannot say (undefined, a function) is `null` at the top.
 *
 * Errors: TypeError for cycles without a bigint; RangeError when the value is nested too deep for the stack.
 */
export function writeJson(value: unknown): string {
  try {
    return (JSON.stringify(value) as string | undefined) ?? 'null';
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('BigInt')) return writeWithIntegers(value, '') ?? 'null';
    throw error;
  }
}

/** Brackets that open, those in strings included: no less than the depth. Stops when it is over `limit`. */
function countOpening(text: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf('{'); at >= 0 && count <= limit; at = text.indexOf('{', at + 1)) count++;
  for (let at = text.indexOf('['); at >= 0 && count <= limit; at = text.indexOf('[', at + 1)) count++;
  return count;
}

/** The depth, exact for valid JSON. Stops when it is over `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === 0x22) {
      do {
        code = text.charCodeAt(++at);
        if (code === 0x5c) at++;
      } while (code !== 0x22 && at < text.length);
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth;
      if (depth > limit) return depth;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
  return deepest;
}

/** ECMA-262 SerializeJSONProperty without replacer and indent, with bigint added. */
function writeWithIntegers(value: unknown, key: string): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return writeWithIntegers((value as { toJSON: (key: string) => unknown }).toJSON(key), key);
  }
  if (Array.isArray(value)) {
    const items: string[] = [];
    for (let index = 0; index < value.length; index++) {
      items.push(writeWithIntegers(value[index] as unknown, String(index)) ?? 'null');
    }
    return `[${items.join(',')}]`;
  }
  const members: string[] = [];
  for (const name of Object.keys(value)) {
    const text = writeWithIntegers((value as Record<string, unknown>)[name], name);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
