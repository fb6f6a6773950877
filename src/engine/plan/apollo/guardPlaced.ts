import type { FetchGroup, Patch } from './patchFetchGroup.js';

/**
 * Planner guard `placed`: of a fetch that waits for another one of the same entities it is known where they stand in that one's selection.
 *
 * Where a key leads through several subgraphs (a has `id`, b `id` and `ref`, c `ref` and `no`, d `no`), the last fetch waits for one of which
 * Apollo's planner does not know the place. It then forgets what a field of d with `@requires` waits for: the field is computed before its
 * inputs are there, from nothing, silently.
 *
 * Then also fetches with the same inputs meet of which one waits for the other. Apollo's planner joins them as if they did not: the one that
 * stays waits for itself, without end, or what the later one asks is asked while its inputs are there under a condition only.
 */
export const guardPlaced: Patch = (prototype) => {
  const { addParent, mergeInWithAllDependencies } = prototype;
  prototype.addParent = function guarded(parent) {
    const isPlaced = parent.path !== undefined || !haveSameEntities(this, parent.group);
    addParent.call(this, isPlaced ? parent : { ...parent, path: [] });
  };
  prototype.mergeInWithAllDependencies = function guarded(other) {
    const isOneBeforeTheOther = this.isDescendantOf(other) || other.isDescendantOf(this);
    if (!isOneBeforeTheOther) mergeInWithAllDependencies.call(this, other);
  };
};

function haveSameEntities(a: FetchGroup, b: FetchGroup): boolean {
  if (!a.isEntityFetch || !b.isEntityFetch || a.mergeAt?.length !== b.mergeAt?.length) return false;
  return a.mergeAt?.every((step, at) => step === b.mergeAt?.[at]) ?? false;
}
