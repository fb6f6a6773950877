import { getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType } from 'graphql';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { JsonObject } from '../execute/json.js';
import type { Run } from '../execute/Run.js';
import { collectFields } from '../operation/collectFields.js';
import type { CollectedField, Collecting } from '../operation/collectFields.js';
import { argumentCost } from '../operation/cost/argumentCost.js';
import { MUTATION_POINTS } from '../operation/cost/compileCost.js';
import type { CostTable } from '../operation/cost/CostTable.js';
import { bounded } from '../operation/cost/points.js';
import type { Condition, Operation, Selection } from '../operation/Operation.js';
import type { VariableValues } from '../operation/variables.js';

/** What an execution has cost: the same prices as the estimate, with the lists that came. */
export type Measure = (run: Run, variables: VariableValues) => number;

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Compiles what counts the cost of an answer: one walk over the merged tree that visits nothing free. A field that was asked costs its
 * arguments, and for each item that came its weight and what was selected in it; null costs nothing more.
 *
 * @param includes as for compileProjection
 */
export function compileMeasure(
  operation: Operation,
  table: CostTable,
  includes: (condition: Condition) => boolean,
): Measure {
  const compiler = new MeasureCompiler(table, includes);
  const root = table.schema.getType(operation.rootType) as GraphQLObjectType;
  const counter = compiler.objectCounter(root, [operation.selections]);
  const base = operation.kind === 'mutation' ? MUTATION_POINTS : 0;
  return (run, variables) => bounded(base + counter.count(run.root, new Tally(run, variables)));
}

/** One counting. */
class Tally {
  readonly run: Run;
  readonly variables: VariableValues;
  /** Costs of objects that several places hold, by the slot of their counter. */
  readonly known: Array<Map<object, number> | undefined> = [];

  constructor(run: Run, variables: VariableValues) {
    this.run = run;
    this.variables = variables;
  }
}

interface FieldCount {
  readonly keys: readonly string[];
  /** Of one item, where it does not depend on its type. */
  readonly weight: number;
  /** Absent where nothing inside costs anything. */
  readonly inside: ((value: JsonObject, tally: Tally) => number) | undefined;
  readonly args: ReadonlyArray<(variables: VariableValues) => number>;
  readonly fixedArgs: number;
}

/** Counts an object of one known type. HOT: once per object of an answer, where demand control is on. */
class ObjectCounter {
  fields: readonly FieldCount[] = [];
  readonly #slot: number;

  constructor(slot: number) {
    this.#slot = slot;
  }

  count(object: JsonObject, tally: Tally): number {
    if (this.fields.length === 0) return 0;
    const { shared } = tally.run;
    if (shared.size === 0 || !shared.has(object)) return this.#countFields(object, tally);
    const known = (tally.known[this.#slot] ??= new Map<object, number>());
    let points = known.get(object);
    if (points === undefined) known.set(object, (points = this.#countFields(object, tally)));
    return points;
  }

  #countFields(object: JsonObject, tally: Tally): number {
    let total = 0;
    for (const { keys, weight, inside, args, fixedArgs } of this.fields) {
      let points = fixedArgs;
      for (const read of args) points += read(tally.variables);
      let value = object[keys[0]!];
      for (let i = 1; i < keys.length; i++) value = joined(value, object[keys[i]!]);
      points += countItems(value, weight, inside, tally);
      if (points > 0) total += points;
    }
    return bounded(total);
  }
}

function countItems(value: unknown, weight: number, inside: FieldCount['inside'], tally: Tally): number {
  if (value === null || value === undefined) return 0;
  if (!Array.isArray(value)) {
    const points = inside === undefined || !isJsonObject(value) ? weight : weight + inside(value, tally);
    return points > 0 ? points : 0;
  }
  let total = 0;
  for (let i = 0; i < value.length; i++) total += countItems(value[i], weight, inside, tally);
  return bounded(total);
}

class MeasureCompiler {
  readonly #table: CostTable;
  readonly #collecting: Collecting;
  #slots = 0;

  constructor(table: CostTable, includes: (condition: Condition) => boolean) {
    this.#table = table;
    this.#collecting = { schema: table.schema, includes };
  }

  objectCounter(type: FieldsType, lists: ReadonlyArray<readonly Selection[]>): ObjectCounter {
    const counter = new ObjectCounter(this.#slots++);
    const fields: FieldCount[] = [];
    for (const each of collectFields(this.#collecting, type, lists).values()) {
      const field = this.#table.fieldOf(type, each.first.name);
      if (field === undefined) continue;
      const count = this.#field(type, field, each);
      const isFree = count.weight <= 0 && count.inside === undefined && count.fixedArgs <= 0 && count.args.length === 0;
      if (!isFree) fields.push(count);
    }
    counter.fields = fields;
    return counter;
  }

  #field(type: FieldsType, field: GraphQLField<unknown, unknown>, { first, keys, lists }: CollectedField): FieldCount {
    const { weight } = this.#table.priceOf(type, field.name);
    const named = getNamedType(field.type);
    const args: FieldCount['args'][number][] = [];
    let fixedArgs = 0;
    for (const node of first.arguments ?? []) {
      const argument = field.args.find(({ name }) => name === node.name.value);
      if (argument === undefined) continue;
      const own = this.#table.weightOfArgument(type.name, field.name, argument.name);
      const cost = argumentCost(this.#table, argument, node, own);
      if (typeof cost === 'number') fixedArgs += cost;
      else args.push(cost);
    }
    const isComposite = isCompositeType(named);
    return {
      keys,
      weight: weight ?? (isComposite ? 0 : this.#table.weightOfType(named)),
      inside: isComposite ? this.#inside(named, lists, weight === undefined) : undefined,
      args,
      fixedArgs,
    };
  }

  /** Counts what is in one item, and the weight of its type where the field has none. */
  #inside(
    type: GraphQLNamedType,
    lists: ReadonlyArray<readonly Selection[]>,
    isWeighed: boolean,
  ): FieldCount['inside'] {
    const weightOf = (of: GraphQLNamedType): number => (isWeighed ? this.#table.weightOfType(of) : 0);
    if (isObjectType(type)) {
      const counter = this.objectCounter(type, lists);
      const weight = weightOf(type);
      if (counter.fields.length === 0 && weight === 0) return undefined;
      return (object, tally) => weight + counter.count(object, tally);
    }
    // Compiled for the types that come: a document of n selections over m types can have m^depth different places.
    const known = new Map<unknown, { readonly weight: number; readonly counter: ObjectCounter | undefined }>();
    return (object, tally) => {
      const typename = object['__typename'];
      let found = known.get(typename);
      if (found === undefined) {
        const concrete = typeof typename === 'string' ? this.#table.schema.getType(typename) : undefined;
        // What does not say its type, or says one that it cannot be, is an item all the same.
        const isPossible =
          isAbstractType(type) && isObjectType(concrete) && this.#table.schema.isSubType(type, concrete);
        const actual = isPossible ? concrete : isInterfaceType(type) ? type : undefined;
        found = { weight: weightOf(actual ?? type), counter: actual && this.objectCounter(actual, lists) };
        if (isPossible || typename === undefined || typename === type.name) known.set(typename, found);
      }
      return found.weight + (found.counter?.count(object, tally) ?? 0);
    };
  }
}

/** Two parts of one field that stand under two keys (an interface's field and its implementation's); cold. */
function joined(one: unknown, other: unknown): unknown {
  if (one === null || one === undefined) return other;
  if (Array.isArray(one) && Array.isArray(other)) return one.map((each, i) => joined(each, other[i]));
  if (!isJsonObject(one) || !isJsonObject(other)) return one;
  const all: JsonObject = { ...one };
  for (const key of Object.keys(other)) if (key !== '__proto__') all[key] = joined(one[key], other[key]);
  return all;
}
