import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { writeJson } from '../../base/kit/json.js';
import { jsonString } from '../../base/kit/jsonString.js';

import type { Faults } from './Faults.js';
import type { JsonObject } from './json.js';

/** Why an object cannot be asked for: the place whose value is missing, or null because it failed. */
export interface MissingInput {
  readonly owner: object;
  readonly key: string;
}

/** One member of a representation. */
export interface Part {
  /** `"upc":` */
  readonly head: string;
  readonly write: string;
  readonly read: string;
  /** A value known beforehand: set by an input rewrite, or the type for which the parts are. */
  readonly fixed: string | undefined;
  /** For objects: how to write the nested value. */
  readonly nested: ((object: JsonObject) => Parts) | undefined;
  /** Left out when the value is absent: it was asked for under a condition that did not hold. */
  readonly isOptional: boolean;
}

/** The members of a representation, for objects of one type. */
export interface Parts {
  readonly all: readonly Part[];
  /** Where none may be left out: the members with a value of the object, and the text before each and after the last. */
  readonly plain:
    | { readonly valued: readonly Part[]; readonly leads: readonly string[]; readonly tail: string }
    | undefined;
}

export function joinParts(all: readonly Part[]): Parts {
  if (all.some((part) => part.isOptional)) return { all, plain: undefined };
  const valued: Part[] = [];
  const leads: string[] = [];
  let text = '{';
  for (const [at, part] of all.entries()) {
    text += `${at === 0 ? '' : ','}${part.head}${part.fixed ?? ''}`;
    if (part.fixed !== undefined) continue;
    valued.push(part);
    leads.push(text);
    text = '';
  }
  return { all, plain: { valued, leads, tail: `${text}}` } };
}

/**
 * The JSON text of an object's representation; nothing when every input was left out: a representation that identifies nothing is not sent.
 *
 * HOT: once per entity. Few pieces: each string put together of others is an object more, and the key of a map is put in one piece again.
 */
export function writeObject(
  object: JsonObject,
  { all, plain }: Parts,
  faults: Faults | undefined,
): string | MissingInput | undefined {
  if (plain === undefined) return writeSome(object, all, faults);
  const { valued, leads, tail } = plain;
  let text = '';
  for (let i = 0; i < valued.length; i++) {
    const { read, nested } = valued[i]!;
    const written = writeValue(object[read], nested, object, read, faults);
    if (typeof written !== 'string') return written;
    text += leads[i]! + written;
  }
  return text + tail;
}

function writeSome(
  object: JsonObject,
  parts: readonly Part[],
  faults: Faults | undefined,
): string | MissingInput | undefined {
  let text = '';
  let isEmpty = true;
  for (const { head, read, fixed, nested, isOptional } of parts) {
    let written: string | MissingInput | undefined = fixed;
    if (written === undefined) {
      const value = object[read];
      if (value === undefined && isOptional) continue;
      written = writeValue(value, nested, object, read, faults);
      if (typeof written !== 'string') return written;
    }
    if (read !== '__typename') isEmpty = false;
    text += (text === '' ? head : `,${head}`) + written;
  }
  return isEmpty ? undefined : `{${text}}`;
}

/** A value that is undefined was never delivered. */
function writeValue(
  value: unknown,
  nested: Part['nested'],
  owner: object,
  key: string,
  faults: Faults | undefined,
): string | MissingInput {
  switch (typeof value) {
    case 'string':
      return jsonString(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'object':
      break;
    default:
      return { owner, key };
  }
  if (value === null) return faults?.at(owner, key) === undefined ? 'null' : { owner, key };
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) {
      const written = writeValue(value[i], nested, value, String(i), faults);
      if (typeof written !== 'string') return written;
      text += i === 0 ? written : `,${written}`;
    }
    return text + ']';
  }
  if (nested !== undefined && isJsonObject(value)) return writeObject(value, nested(value), faults) ?? 'null';
  // A custom scalar whose value is an object: whatever it holds goes through untouched.
  return writeJson(value);
}
