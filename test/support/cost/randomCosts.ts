import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { CostRules, ListSizeRule } from '../../../src/supergraph/model/CostRules.js';
import { fieldsTypes } from './naiveCost.js';

/** A schema with objects, interfaces, a union, lists of lists, and arguments of all kinds. */
export function randomSchema(next: () => number): GraphQLSchema {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const outputs = ['T0', 'T1', 'T2', 'I0', 'I1', 'U', 'Int', 'E', 'S'];
  const wrap = (type: string): string => pick([type, `${type}!`, `[${type}]`, `[${type}!]!`, `[[${type}!]]`]);
  const args = (): string =>
    pick(['', '', '(first: Int = 2, last: Int)', '(first: Int)', '(in: In)', '(ids: [In!], on: E)']);
  const fields = (names: readonly string[]): string =>
    names.map((name) => `${name}${args()}: ${wrap(pick(outputs))}`).join('\n');
  const shared = [fields(['i', 'j']), fields(['k'])];
  const implementing = (index: number): string =>
    index === 2
      ? `type T2 implements I0 & I1 { ${shared.join('\n')} ${fields(['x'])} }`
      : `type T${index} implements I${index} { ${shared[index]} ${fields(['x', 'y'])} }`;
  return buildSchema(`
    scalar S enum E { A B } input In { n: Int = 3, e: E, in: In, list: [In] }
    interface I0 { ${shared[0]} } interface I1 { ${shared[1]} } union U = T0 | T1
    ${[0, 1, 2].map(implementing).join('\n')}
    type Query { ${fields(['a', 'b', 'c'])} d: I0 e: [U] }
    type Mutation { ${fields(['m'])} }`);
}

/** Weights, some below 0, and list sizes at random places. */
export function randomRules(schema: GraphQLSchema, next: () => number): CostRules {
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSizeRule>();
  const weigh = (coordinate: string): void => {
    if (next() < 0.25) weights.set(coordinate, Math.floor(next() * 8) - 2);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type) || isScalarType(type) || isEnumType(type)) weigh(type.name);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) weigh(`${type.name}.${name}`);
  }
  for (const type of fieldsTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (!isInterfaceType(type)) {
        weigh(coordinate);
        for (const { name } of field.args) weigh(`${coordinate}(${name}:)`);
      }
      if (next() < 0.6) continue;
      const named = getNamedType(field.type);
      const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
      const below = isObjectType(named) || isInterfaceType(named) ? Object.keys(named.getFields()) : [];
      const slicing = field.args.flatMap(({ name }) =>
        name === 'in'
          ? [
              ['in', 'n'],
              ['in', 'in', 'n'],
            ]
          : name === 'first' || name === 'last'
            ? [[name]]
            : [],
      );
      const sized = isListType(nullable) && next() < 0.5 ? [] : below.filter(() => next() < 0.5);
      listSizes.set(coordinate, {
        assumedSize: next() < 0.5 ? Math.floor(next() * 5) : undefined,
        slicingArguments: next() < 0.8 ? slicing : [],
        sizedFields: sized.map((name) => (next() < 0.3 ? [name, 'i'] : [name])),
        requireOneSlicingArgument: next() < 0.5,
      });
    }
  }
  return { weights, listSizes };
}
