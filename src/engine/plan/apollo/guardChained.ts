import { MapWithCachedArrays } from '@apollo/federation-internals';

/** What is used here of the planner's FetchGroup, a class that the package keeps to itself. */
interface FetchGroup {
  canMergeChildIn(child: FetchGroup): boolean;
  isDescendantOf(other: FetchGroup): boolean;
  parentGroups(): readonly FetchGroup[];
}

let isGuarded = false;

/**
 * Planner guard `chained`: a fetch does not move into one that comes before something it waits for.
 *
 * Where a field of a third subgraph needs a field with `@requires` of the subgraph that the entity comes from (`third` of c needs `second`
 * of b, which needs `first` of a, and b gives the entity), Apollo's planner moves the fetch of `second` into the one of the entity, because
 * that is a parent of it in the same subgraph, and forgets that it waits for `first` as well: `second` is computed from nothing, silently.
 *
 * There is no hook for it: the method itself is replaced, once per thread. Its class is found when the planner keeps its first root fetch,
 * which it does before it plans any requirement.
 */
export function guardChained(): void {
  if (isGuarded) return;
  isGuarded = true;
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { set } = MapWithCachedArrays.prototype;
  MapWithCachedArrays.prototype.set = function spy(key: unknown, value: unknown) {
    if (isFetchGroup(value)) {
      MapWithCachedArrays.prototype.set = set;
      guard(Object.getPrototypeOf(value) as FetchGroup);
    }
    return set.call(this, key, value) as typeof this;
  };
}

function guard(prototype: FetchGroup): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { canMergeChildIn } = prototype;
  prototype.canMergeChildIn = function guarded(child) {
    const waitsForOthers = child.parentGroups().some((parent) => parent !== this && !this.isDescendantOf(parent));
    return !waitsForOthers && canMergeChildIn.call(this, child);
  };
}

function isFetchGroup(value: unknown): value is FetchGroup {
  return typeof value === 'object' && value !== null && 'canMergeChildIn' in value && 'parentGroups' in value;
}
