import type { Rewrite } from '../plan/nodes.js';

import type { Shape } from './Shape.js';

/** A renamed key is merged under its new name; everything on the way to it is written into. */
export function renameInShape(shape: Shape, rewrite: Rewrite): void {
  shape.spine = true;
  const path = rewrite.path.filter((step) => !step.startsWith('... on '));
  const last = path.pop();
  let at: Shape | undefined = shape;
  for (const step of path) {
    at = at?.fields.get(step);
    if (at !== undefined) at.spine = true;
  }
  if (at === undefined || last === undefined) return;
  if (rewrite.kind === 'KeyRenamer') at.fields.set(rewrite.key, at.fields.get(last));
  else at.fields.set(last, undefined);
}
