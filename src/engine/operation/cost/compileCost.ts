import { inspect } from 'node:util';

import { getNamedType, isCompositeType, isListType, isNonNullType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLOutputType } from 'graphql';

import type { ListSizeRule } from '../../../supergraph/model/CostRules.js';
import { collectFields } from '../collectFields.js';
import type { CollectedField, Collecting } from '../collectFields.js';
import type { Condition, FieldSelection, Operation, Selection } from '../Operation.js';
import type { VariableValues } from '../variables.js';

import { argumentCost } from './argumentCost.js';
import { CostProgram } from './CostProgram.js';
import type { CostValue } from './CostProgram.js';
import type { CostTable, FieldPrice } from './CostTable.js';
import { compileSlice, expectedSize, sizingBelow } from './listSizes.js';
import type { Sizing, Slice } from './listSizes.js';
import { bounded } from './points.js';

/** What an operation is estimated to cost. */
export interface CostEstimator {
  /** @param variables coerced */
  points(variables: VariableValues): number;
  /** Fields with slicing arguments. */
  readonly slices: readonly Slice[];
}

/** The base cost of a mutation; queries and subscriptions have none. Source: Apollo Router. */
export const MUTATION_POINTS = 10;
/**
 * Selections looked at, each once for every object type that it may be met in. A document of n selections over m types can have m^depth
 * different places; beyond this they are no longer told apart. Some 8 µs each when the code is cold: the event loop is held for less than
 * 100 ms by any document (bench/hostileDocuments.ts).
 */
const MAX_STEPS = 5000;
const TOO_LARGE = new Error('more places than are told apart');

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Compiles what an operation costs into arithmetic on its variables. Nothing is expanded: lists are counted, not walked, and what is
 * selected twice at one place is priced once, as it is executed.
 *
 * A field costs `items × (weight + what is selected in one item) + arguments`; of an abstract type the dearest object type counts.
 *
 * @param includes decides `@skip` and `@include` once and for all: an estimator belongs to one combination of their variables
 */
export function compileCost(
  operation: Operation,
  table: CostTable,
  includes: (condition: Condition) => boolean,
  maxSteps = MAX_STEPS,
): CostEstimator {
  const root = table.schema.getType(operation.rootType) as GraphQLObjectType;
  const base = operation.kind === 'mutation' && table.settings.prices === undefined ? MUTATION_POINTS : 0;
  let compiler = new CostCompiler(table, includes, maxSteps);
  let result: CostValue;
  try {
    result = compiler.exactly(root, [operation.selections], undefined);
  } catch (error) {
    if (error !== TOO_LARGE) throw error;
    compiler = new CostCompiler(table, includes, Infinity);
    result = compiler.atMost(operation.selections, undefined);
  }
  const { program, slices } = compiler;
  const total = program.sum([base, result]);
  return { points: (variables) => program.evaluate(total, variables), slices };
}

class CostCompiler {
  readonly program = new CostProgram();
  readonly slices: Slice[] = [];
  readonly #table: CostTable;
  readonly #includes: (condition: Condition) => boolean;
  readonly #maxSteps: number;
  readonly #collecting: Collecting;
  readonly #known = new Map<string, CostValue>();
  readonly #ids = new Map<object, number>();
  readonly #expected = new Map<string, CostValue | undefined>();
  readonly #sizings = new Map<string, Sizing | undefined>();
  #steps = 0;

  constructor(table: CostTable, includes: (condition: Condition) => boolean, maxSteps: number) {
    this.#table = table;
    this.#includes = includes;
    this.#maxSteps = maxSteps;
    this.#collecting = { schema: table.schema, includes, onStep: () => this.#spend(1) };
  }

  /** The selections of one object of a known type: each response name once. Throws TOO_LARGE. */
  exactly(type: FieldsType, lists: ReadonlyArray<readonly Selection[]>, sizing: Sizing | undefined): CostValue {
    // Selections that are left out by a literal leave empty lists.
    this.#spend(lists.length);
    const key = `${type.name} ${this.#idOf(sizing)} ${lists.map((list) => this.#idOf(list)).join()}`;
    let cost = this.#known.get(key);
    if (cost === undefined) {
      const collected = collectFields(this.#collecting, type, lists);
      const costs = [...collected.values()].map((each) => this.#field(type, each, sizing));
      this.#known.set(key, (cost = this.program.sum(costs)));
    }
    return cost;
  }

  /** No less than `exactly`, looking at each selection once: whatever type it belongs to, it is added. */
  atMost(selections: readonly Selection[], sizing: Sizing | undefined): CostValue {
    const costs: CostValue[] = [];
    for (const selection of selections) {
      if (selection.condition !== undefined && !this.#includes(selection.condition)) continue;
      if (selection.kind === 'fragment') costs.push(this.atMost(selection.selections, sizing));
      else if (!selection.isRefused) costs.push(this.#fieldAtMost(selection, sizing));
    }
    return this.program.sum(costs);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#maxSteps) throw TOO_LARGE;
  }

  #field(type: FieldsType, { first, lists }: CollectedField, sizing: Sizing | undefined): CostValue {
    const field = this.#table.fieldOf(type, first.name);
    // Introspection has limits of its own.
    if (field === undefined) return 0;
    const price = this.#table.priceOf(type, first.name);
    const sized = sizing?.get(first.name);
    const expected = price.listSize && this.#expectedSize(field, first, price.listSize);
    const inner = this.#sizing(price.listSize, first, expected, sized?.below);
    const each = this.#item(field, price, lists, inner);
    const count = this.#countOf(field.type, sized?.count ?? expected);
    return this.program.field(count, each, this.#arguments(type, field, first));
  }

  /** One item of a field, with what is selected in it. */
  #item(
    field: GraphQLField<unknown, unknown>,
    { weight }: FieldPrice,
    lists: ReadonlyArray<readonly Selection[]>,
    sizing: Sizing | undefined,
  ): CostValue {
    const named = getNamedType(field.type);
    if (!isCompositeType(named)) return weight ?? this.#table.weightOfType(named);
    const costs = this.#table
      .possibleTypes(named)
      .map((type) => this.program.sum([weight ?? this.#table.weightOfType(type), this.exactly(type, lists, sizing)]));
    return costs.length === 0 ? (weight ?? this.#table.weightOfType(named)) : this.program.max(costs);
  }

  #fieldAtMost(selection: FieldSelection, sizing: Sizing | undefined): CostValue {
    const { parentType, name, selections } = selection;
    const parent = this.#table.schema.getType(parentType);
    const found = parent && this.#table.variantsOf(parent, name);
    if (found === undefined) return 0;
    const sized = sizing?.get(name);
    let inner = sized?.below;
    const counts: CostValue[] = [];
    const once: CostValue[] = [0];
    for (const { type, field, listSize } of found.variants) {
      once.push(this.#arguments(type, field, selection));
      const expected = listSize && this.#expectedSize(field, selection, listSize);
      counts.push(expected ?? this.#table.settings.listSize);
      inner = this.#sizing(listSize, selection, expected, inner);
    }
    if (sized?.count !== undefined) counts.push(sized.count);
    // What makes an answer cheaper counts once, and here a field counts as often as it is written.
    const weight = Math.max(0, found.weight);
    const each = selections === undefined ? weight : this.program.sum([weight, this.atMost(selections, inner)]);
    return this.program.field(
      this.#countOf(found.variants[0]!.field.type, this.program.max(counts)),
      each,
      this.program.max(once),
    );
  }

  /** How many items a field has: 1 where it is no list. What is known is the length of the outermost of lists in lists. */
  #countOf(type: GraphQLOutputType, known: CostValue | undefined): CostValue {
    let inner = 1;
    let isList = false;
    for (let each = nullable(type); isListType(each); each = nullable(each.ofType as GraphQLOutputType)) {
      if (isList) inner = bounded(inner * this.#table.settings.listSize);
      isList = true;
    }
    if (!isList) return 1;
    return this.program.field(known ?? this.#table.settings.listSize, inner, 0);
  }

  #expectedSize(
    field: GraphQLField<unknown, unknown>,
    selection: FieldSelection,
    rule: ListSizeRule,
  ): CostValue | undefined {
    // One for all types that answer the field, unless they differ in the defaults of its arguments.
    const defaults = field.args.map(({ defaultValue }) => printed(defaultValue)).join();
    const key = `${this.#idOf(selection)} ${this.#idOf(rule)} ${defaults}`;
    if (this.#expected.has(key)) return this.#expected.get(key);
    const slice = compileSlice(field, selection, rule);
    if (slice !== undefined) this.slices.push(slice);
    const expected = expectedSize(this.program, slice, rule, this.#table.settings.listSize);
    this.#expected.set(key, expected);
    return expected;
  }

  #sizing(
    rule: ListSizeRule | undefined,
    selection: FieldSelection,
    expected: CostValue | undefined,
    known: Sizing | undefined,
  ): Sizing | undefined {
    if (rule === undefined || rule.sizedFields.length === 0) return known;
    const count = typeof expected === 'object' ? `register ${expected.index}` : expected;
    const key = `${this.#idOf(rule)} ${this.#idOf(selection)} ${count} ${this.#idOf(known)}`;
    if (!this.#sizings.has(key)) this.#sizings.set(key, sizingBelow(this.program, rule, expected, known));
    return this.#sizings.get(key);
  }

  #arguments(
    type: FieldsType,
    field: GraphQLField<unknown, unknown>,
    { arguments: written }: FieldSelection,
  ): CostValue {
    if (written === undefined || written.length === 0 || !this.#table.isPriced(`${type.name}.${field.name}`)) return 0;
    const costs = written.map((node): CostValue => {
      const argument = field.args.find(({ name }) => name === node.name.value);
      if (argument === undefined) return 0;
      const weight = this.#table.weightOfArgument(type.name, field.name, argument.name);
      const cost = argumentCost(this.#table, argument, node, weight);
      return typeof cost === 'number' ? cost : this.program.read(cost);
    });
    return this.program.sum(costs);
  }

  #idOf(thing: object | undefined): number {
    if (thing === undefined) return -1;
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, (id = this.#ids.size));
    return id;
  }
}

function printed(value: unknown): string {
  return value === undefined ? '' : inspect(value);
}

function nullable(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? type.ofType : type;
}
