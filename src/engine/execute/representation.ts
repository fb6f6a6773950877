import { jsonString } from '../../base/kit/jsonString.js';
import type { RequiredSelection, Rewrite } from '../plan/nodes.js';

import type { Faults } from './Faults.js';
import type { JsonObject } from './json.js';
import { joinParts, writeObject } from './writeRepresentation.js';
import type { MissingInput, Part, Parts } from './writeRepresentation.js';

/** Which object types an abstract type stands for, from the supergraph (inaccessible types included). */
export type PossibleTypes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Builds the JSON text of an entity's representation. Gives `undefined` when the object is of another type than the fetch is for,
 * and a MissingInput when a required value was never delivered. A null is a value, unless `faults` know it for a failure: nothing is worked
 * out from what could not be told.
 */
export type Represent = (object: JsonObject, faults?: Faults) => string | MissingInput | undefined;

/**
 * Whether the plan asks an input under conditions only; what needs it then has the same conditions.
 *
 * @param names the input's name in the tree, below the names that lead to it from the entity
 */
type IsOptional = (names: readonly string[]) => boolean;

const NONE_OPTIONAL: IsOptional = () => false;

/** The keys by which a type is found where the fetch goes, each as the names of its fields; none when they are not known. */
export type KeysOf = (type: string) => ReadonlyArray<readonly string[]>;

const UNKNOWN_KEYS: KeysOf = () => [];

/**
 * Compiles what a fetch requires into a builder.
 *
 * The text is both the key that finds equal entities and the bytes that are sent: it is built once and never parsed again.
 * The parts are worked out once per runtime type.
 */
export function compileRepresent(
  requires: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  possible: PossibleTypes,
  isOptional: IsOptional = NONE_OPTIONAL,
  keysOf: KeysOf = UNKNOWN_KEYS,
): Represent {
  const partsOf = compileParts(requires, rewrites, possible, isOptional, true);
  const unkeyed = abstractInputs(requires, rewrites);
  /** By parts, which belong to one type each. */
  const keyed = new WeakMap<Parts, readonly KeyParts[]>();
  return (object, faults) => {
    if (unkeyed !== undefined && !unkeyed(object['__typename'], possible)) return undefined;
    const parts = partsOf(object);
    // A representation without __typename is of no use to anybody: the object is not of a required type.
    if (parts.all.length === 0) return undefined;
    let keys = keyed.get(parts);
    if (keys === undefined) keyed.set(parts, (keys = keysAmong(object, parts.all, keysOf)));
    return keys.some((key) => isWritten(object, key)) ? writeObject(object, parts, faults) : undefined;
  };
}

/** For each field of a key that may be left out: the parts that write it. One of them must. */
type KeyParts = ReadonlyArray<readonly Part[]>;

/**
 * The keys among what is written. There is none where the object is of a type for which nothing of this fetch is selected: what it has of
 * the inputs of others (or what `@requires` needs of an interface object) names nobody.
 */
function keysAmong(object: JsonObject, parts: readonly Part[], keysOf: KeysOf): readonly KeyParts[] {
  const fixed = parts.find(({ write }) => write === '__typename')?.fixed;
  const type: unknown = fixed === undefined ? object['__typename'] : JSON.parse(fixed);
  const keys = typeof type === 'string' ? keysOf(type) : [];
  // Where none is known, nothing is to be told apart.
  if (keys.length === 0) return [[]];
  return keys.flatMap((key) => {
    const fields = key.map((name) => parts.filter(({ write }) => write === name));
    if (fields.some((each) => each.length === 0)) return [];
    return [fields.filter((each) => each.every((part) => part.isOptional))];
  });
}

function isWritten(object: JsonObject, key: KeyParts): boolean {
  return key.every((parts) => parts.some((part) => !isLeftOut(object, part)));
}

function isLeftOut(object: JsonObject, part: Part): boolean {
  return part.isOptional && object[part.read] === undefined;
}

/**
 * An interface object (`@interfaceObject`) is asked for under the interface's name, which an input rewrite sets for each type that the operation
 * selects. Beside those the planner writes `... on Media { __typename title }` for what `@requires` needs: no key, no rewrite. An object of
 * a type that was not selected fits that part alone, and the subgraph knows neither the type nor which entity is meant.
 *
 * @returns what says whether an object may be asked for; undefined where there is nothing to say
 */
function abstractInputs(
  requires: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
): ((typename: unknown, possible: PossibleTypes) => boolean) | undefined {
  const renamed = new Map<string, string>();
  for (const { path, ...rewrite } of rewrites) {
    const [fragment = '', last] = path;
    if (rewrite.kind !== 'ValueSetter' || path.length !== 2 || last !== '__typename') continue;
    if (typeof rewrite.value === 'string') renamed.set(fragment.replace(/^\.\.\. on /, ''), rewrite.value);
  }
  // With a rewrite of its own the interface's part has a key, too.
  const targets = new Set([...renamed.values()].filter((name) => !renamed.has(name)));
  const names = new Set(requires.map((each) => (each.kind === 'Fragment' ? (each.typeCondition ?? '') : '')));
  const isExtra = [...targets].some((name) => names.has(name)) && [...renamed.keys()].some((name) => names.has(name));
  if (!isExtra || requires.some((each) => each.kind === 'Field')) return undefined;
  return (typename, possible) =>
    typeof typename !== 'string' ||
    targets.has(typename) ||
    requires.some(
      (each) =>
        each.kind === 'Fragment' &&
        !targets.has(each.typeCondition ?? '') &&
        isOfType(typename, each.typeCondition, possible),
    );
}

/** The names a fetch reads at the top of each entity, for the given requirements. */
export function readNames(requires: readonly RequiredSelection[]): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (selections: readonly RequiredSelection[]): void => {
    for (const selection of selections) {
      if (selection.kind === 'Field') names.add(selection.read);
      else walk(selection.selections);
    }
  };
  walk(requires);
  return names;
}

function compileParts(
  selections: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  possible: PossibleTypes,
  isOptional: IsOptional,
  isTop: boolean,
): (object: JsonObject) => Parts {
  const byType = new Map<string | undefined, Parts>();
  return (object) => {
    const typename = object['__typename'];
    const type = typeof typename === 'string' ? typename : undefined;
    let parts = byType.get(type);
    if (parts === undefined) {
      parts = joinParts(partsFor(selections, rewrites, possible, isOptional, isTop, type));
      // A subgraph that invents type names must not fill the memory.
      if (byType.size < 256) byType.set(type, parts);
    }
    return parts;
  };
}

function partsFor(
  selections: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  possible: PossibleTypes,
  isOptional: IsOptional,
  isTop: boolean,
  type: string | undefined,
): readonly Part[] {
  const fields = new Map<string, { read: string; selections: RequiredSelection[] | undefined }>();
  const collect = (list: readonly RequiredSelection[]): void => {
    for (const selection of list) {
      if (selection.kind === 'Fragment') {
        if (isOfType(type, selection.typeCondition, possible)) collect(selection.selections);
        continue;
      }
      const known = fields.get(selection.write);
      if (known === undefined)
        fields.set(selection.write, { read: selection.read, selections: selection.selections?.slice() });
      else if (selection.selections !== undefined) (known.selections ??= []).push(...selection.selections);
    }
  };
  collect(selections);
  if (isTop && !fields.has('__typename')) return [];
  const parts: Part[] = [];
  const typename = type === undefined ? undefined : jsonString(type);
  for (const [write, field] of fields) {
    const below = rewrites.flatMap((each) => stepInto(each, write, type, possible));
    const rewrite = below.find((each) => each.path.length === 0);
    const name = rewrite?.kind === 'KeyRenamer' ? rewrite.key : write;
    parts.push({
      head: `${jsonString(name)}:`,
      write: name,
      isOptional: isOptional([field.read]),
      read: field.read,
      fixed:
        rewrite?.kind === 'ValueSetter'
          ? JSON.stringify(rewrite.value)
          : field.read === '__typename'
            ? typename
            : undefined,
      nested:
        field.selections &&
        compileParts(field.selections, below, possible, (names) => isOptional([field.read, ...names]), false),
    });
  }
  return parts;
}

/** The rewrite seen from inside the field `write` of an object of this type; nothing when its path leads elsewhere. */
function stepInto(rewrite: Rewrite, write: string, type: string | undefined, possible: PossibleTypes): Rewrite[] {
  const { path } = rewrite;
  let at = 0;
  while (path[at]?.startsWith('... on ') === true)
    if (!isOfType(type, path[at++]!.slice('... on '.length), possible)) return [];
  return path[at] === write ? [{ ...rewrite, path: path.slice(at + 1) }] : [];
}

export function isOfType(type: string | undefined, condition: string | undefined, possible: PossibleTypes): boolean {
  if (condition === undefined || type === condition) return true;
  return type !== undefined && possible.get(condition)?.has(type) === true;
}
