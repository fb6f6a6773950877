import { Kind } from 'graphql';
import type { DirectiveNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { JsonObject } from './json.js';

/**
 * Which keys a fetch brings, at every level: merging goes by these known keys, so whatever else a subgraph sends
 * (unrequested fields, `__proto__`) is never looked at.
 *
 * `spine`: later work of the same plan writes into the objects here (they are entities that another fetch extends, or value
 * objects that two fetches bring in parts). Only these are copied when a reply is shared between requests.
 */
export class Shape {
  readonly fields = new Map<string, Shape | undefined>();
  /** The same as arrays, for the hot loops: set by `freeze`. */
  keys: readonly string[] = [];
  subs: readonly (Shape | undefined)[] = [];
  spine = false;
  /**
   * Value objects here or below come in parts from several fetches. Two objects of one entity then need copies of their own: what the
   * other fetches bring may depend on more than the entity.
   */
  joint = false;
  /** Keys that other fetches bring to the objects here. This one was not asked for them: what it says of them is dropped. */
  foreign: ReadonlySet<string> = new Set();
  /** The same as an array, and whether there are any here or below: set by `settle`. */
  foreignKeys: readonly string[] = [];
  mayStray = false;
  /** Keys that are always asked for; the others stand under `@skip`, `@include` or a type condition. */
  readonly certain = new Set<string>();

  /**
   * Adds a selection set; type conditions are ignored, the union of all keys is what may come.
   *
   * @param isCertain false below a condition
   * @param isEntity the selection of an `_entities` list, whose one type condition is the type asked for
   */
  add(
    set: SelectionSetNode,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    isCertain = true,
    isEntity = false,
  ): void {
    for (const node of set.selections) {
      const isAsked = isCertain && node.directives?.some(isCondition) !== true;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        if (isAsked) this.certain.add(key);
        let sub = this.fields.get(key);
        if (node.selectionSet !== undefined) {
          sub ??= new Shape();
          sub.add(node.selectionSet, fragments, isAsked);
        }
        this.fields.set(key, sub);
      } else {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
        if (fragment === undefined) continue;
        const narrows = fragment.typeCondition !== undefined && !(isEntity && set.selections.length === 1);
        this.add(fragment.selectionSet, fragments, isAsked && !narrows);
      }
    }
  }

  freeze(): void {
    this.keys = [...this.fields.keys()];
    this.subs = [...this.fields.values()];
    for (const sub of this.subs) sub?.freeze();
  }

  /** Once all marks are set. */
  settle(): void {
    this.foreignKeys = [...this.foreign];
    this.mayStray = this.foreign.size > 0;
    for (const sub of this.subs) {
      sub?.settle();
      if (sub?.mayStray === true) this.mayStray = true;
    }
  }
}

/** What will be written into one of these shapes of one selection may be written into all: a reply is taken once for all their places. */
export function uniteMarks(shapes: readonly Shape[]): void {
  const [first, ...others] = shapes;
  if (first === undefined || others.length === 0) return;
  const spine = shapes.some((each) => each.spine);
  const joint = shapes.some((each) => each.joint);
  const foreign = new Set(shapes.flatMap((each) => [...each.foreign]));
  for (const each of shapes) Object.assign(each, { spine, joint, foreign });
  for (const key of first.fields.keys()) {
    uniteMarks(shapes.map((each) => each.fields.get(key)).filter((each) => each !== undefined));
  }
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

/**
 * Merges a subgraph's object into an object of the tree, by the keys of `shape`.
 *
 * A null never replaces a value; a value replaces a null or a gap; value objects brought in parts are merged key by key, lists
 * of them element by element. `__typename` is the caller's business and left alone where the tree already has one.
 */
export function mergeInto(target: JsonObject, source: JsonObject, shape: Shape): void {
  const { keys, subs } = shape;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const value = source[key];
    // JSON holds no functions: one means that the key is missing and Object.prototype has a member of that name (`constructor`).
    if (value === undefined || typeof value === 'function') continue;
    const known = target[key];
    if (known === undefined || known === null || typeof known === 'function') target[key] = value;
    else {
      const sub = subs[i];
      if (sub !== undefined && known !== value) mergeValue(known, value, sub);
    }
  }
}

function mergeValue(known: unknown, value: unknown, shape: Shape): void {
  if (Array.isArray(known)) {
    if (!Array.isArray(value) || value.length !== known.length) return;
    for (let i = 0; i < known.length; i++) {
      if (known[i] === null || known[i] === undefined) known[i] = value[i];
      else mergeValue(known[i], value[i], shape);
    }
  } else if (isJsonObject(known) && isJsonObject(value)) mergeInto(known, value, shape);
}

/** Takes out of a subgraph's data what it was not asked for and another fetch brings: nobody answers for another subgraph. */
export function dropStrays(value: unknown, shape: Shape): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) dropStrays(value[i], shape);
    return;
  }
  const object = value as JsonObject;
  const { foreignKeys, keys, subs } = shape;
  for (let i = 0; i < foreignKeys.length; i++) {
    const key = foreignKeys[i]!;
    if (object[key] !== undefined && Object.hasOwn(object, key)) object[key] = undefined;
  }
  for (let i = 0; i < subs.length; i++) {
    const sub = subs[i];
    if (sub?.mayStray === true) dropStrays(object[keys[i]!], sub);
  }
}

/** A copy of `value` in which everything that later work writes into is new, and the rest is shared with the original. */
export function copySpine(value: unknown, shape: Shape): unknown {
  return shape.spine ? copyMarked(value, shape, 'spine') : value;
}

/** A copy of `value` in which the value objects that come in parts, and all above them, are new. */
export function copyJoint(value: unknown, shape: Shape): unknown {
  return shape.joint ? copyMarked(value, shape, 'joint') : value;
}

function copyMarked(value: unknown, shape: Shape, mark: 'spine' | 'joint'): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => copyMarked(each, shape, mark));
  const copy: JsonObject = { ...(value as JsonObject) };
  const { keys, subs } = shape;
  for (let i = 0; i < keys.length; i++) {
    const sub = subs[i];
    if (sub?.[mark] !== true) continue;
    const key = keys[i]!;
    const below = copy[key];
    if (typeof below === 'object' && below !== null) copy[key] = copyMarked(below, sub, mark);
  }
  return copy;
}
