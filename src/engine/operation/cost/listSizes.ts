import type { GraphQLField } from 'graphql';

import type { ListSizeRule } from '../../../supergraph/model/CostRules.js';
import type { FieldSelection } from '../Operation.js';
import type { VariableValues } from '../variables.js';

import { readArgument } from './argumentCost.js';
import type { CostProgram, CostValue } from './CostProgram.js';
import { bounded } from './points.js';

/** Sizes that lists below a field are known to have, by the name of their field. */
export type Sizing = ReadonlyMap<string, SizedField>;

interface SizedField {
  readonly count: CostValue | undefined;
  readonly below: Sizing | undefined;
}

/** What the slicing arguments of one field say in a request. */
export interface Slice {
  /** `Type.field`, as selected. */
  readonly coordinate: string;
  /** The largest; undefined where none has a value. */
  readonly largest: (variables: VariableValues) => number | undefined;
  /** How many the client gave, those with a default included where it gave none. */
  readonly given: (variables: VariableValues) => number;
  readonly requiresOne: boolean;
}

type ReadSize = (variables: VariableValues) => number | undefined;

/** Compiles what the slicing arguments of a field say. Undefined where it has none. */
export function compileSlice(
  field: GraphQLField<unknown, unknown>,
  { parentType, name, arguments: written = [] }: FieldSelection,
  rule: ListSizeRule,
): Slice | undefined {
  if (rule.slicingArguments.length === 0) return undefined;
  const reads: ReadSize[] = [];
  const defaults: number[] = [];
  for (const [argumentName, ...path] of rule.slicingArguments) {
    const argument = field.args.find((each) => each.name === argumentName);
    if (argument === undefined) continue;
    const node = written.find((each) => each.name.value === argumentName);
    if (node !== undefined) {
      const read = readArgument(node.value, argument.type, (value) => sizeAt(value, path));
      reads.push(typeof read === 'function' ? read : () => read);
    }
    // A variable without a value leaves the default in place.
    const fallback = sizeAt(argument.defaultValue, path);
    if (fallback !== undefined) defaults.push(fallback);
  }
  return {
    coordinate: `${parentType}.${name}`,
    requiresOne: rule.requireOneSlicingArgument,
    // A default counts beside what is given: nobody knows which of them the subgraph goes by.
    largest: (variables) => largestOf([...defaults, ...reads.map((read) => read(variables))]),
    given: (variables) => reads.filter((read) => read(variables) !== undefined).length || Math.min(1, defaults.length),
  };
}

/** How many items a rule expects: what is sliced, else what is assumed; undefined where it says nothing. */
export function expectedSize(
  program: CostProgram,
  slice: Slice | undefined,
  { assumedSize }: ListSizeRule,
  fallback: number,
): CostValue | undefined {
  if (slice === undefined) return assumedSize;
  return program.read((variables) => slice.largest(variables) ?? assumedSize ?? fallback);
}

/** What a rule says of lists below its field, besides what is known of them from further up: the larger number counts. */
export function sizingBelow(
  program: CostProgram,
  { sizedFields }: ListSizeRule,
  count: CostValue | undefined,
  known: Sizing | undefined,
): Sizing | undefined {
  if (count === undefined || sizedFields.length === 0) return known;
  const sizing = new Map<string, SizedField>(known);
  for (const path of sizedFields) addPath(program, sizing, path, count);
  return sizing;
}

function addPath(
  program: CostProgram,
  sizing: Map<string, SizedField>,
  [name = '', ...rest]: readonly string[],
  count: CostValue,
): void {
  const { count: known, below: further } = sizing.get(name) ?? { count: undefined, below: undefined };
  if (rest.length === 0) {
    sizing.set(name, { count: known === undefined ? count : program.max([known, count]), below: further });
    return;
  }
  const below = new Map<string, SizedField>(further);
  addPath(program, below, rest, count);
  sizing.set(name, { count: known, below });
}

/** A number, or a list by its length; anything else is no size. */
function sizeAt(value: unknown, path: readonly string[]): number | undefined {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  if (Array.isArray(found)) return found.length;
  if (typeof found === 'bigint') found = Number(found);
  return typeof found === 'number' && !Number.isNaN(found) ? bounded(Math.max(0, found)) : undefined;
}

function largestOf(sizes: ReadonlyArray<number | undefined>): number | undefined {
  let largest: number | undefined;
  for (const size of sizes) if (size !== undefined && (largest === undefined || size > largest)) largest = size;
  return largest;
}
