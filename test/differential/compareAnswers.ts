import type { Answer, EngineError } from '../support/engines/Engine.js';

/**
 * What is wrong with an answer, given the true one; nothing when it is right.
 *
 * Data: the same JSON text, key order included. Errors: the same nulls are explained. Several errors may compete for one null
 * (non-null siblings that fail in different subgraphs), and each engine reports some of them: so errors are compared by the
 * null they explain, and each path must lead to it. An error that lost its place that way may come without a path.
 */
export function compareAnswers(truth: Answer, answer: Answer): string | undefined {
  if (truth.data !== answer.data)
    return answer.data !== undefined && truth.data !== undefined && sorted(truth.data) === sorted(answer.data)
      ? 'data has another key order'
      : 'data differs';
  const data: unknown = truth.data === undefined ? undefined : JSON.parse(truth.data);
  const wanted = new Set(truth.errors.map((error) => explainedNull(data, error)));
  const placed = answer.errors.filter((error) => error.path !== undefined || truth.errors.length === 0);
  const given = new Set(placed.map((error) => explainedNull(data, error)));
  const missing = [...wanted].filter((place) => !given.has(place));
  if (missing.length > 0) return `no error for the null at ${missing.join(' and ')}`;
  const extra = [...given].filter((place) => !wanted.has(place));
  if (extra.length > 0) return `an error at ${extra.join(' and ')} explains nothing`;
  return undefined;
}

/** The first null on the error's path, as text; the whole path when it meets none. */
function explainedNull(data: unknown, error: EngineError): string {
  if (error.path === undefined) return 'the request';
  let here = data;
  const walked: (string | number)[] = [];
  for (const step of error.path) {
    if (here === null || here === undefined) break;
    const next = Object.getOwnPropertyDescriptor(here, step)?.value as unknown;
    // What was never written belongs to a null above, or to nothing.
    if (next === undefined) return `${error.path.join('.')} (not in the answer)`;
    walked.push(step);
    here = next;
  }
  return `${walked.join('.')}${here === null || here === undefined ? '' : ' (a value)'}`;
}

function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
