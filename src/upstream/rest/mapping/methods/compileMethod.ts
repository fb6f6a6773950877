import type { PathStep } from '../../../../supergraph/connect/mapping/Mapping.js';
import type { MethodName } from '../../../../supergraph/connect/mapping/methods.js';
import type { Step } from '../Evaluation.js';
import type { Method } from './Method.js';
import { add, div, mod, mul, sub } from './arithmetic.js';
import { echo, match, matchIf } from './choice.js';
import { contains, eq, gt, gte, lt, lte, ne, within } from './comparison.js';
import { filter, find, first, get, has, last, map, size, slice } from './lists.js';
import { and, not, or } from './logic.js';
import { entries, keys, values } from './objects.js';
import { joinNotNull, jsonParse, jsonStringify, parseInteger, toText, typeOf } from './texts.js';

/** `->as` is not here: it changes what names mean for the rest of its path (`compilePath.ts`). */
const table: Readonly<Record<Exclude<MethodName, 'as'>, Method>> = {
  echo,
  map,
  match,
  first,
  last,
  slice,
  size,
  entries,
  jsonStringify,
  joinNotNull,
  filter,
  find,
  get,
  toString: toText,
  parseInt: parseInteger,
  eq,
  ne,
  lt,
  lte,
  gt,
  gte,
  in: within,
  contains,
  and,
  or,
  not,
  add,
  sub,
  mul,
  div,
  mod,
  jsonParse,
  matchIf,
  typeof: typeOf,
  has,
  keys,
  values,
};

export function compileMethod(
  step: Extract<PathStep, { kind: 'method' }>,
  inputs: readonly Step[],
  pairs: readonly (readonly Step[])[],
): Step {
  const name = step.name as Exclude<MethodName, 'as'>;
  return table[name]({ name, inputs, pairs, start: step.start, end: step.end });
}
