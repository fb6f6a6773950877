import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { Rewrite } from '../plan/nodes.js';

import { isOfType } from './representation.js';
import type { PossibleTypes } from './representation.js';

const FRAGMENT = '... on ';

/**
 * Applies what the planner wants changed in a reply before it is merged: keys it had to alias, type names of interface objects.
 * Writes into `value`, which is the caller's own. A renamed key replaces nothing when the reply lacks it.
 */
export function applyOutputRewrites(value: unknown, rewrites: readonly Rewrite[], possible: PossibleTypes): void {
  for (const rewrite of rewrites) applyAt(value, rewrite, 0, possible);
}

function applyAt(value: unknown, rewrite: Rewrite, depth: number, possible: PossibleTypes): void {
  if (Array.isArray(value)) {
    for (const each of value) applyAt(each, rewrite, depth, possible);
    return;
  }
  if (!isJsonObject(value)) return;
  const step = rewrite.path[depth]!;
  if (step.startsWith(FRAGMENT)) {
    const type = value['__typename'];
    // An object whose type was not asked for is taken to be of the type (as Apollo does).
    if (typeof type !== 'string' || isOfType(type, step.slice(FRAGMENT.length), possible))
      applyAt(value, rewrite, depth + 1, possible);
    return;
  }
  if (depth < rewrite.path.length - 1) {
    applyAt(value[step], rewrite, depth + 1, possible);
  } else if (rewrite.kind === 'ValueSetter') value[step] = rewrite.value;
  else if (value[step] !== undefined) {
    value[rewrite.key] = value[step];
    delete value[step];
  }
}

/** An error's path in the names that the tree has after the rewrites; the path itself when none of its keys was renamed. */
export function rewrittenPath(
  path: ReadonlyArray<string | number>,
  rewrites: readonly Rewrite[],
): ReadonlyArray<string | number> {
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const at = endOf(rewrite, path);
    if (at !== undefined) return path.with(at, rewrite.key);
  }
  return path;
}

/** The index of the key that the rewrite renames, when the path leads through it. */
function endOf({ path: keys }: Rewrite, path: ReadonlyArray<string | number>): number | undefined {
  const names = keys.filter((key) => !key.startsWith(FRAGMENT));
  let matched = 0;
  for (let at = 0; at < path.length; at++) {
    if (typeof path[at] === 'number') continue;
    if (path[at] !== names[matched++]) return undefined;
    if (matched === names.length) return at;
  }
  return undefined;
}
