/**
 * What is wrong with options of which some are none; undefined when all are known. Types say so too, but the caller may be JavaScript, and a
 * typing error would hold silently.
 */
export function unknownKeys(given: object, known: readonly string[]): string | undefined {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return unknown.length === 0 ? undefined : `there is no ${unknown.join(', ')}, only ${known.join(', ')}`;
}
