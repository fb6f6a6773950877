import type { PathStep } from '../plan/nodes.js';

import type { Shape } from './Shape.js';
import { isOver } from './turns.js';
import type { Turn } from './turns.js';

interface Place {
  /** What fetches bring to this place as part of something larger. */
  readonly brought: Shape[];
  /** What entity fetches add to the objects at this very place. */
  readonly added: Shape[];
  readonly children: Map<string, Place>;
}

/**
 * Which fetch brings what to which place of the tree, for a whole plan: decides what must be copied when a reply is shared, and
 * where equal entities may become one object.
 */
export class Layout {
  readonly #root: Place = newPlace();
  readonly #turns = new Map<Shape, number>();

  /** @param path where the fetch adds to: empty for the root of the tree */
  addEntities(path: readonly PathStep[], shape: Shape, turn: Turn): void {
    const place = this.#find(path);
    place.added.push(shape);
    this.#descend(place, shape, turn);
  }

  #descend(place: Place, shape: Shape, turn: Turn): void {
    this.#turns.set(shape, turn.at);
    for (const [key, sub] of shape.fields) {
      if (sub === undefined) continue;
      let child = place.children.get(key);
      if (child === undefined) place.children.set(key, (child = newPlace()));
      child.brought.push(sub);
      this.#descend(child, sub, turn);
    }
  }

  #find(path: readonly PathStep[]): Place {
    let place = this.#root;
    for (const step of path) {
      if (step.kind !== 'field') continue;
      let next = place.children.get(step.name);
      if (next === undefined) place.children.set(step.name, (next = newPlace()));
      place = next;
    }
    return place;
  }

  /** Marks every shape into whose objects later work writes, and with what. Call when all fetches are added. */
  markSpines(paths: ReadonlyArray<readonly PathStep[]>): void {
    for (const path of paths) {
      for (let depth = 1; depth <= path.length; depth++) this.#mark(this.#find(path.slice(0, depth)));
      for (const shape of this.#root.added) shape.spine = true;
      for (let depth = 1; depth <= path.length; depth++)
        for (const shape of this.#find(path.slice(0, depth)).added) shape.spine = true;
    }
    this.#markJoint(this.#root);
    this.#markForeign(this.#root);
  }

  #markForeign(place: Place): void {
    const all = new Set<string>();
    for (const shape of [...place.brought, ...place.added]) for (const key of shape.fields.keys()) all.add(key);
    all.delete('__typename');
    for (const shape of place.brought) {
      const foreign = new Set(shape.foreign);
      for (const key of all) if (!shape.fields.has(key)) foreign.add(key);
      shape.foreign = foreign;
    }
    for (const child of place.children.values()) this.#markForeign(child);
  }

  #mark(place: Place): void {
    for (const shape of place.brought) shape.spine = true;
  }

  /** Value objects that several fetches bring in parts are merged, so they and everything above them are written into. */
  #markJoint(place: Place): boolean {
    let isWritten = place.brought.length > 1;
    for (const child of place.children.values()) if (this.#markJoint(child)) isWritten = true;
    if (isWritten) {
      for (const shape of [...place.brought, ...place.added]) {
        shape.spine = true;
        shape.joint = true;
      }
    }
    return isWritten;
  }

  /**
   * Whether a key is asked for under conditions only, so that its absence is no mistake.
   *
   * @param names the key, below the names that lead to it from the place at `path`
   * @param turn of the fetch that needs it: what comes later, or beside it, brings nothing to it
   */
  isConditional(path: readonly PathStep[], names: readonly string[], turn: Turn): boolean {
    let place: Place | undefined = this.#find(path);
    for (const name of names.slice(0, -1)) place = place?.children.get(name);
    if (place === undefined) return false;
    const key = names.at(-1)!;
    let isConditional = false;
    for (const shape of [...place.brought, ...place.added]) {
      if (!isOver(this.#turns.get(shape)!, turn)) continue;
      if (shape.certain.has(key)) return false;
      if (shape.fields.has(key)) isConditional = true;
    }
    return isConditional;
  }

  /** The keys that objects at a place have before any entity fetch extends them; undefined when some of them are objects. */
  ownKeys(path: readonly PathStep[]): ReadonlySet<string> | undefined {
    const keys = new Set<string>();
    for (const shape of this.#find(path).brought) {
      for (const [key, sub] of shape.fields) {
        if (sub !== undefined) return undefined;
        keys.add(key);
      }
    }
    return keys;
  }
}

function newPlace(): Place {
  return { brought: [], added: [], children: new Map<string, Place>() };
}
