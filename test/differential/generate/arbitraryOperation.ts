import fc from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import type { GraphQLArgument, GraphQLCompositeType, GraphQLField, GraphQLSchema } from 'graphql';

import { arbitraryValue } from './arbitraryValue.js';
import type { ScalarPools } from './arbitraryValue.js';
import type {
  ArgumentSpec,
  ConditionSpec,
  FieldSpec,
  FragmentSpec,
  OperationSpec,
  SelectionSpec,
} from './OperationSpec.js';

/** Legal GraphQL names that hurt careless JavaScript, and names that engines use themselves. */
const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  'toJSON',
  '_entities',
  'representations',
  '__typename',
];

/** Selections per level, outermost first. */
const WIDTH = [4, 3, 3, 2, 2, 1];

/** Random operations of one schema. Not yet valid: fields may conflict until printOperation settles their names. */
export function arbitraryOperation(schema: GraphQLSchema, pools: ScalarPools): fc.Arbitrary<OperationSpec> {
  const selections = new SelectionArbitraries(schema, pools);
  const of = (kind: 'query' | 'mutation', type: GraphQLCompositeType): fc.Arbitrary<OperationSpec> =>
    fc.record({
      kind: fc.constant(kind),
      name: fc.option(fc.constantFrom('Op', 'constructor'), { nil: undefined, freq: 2 }),
      selections: selections.of(type, 0),
    });
  const query = of('query', schema.getQueryType()!);
  const mutation = schema.getMutationType();
  return mutation
    ? fc.oneof({ weight: 5, arbitrary: query }, { weight: 1, arbitrary: of('mutation', mutation) })
    : query;
}

class SelectionArbitraries {
  readonly #schema: GraphQLSchema;
  readonly #pools: ScalarPools;
  readonly #known = new Map<string, fc.Arbitrary<readonly SelectionSpec[]>>();

  constructor(schema: GraphQLSchema, pools: ScalarPools) {
    this.#schema = schema;
    this.#pools = pools;
  }

  of(type: GraphQLCompositeType, level: number): fc.Arbitrary<readonly SelectionSpec[]> {
    const key = `${type.name}/${level}`;
    let arbitrary = this.#known.get(key);
    if (arbitrary === undefined) {
      arbitrary = fc.array(this.#selection(type, level), { minLength: 1, maxLength: WIDTH[level] ?? 1 });
      this.#known.set(key, arbitrary);
    }
    return arbitrary;
  }

  #selection(type: GraphQLCompositeType, level: number): fc.Arbitrary<SelectionSpec> {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const isLast = level >= WIDTH.length - 1;
    const names = fields.map((field) => field.name);
    const usable = fields.filter((field) => !isLast || isLeafType(getNamedType(field.type)));
    const options: fc.MaybeWeightedArbitrary<SelectionSpec>[] = [
      { weight: 1, arbitrary: this.#field(undefined, names, level) },
      ...usable.map((field) => ({ weight: 3, arbitrary: this.#field(field, names, level) })),
    ];
    if (!isLast) {
      const conditions = this.#conditions(type);
      const weight = isAbstractType(type) ? 4 * conditions.length + usable.length : 2 + usable.length / 2;
      options.push({
        weight: Math.ceil(weight / (conditions.length + 1)),
        arbitrary: this.#fragment(undefined, type, level),
      });
      for (const on of conditions)
        options.push({
          weight: Math.ceil(weight / (conditions.length + 1)),
          arbitrary: this.#fragment(on.name, on, level),
        });
    }
    return fc.oneof(...options);
  }

  /** All types a fragment inside `type` may name. */
  #conditions(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const overlaps = (other: GraphQLCompositeType): boolean =>
      possible.some((one) => one === other || (isAbstractType(other) && this.#schema.isSubType(other, one)));
    return Object.values(this.#schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        !other.name.startsWith('__') &&
        (isObjectType(other) || isInterfaceType(other) || isUnionType(other)) &&
        overlaps(other),
    );
  }

  #fragment(on: string | undefined, type: GraphQLCompositeType, level: number): fc.Arbitrary<FragmentSpec> {
    return fc.record({
      kind: fc.constant('fragment'),
      on: fc.constant(on),
      named: on === undefined ? fc.constant(false) : fc.boolean(),
      conditions: arbitraryConditions,
      selections: this.of(type, level + 1),
      twice: fc.nat(9).map((n) => n === 9),
    });
  }

  /** @param field absent for `__typename`. */
  #field(
    field: GraphQLField<unknown, unknown> | undefined,
    siblings: readonly string[],
    level: number,
  ): fc.Arbitrary<FieldSpec> {
    const type = field && getNamedType(field.type);
    return fc.record({
      kind: fc.constant('field'),
      name: fc.constant(field?.name ?? '__typename'),
      alias: fc.option(arbitraryAlias(siblings), { nil: undefined, freq: 3 }),
      args: fc
        .tuple(...(field?.args ?? []).map((argument) => this.#argument(argument)))
        .map((args) => args.filter((argument) => argument !== undefined)),
      conditions: arbitraryConditions,
      selections: isCompositeType(type) ? this.of(type, level + 1) : fc.constant(undefined),
      twice: fc.nat(11).map((n) => n === 11),
    });
  }

  #argument(argument: GraphQLArgument): fc.Arbitrary<ArgumentSpec | undefined> {
    const given: fc.Arbitrary<ArgumentSpec> = fc.record({
      name: fc.constant(argument.name),
      source: isRequiredArgument(argument)
        ? fc.constantFrom('literal', 'variable', 'default', 'mixed')
        : fc.constantFrom('literal', 'variable', 'default', 'mixed', 'absent'),
      value: arbitraryValue(argument.type, this.#pools),
    });
    return isRequiredArgument(argument) ? given : fc.option(given, { nil: undefined, freq: 2 });
  }
}

function arbitraryAlias(siblings: readonly string[]): fc.Arbitrary<string> {
  const plain = fc.constantFrom('a', 'b', 'id', 'key');
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 6, arbitrary: siblings.length > 0 ? fc.constantFrom(...siblings) : plain },
    { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
  );
}

const arbitraryConditions: fc.Arbitrary<readonly ConditionSpec[]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(
      fc.record({
        directive: fc.constantFrom('skip', 'include'),
        source: fc.constantFrom('variable', 'literal', 'default'),
        value: fc.boolean(),
      }),
      { selector: (condition) => condition.directive, minLength: 1, maxLength: 2 },
    ),
  },
);
