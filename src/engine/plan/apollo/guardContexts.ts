import type { FetchGroup, Patch } from './patchFetchGroup.js';

/**
 * Planner guard `contexts`: what fetches a value for fields below (`@fromContext`) has no condition that those fields do not all have.
 *
 * Apollo's planner puts all fields of an entity into one fetch, which waits for the values of each. Where one of the fields is skipped, what
 * fetches its value is, too, and everything that waits for that: the fields beside it are null, silently. Without the condition around it
 * the fetch asks for nothing when its field is skipped.
 */
export const guardContexts: Patch = (prototype) => {
  const { conditions } = prototype;
  const conditionsOf = (group: FetchGroup): unknown => conditions.call(group);
  prototype.conditions = function guarded() {
    const own = conditionsOf(this);
    return own === true || !feedsOthers(this, JSON.stringify(own), conditionsOf) ? own : true;
  };
};

/** Whether a fetch with contexts and other conditions comes after it. */
function feedsOthers(group: FetchGroup, own: string, conditionsOf: (group: FetchGroup) => unknown): boolean {
  // Grows while it is gone through: each fetch is looked at once, by however many ways it is reached.
  const after = new Set(group.children());
  for (const each of after) {
    if (each._contextInputs !== undefined && JSON.stringify(conditionsOf(each)) !== own) return true;
    for (const child of each.children()) after.add(child);
  }
  return false;
}
