interface Asymmetric {
  asymmetricMatch(value: unknown): boolean;
}

/**
 * Whether everything in `part` is in `whole`: members of objects, and lists element by element. What `expect.any(…)` and its like give
 * may stand anywhere in `part`.
 */
export function isPartOf(part: unknown, whole: unknown): boolean {
  if (isAsymmetric(part)) return part.asymmetricMatch(whole);
  if (part instanceof RegExp) return typeof whole === 'string' && new RegExp(part).test(whole);
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part)) {
    const list = whole as unknown[];
    return part.length === list.length && part.every((each, index) => isPartOf(each, list[index]));
  }
  return Object.entries(part).every(
    ([name, value]) => Object.hasOwn(whole, name) && isPartOf(value, (whole as Record<string, unknown>)[name]),
  );
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value;
}
