import type { Shape } from '../Shape.js';
import type { Coverage } from './coverage.js';

/**
 * Marks the objects of a fetch that stand-ins are written into, and those above them: of a reply that several requests share, each gets its
 * own. The objects at the place of the fetch itself are its own anyway.
 */
export function markCovered(shape: Shape, { below }: Coverage): void {
  for (const { key, coverage } of below) {
    const sub = shape.fields.get(key);
    if (sub === undefined) continue;
    shape.spine = true;
    sub.spine = true;
    markCovered(sub, coverage);
  }
}
