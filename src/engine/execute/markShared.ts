import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { JsonObject } from './json.js';
import type { Run } from './Run.js';
import type { Shape } from './Shape.js';

/**
 * Notes that the objects below `value` are held by several objects of the tree, so that the projector writes each of them once. Without
 * it the work would grow with the number of paths: three selections of `friends { friends … }` over fifty people are 125,000.
 */
export function markShared(run: Run, value: JsonObject, shape: Shape): void {
  run.sharing = true;
  const { keys, subs } = shape;
  for (let i = 0; i < keys.length; i++) if (subs[i] !== undefined) mark(run, value[keys[i]!]);
}

function mark(run: Run, value: unknown): void {
  if (Array.isArray(value)) for (const each of value) mark(run, each);
  else if (isJsonObject(value)) run.shared.add(value);
}
