import type { AnyOf, Demand } from '../model/AccessRules.js';

/** Whether whoever meets all of `these` meets all of `those`. */
export function implies(these: readonly Demand[], those: readonly Demand[]): boolean {
  return those.every((that) => {
    if (that.kind === 'authenticated') return these.some(({ kind }) => kind === 'authenticated');
    const { kind } = that;
    return groupsOf(these, kind).every((group) => that.anyOf.some((needed) => needed.every((name) => group.has(name))));
  });
}

/** Beyond this many the question is given up, and answered with no. */
const MAX_GROUPS = 10_000;

/** The ways to meet all demands of one kind: one group of each, together. */
function groupsOf(demands: readonly Demand[], kind: 'scopes' | 'policies'): ReadonlyArray<ReadonlySet<string>> {
  let groups: ReadonlyArray<ReadonlySet<string>> = [new Set()];
  const lists = demands.flatMap((demand): AnyOf[] => (demand.kind === kind ? [demand.anyOf] : []));
  for (const anyOf of lists) {
    if (groups.length * anyOf.length > MAX_GROUPS) return [new Set()];
    groups = groups.flatMap((group) => anyOf.map((more) => new Set([...group, ...more])));
  }
  return groups;
}
