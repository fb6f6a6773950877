import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { PathStep } from '../plan/nodes.js';

import type { JsonObject } from './json.js';
import type { Run } from './Run.js';

/** The objects at a path, and where each hangs when that was asked for: `holders[i][slots[i]] === objects[i]`. */
export interface Targets {
  readonly objects: JsonObject[];
  readonly holders: Array<JsonObject | unknown[]>;
  readonly slots: Array<string | number>;
}

/**
 * Walks a plan path through the tree.
 *
 * HOT: once per entity fetch, per level. Objects that several parents share are visited once, or the walk over a graph such as
 * product → reviews → author → reviews would grow with the number of paths instead of the number of objects.
 *
 * @param keepsPlaces whether to say where each hangs
 */
export function findTargets(run: Run, path: readonly PathStep[], keepsPlaces = false): Targets {
  let objects: unknown[] = [run.root];
  const holders: Array<JsonObject | unknown[]> = [];
  const slots: Array<string | number> = [];
  const last = path.length - 1;
  for (let depth = 0; depth <= last; depth++) {
    const step = path[depth]!;
    const next: unknown[] = [];
    const isLast = depth === last;
    const isPlaced = isLast && keepsPlaces;
    for (const object of objects) {
      if (step.kind === 'field') {
        if (!isJsonObject(object)) continue;
        const value = object[step.name];
        if (typeof value !== 'object' || value === null || !admits(step.types, value)) continue;
        next.push(value);
        if (isPlaced) {
          holders.push(object);
          slots.push(step.name);
        }
      } else {
        if (!Array.isArray(object)) continue;
        for (let i = 0; i < object.length; i++) {
          const value: unknown = object[i];
          if (typeof value !== 'object' || value === null || !admits(step.types, value)) continue;
          next.push(value);
          if (isPlaced) {
            holders.push(object);
            slots.push(i);
          }
        }
      }
    }
    objects = run.sharing && !isLast ? [...new Set(next)] : next;
  }
  return keepObjects(objects, holders, slots);
}

/** Whether a step's type condition lets an object pass. */
export function admits(types: readonly string[] | undefined, value: object): boolean {
  // A list is admitted here and its elements are checked by the step for the list.
  return types === undefined || Array.isArray(value) || types.includes((value as JsonObject)['__typename'] as string);
}

function keepObjects(
  objects: unknown[],
  holders: Array<JsonObject | unknown[]>,
  slots: Array<string | number>,
): Targets {
  if (objects.every(isJsonObject)) return { objects: objects as JsonObject[], holders, slots };
  const kept: Targets = { objects: [], holders: [], slots: [] };
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i];
    if (!isJsonObject(object)) continue;
    kept.objects.push(object);
    if (i >= holders.length) continue;
    kept.holders.push(holders[i]!);
    kept.slots.push(slots[i]!);
  }
  return kept;
}
