/** Throws: a TypeError for an option that nobody reads. Types say so too, but a test may be JavaScript, and a typing error would hold silently. */
export function checkKeys(where: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new TypeError(`${where}: there is no ${unknown.join(', ')}, only ${known.join(', ')}`);
}
