import type { z } from 'zod';

/** Says so when not exactly one of the keys is set. */
export function exactlyOne<Key extends string>(
  value: { readonly [K in Key]?: unknown },
  keys: readonly Key[],
  context: z.core.$RefinementCtx<unknown>,
): boolean {
  const given = keys.filter((key) => value[key] !== undefined);
  if (given.length === 1) return true;
  const names = `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)!}`;
  const message = `needs exactly one of ${names}, ${given.length === 0 ? 'and has none' : `but has ${given.join(' and ')}`}`;
  context.addIssue({ code: 'custom', message });
  return false;
}
