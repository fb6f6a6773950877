/** What is known about a `->method` before it runs. */
interface MethodFacts {
  /** Fewest and most arguments. */
  readonly arity: readonly [fewest: number, most: number];
  /**
   * How the value that the method gives stands to its input:
   * - `same`: the input, or elements or a part of the list that it is (`first`, `filter`);
   * - `argument`: what the last argument makes of the input (`echo`) or of each of its elements (`map`);
   * - `cases`: what one of the pairs given as arguments holds (`match`);
   * - `entries`: a list of `{ key, value }`;
   * - `other`: something new, such as a number.
   */
  readonly gives: 'same' | 'argument' | 'cases' | 'entries' | 'other';
}

const ANY = Number.POSITIVE_INFINITY;

/**
 * Every method of the language. Apollo's router knows them regardless of the version of the vocabulary that a schema links, so Portico
 * does too. The last group is not in Apollo's published list for 0.3.
 */
export const methods = {
  echo: { arity: [1, 1], gives: 'argument' },
  map: { arity: [1, 1], gives: 'argument' },
  match: { arity: [1, ANY], gives: 'cases' },
  first: { arity: [0, 0], gives: 'same' },
  last: { arity: [0, 0], gives: 'same' },
  slice: { arity: [0, 2], gives: 'same' },
  size: { arity: [0, 0], gives: 'other' },
  entries: { arity: [0, 0], gives: 'entries' },
  jsonStringify: { arity: [0, 0], gives: 'other' },
  joinNotNull: { arity: [1, 1], gives: 'other' },
  as: { arity: [1, 2], gives: 'same' },
  filter: { arity: [1, 1], gives: 'same' },
  find: { arity: [1, 1], gives: 'same' },
  get: { arity: [1, 1], gives: 'other' },
  toString: { arity: [0, 0], gives: 'other' },
  parseInt: { arity: [0, 1], gives: 'other' },
  eq: { arity: [1, 1], gives: 'other' },
  ne: { arity: [1, 1], gives: 'other' },
  lt: { arity: [1, 1], gives: 'other' },
  lte: { arity: [1, 1], gives: 'other' },
  gt: { arity: [1, 1], gives: 'other' },
  gte: { arity: [1, 1], gives: 'other' },
  in: { arity: [1, 1], gives: 'other' },
  contains: { arity: [1, 1], gives: 'other' },
  and: { arity: [1, ANY], gives: 'other' },
  or: { arity: [1, ANY], gives: 'other' },
  not: { arity: [0, 0], gives: 'other' },
  add: { arity: [1, ANY], gives: 'other' },
  sub: { arity: [1, ANY], gives: 'other' },
  mul: { arity: [1, ANY], gives: 'other' },
  div: { arity: [1, ANY], gives: 'other' },
  mod: { arity: [1, ANY], gives: 'other' },

  jsonParse: { arity: [0, 0], gives: 'other' },
  matchIf: { arity: [1, ANY], gives: 'cases' },
  typeof: { arity: [0, 0], gives: 'other' },
  has: { arity: [1, 1], gives: 'other' },
  keys: { arity: [0, 0], gives: 'other' },
  values: { arity: [0, 0], gives: 'other' },
} as const satisfies Record<string, MethodFacts>;

export type MethodName = keyof typeof methods;

export const methodNames = Object.keys(methods) as readonly MethodName[];

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

export function methodFacts(name: MethodName): MethodFacts {
  return methods[name];
}
