/** One thing that composition has to say about the subgraphs: an error, or a hint. Plain JSON. */
export interface CompositionProblem {
  /** `error`: there is no supergraph. The others are hints; `warn` deserves a look. */
  readonly severity: 'error' | 'warn' | 'info' | 'debug';
  /** Apollo's code (`INVALID_FIELD_SHARING`, `INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM` …). */
  readonly code: string;
  readonly message: string;
  /** Where in the subgraphs' schemas, the most telling place first. Empty when it concerns no single place. */
  readonly places: readonly ProblemPlace[];
}

export interface ProblemPlace {
  readonly subgraph: string;
  /** The schema's file; the subgraph's name when the schema is in no file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * A problem for a terminal: `products.graphql:3:5: INVALID_FIELD_SHARING Non-shareable field …`. Further lines (more places, the rest
 * of a long message) are indented.
 */
export function printProblem(problem: CompositionProblem): string {
  const [first, ...more] = problem.places;
  const [message = '', ...rest] = problem.message.split('\n');
  const head = first === undefined ? '' : `${placeText(first)}: `;
  return [
    `${head}${problem.code} ${message}`,
    ...rest.map((line) => `    ${line}`),
    ...more.map((place) => `    also at ${placeText(place)}`),
  ].join('\n');
}

function placeText({ file, line, column }: ProblemPlace): string {
  return `${file}:${line}:${column}`;
}
