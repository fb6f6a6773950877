import { parseKey } from '../../supergraph/connect/KeyTree.js';
import type { TypeOwners } from '../../supergraph/model/Supergraph.js';
import type { ExecutionSetting } from './ExecutionSetting.js';

const NONE: ReadonlyArray<readonly string[]> = [];

/** Looks up the resolvable keys of a type in a subgraph; each is read once. */
export function createKeysOf(owners: ReadonlyMap<string, TypeOwners>): ExecutionSetting['keysOf'] {
  const known = new Map<string, ReadonlyArray<readonly string[]>>();
  return (subgraph, type) => {
    const keys = owners.get(type)?.keys;
    if (keys === undefined) return NONE;
    const place = `${subgraph}\n${type}`;
    let found = known.get(place);
    if (found === undefined) {
      found = keys.filter(([graph]) => graph === subgraph).map(([, key]) => [...(parseKey(key)?.keys() ?? [])]);
      known.set(place, found);
    }
    return found;
  };
}
