/** The steps of a reference within a document: `#/components/schemas/Pet` (RFC 6901, in a URI fragment). */
export function referenceSteps(reference: string): readonly string[] {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The part of a document that these steps lead to; undefined where there is none. */
export function partAt(document: unknown, steps: readonly string[]): unknown {
  return steps.reduce((at, step) => (hasOwn(at, step) ? at[step] : undefined), document);
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    // Written as it is meant.
    return step;
  }
}

function hasOwn(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
