import type { Patch } from './patchFetchGroup.js';

/**
 * Planner guard `deferred`: a fetch that waits for a deferred one is deferred with it.
 *
 * Apollo's planner forgets that a field with `@requires` is deferred where it makes a fetch of its own for what comes after the requirement, and
 * then throws, because a fetch of the first answer waits for one of a later answer.
 */
export const guardDeferred: Patch = (prototype) => {
  const { addParent } = prototype;
  prototype.addParent = function guarded(parent) {
    this.deferRef ??= parent.group.deferRef;
    addParent.call(this, parent);
  };
};
