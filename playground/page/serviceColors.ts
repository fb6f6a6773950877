/** Apart in hue, and readable on white and on dark. */
const COLORS = ['#3b82f6', '#10b981', '#f59e0b', '#a855f7', '#ef4444', '#14b8a6', '#ec4899', '#84cc16'];
const given = new Map<string, string>();

/** A service keeps its colour as long as the page is open. */
export function colorOf(service: string): string {
  let color = given.get(service);
  if (color === undefined) given.set(service, (color = COLORS[given.size % COLORS.length]!));
  return color;
}
