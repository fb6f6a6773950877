/** The largest cost: every integer up to here is exact. More is not told apart. */
export const MAX_POINTS = Number.MAX_SAFE_INTEGER;

/** Keeps a result in range. Products of two values in range are far from Infinity, so nothing is ever NaN. */
export function bounded(points: number): number {
  return points < MAX_POINTS ? points : MAX_POINTS;
}
