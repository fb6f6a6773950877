import { SelectionSet } from '@apollo/federation-internals';

import type { Patch } from './patchFetchGroup.js';

/**
 * Planner guard `chained`: a fetch does not move into one that comes before something it waits for.
 *
 * Where a field of a third subgraph needs a field with `@requires` of the subgraph that the entity comes from (`third` of c needs `second`
 * of b, which needs `first` of a, and b gives the entity), Apollo's planner moves the fetch of `second` into the one of the entity, because
 * that is a parent of it in the same subgraph, and forgets that it waits for `first` as well: `second` is computed from nothing, silently.
 *
 * With the fetch where it belongs, the planner is left with fetches that ask for nothing. They move into the one before like others, and
 * where conditions (`@include`, `@skip`) stand on their way the planner would write those with nothing inside, and throw: that is left out.
 */
export const guardChained: Patch = (prototype) => {
  const { canMergeChildIn, addAtPath } = prototype;
  prototype.canMergeChildIn = function guarded(child) {
    const waitsForOthers = child.parentGroups().some((parent) => parent !== this && !this.isDescendantOf(parent));
    return !waitsForOthers && canMergeChildIn.call(this, child);
  };
  prototype.addAtPath = function guarded(path, selection) {
    if (selection instanceof SelectionSet && selection.isEmpty()) return;
    addAtPath.call(this, path, selection);
  };
};
