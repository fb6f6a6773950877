import { MapWithCachedArrays } from '@apollo/federation-internals';

/**
 * What the guards use of the planner's FetchGroup, one fetch of a plan that is being made. The package keeps the class to itself. Methods that
 * they replace say what `this` is: their own is taken off and called with it.
 */
export interface FetchGroup {
  readonly isEntityFetch: boolean;
  /** Where in the answer its entities are; undefined for fetches of root fields. */
  readonly mergeAt: readonly (string | number)[] | undefined;
  /** What it takes from objects above its entities (`@fromContext`); undefined for nothing. */
  readonly _contextInputs: readonly unknown[] | undefined;
  /** The label of the `@defer` that it belongs to. */
  deferRef: string | undefined;
  parentGroups(): readonly FetchGroup[];
  children(): readonly FetchGroup[];
  /** The conditions that all of its selection stands under, plain values; `true` where some of it always is asked. */
  conditions: (this: FetchGroup) => unknown;
  isDescendantOf(other: FetchGroup): boolean;
  canMergeChildIn: (this: FetchGroup, child: FetchGroup) => boolean;
  addAtPath: (this: FetchGroup, path: unknown, selection?: unknown) => void;
  addParent: (this: FetchGroup, parent: ParentRelation) => void;
  mergeInWithAllDependencies: (this: FetchGroup, other: FetchGroup) => void;
}

export interface ParentRelation {
  readonly group: FetchGroup;
  /** From the parent's selection to that of the child; undefined when the planner does not know it. */
  readonly path?: readonly unknown[] | undefined;
}

/** Replaces methods, given the class's prototype. */
export type Patch = (prototype: FetchGroup) => void;

let isPatched = false;

/**
 * Patches the planner's FetchGroup, in this order, once per thread. There is no hook for what the guards need, and no export of the class: it
 * is found when the planner keeps its first root fetch, which it does before it plans any requirement.
 */
export function patchFetchGroup(patches: readonly Patch[]): void {
  if (isPatched) return;
  isPatched = true;
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { set } = MapWithCachedArrays.prototype;
  MapWithCachedArrays.prototype.set = function spy(key: unknown, value: unknown) {
    if (isFetchGroup(value)) {
      MapWithCachedArrays.prototype.set = set;
      for (const patch of patches) patch(Object.getPrototypeOf(value) as FetchGroup);
    }
    return set.call(this, key, value) as typeof this;
  };
}

function isFetchGroup(value: unknown): value is FetchGroup {
  return typeof value === 'object' && value !== null && 'canMergeChildIn' in value && 'parentGroups' in value;
}
