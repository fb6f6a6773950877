import fc from 'fast-check';
import {
  Kind,
  buildSchema,
  execute,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import type { GraphQLOutputType, OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { readSchemaNames } from '../../../src/engine/operation/canonicalKeys.js';
import { normalise } from '../../../src/engine/operation/normalise.js';
import type { Condition, Operation, Selection } from '../../../src/engine/operation/Operation.js';
import { compileProjection } from '../../../src/engine/respond/compileProjection.js';
import { arbitraryOperation } from '../../differential/generate/arbitraryOperation.js';
import { printOperation } from '../../differential/generate/printOperation.js';
import { random } from '../../support/random.js';
import { finishedRun } from '../../support/runPlan.js';

const schema = buildSchema(/* GraphQL */ `
  scalar Any
  enum Size {
    SMALL
    LARGE
  }
  interface Node {
    id: ID!
    label(n: Int): String
    peer: Node
    parts: [Node!]
  }
  interface Sized {
    size: Size
  }
  union Thing = Book | Movie | Tag
  type Book implements Node & Sized {
    id: ID!
    label(n: Int): String!
    peer: Book
    parts: [Node!]
    size: Size
    pages: Int!
    tags: [Tag!]!
    grid: [[Int!]]!
    any: Any
    x: Int
  }
  type Movie implements Node & Sized {
    id: ID!
    label(n: Int): String
    peer: Movie!
    parts: [Movie!]
    size: Size!
    rating: Float
    tags: [Tag]
    grid: [[Int]!]
    x: String
  }
  type Tag {
    text: String!
    weight: Float!
    on: Boolean
    things: [Thing]
    deep: [[[Tag!]!]!]
  }
  type Query {
    book: Book
    movie: Movie!
    node: Node
    nodes: [Node!]!
    things: [Thing!]
    sized: Sized
    tag(n: Int): Tag
    matrix: [[Node!]!]
    flags: [Boolean!]!
    any: Any
    maybe: Boolean
  }
`);
const names = readSchemaNames(schema);

/** Values that both graphql-js and we refuse: graphql-js converts some others, which a gateway must not. */
const INVALID: Record<string, readonly unknown[]> = {
  Int: [2 ** 31, 1.5, 'text', Infinity],
  Float: ['text', Infinity, {}],
  String: [{}, []],
  Boolean: ['text', {}, []],
  ID: [1.5, {}, []],
  Size: ['HUGE', 'toString', '__proto__', 5, {}],
};
const VALID: Record<string, readonly unknown[]> = {
  Int: [0, -0, 1, -(2 ** 31)],
  Float: [0.5, 1e21, -0, 5e-324],
  String: ['', 'a"\\\n\u2028', '\ud800', '\u0000', 'x'.repeat(70)],
  Boolean: [true, false],
  ID: ['1', 7, '__proto__'],
  Size: ['SMALL', 'LARGE'],
  Any: [1, 'x', { __proto__: 1, constructor: [null] }, [[]], false],
};

/** Random data of a type: mostly right, with nulls, gaps and values that break the schema. */
function data(type: GraphQLOutputType, next: () => number, trouble: number, depth: number): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (next() < (isNonNullType(type) ? trouble : 0.1)) return next() < 0.5 ? null : undefined;
  if (isListType(nullable)) {
    if (next() < trouble) return pick([{}, 5, 'text']);
    return Array.from({ length: depth > 3 ? 0 : Math.floor(next() * 4) }, () =>
      data(nullable.ofType as GraphQLOutputType, next, trouble, depth + 1),
    );
  }
  if (isLeafType(nullable)) return pick((next() < trouble && INVALID[nullable.name]) || VALID[nullable.name]!);
  const named = getNamedType(nullable);
  const isUnknown = isAbstractType(named) && next() < trouble;
  if (isUnknown) return { __typename: pick(['Nobody', 'Query', 'toString', isEnumType(named) ? '' : 'Size']) };
  const concrete = isAbstractType(named) ? pick(schema.getPossibleTypes(named)) : named;
  if (!isObjectType(concrete)) throw new Error(concrete.name);
  const object: JsonObject = { __typename: concrete.name };
  for (const field of Object.values(concrete.getFields())) {
    const isDeep = depth > 4 && !isLeafType(getNamedType(field.type));
    object[field.name] = isDeep ? null : data(field.type, next, trouble, depth + 1);
  }
  return object;
}

/** The merged tree that subgraphs without any checks would deliver: everything the operation selects, in the engine's keys. */
function treeOf(value: unknown, lists: readonly (readonly Selection[])[]): unknown {
  if (Array.isArray(value)) return value.map((each) => treeOf(each, lists));
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return value;
  const object = value as JsonObject;
  const below = new Map<string, { name: string; lists: (readonly Selection[])[] }>();
  const walk = (selections: readonly Selection[]): void => {
    for (const each of selections) {
      if (each.kind === 'fragment') {
        if (each.typeCondition === undefined || isA(object['__typename'] as string, each.typeCondition))
          walk(each.selections);
        continue;
      }
      let found = below.get(each.key);
      if (found === undefined) below.set(each.key, (found = { name: each.name, lists: [] }));
      if (each.selections !== undefined) found.lists.push(each.selections);
    }
  };
  lists.forEach(walk);
  const tree: JsonObject = { __typename: object['__typename'] };
  for (const [key, { name, lists: inner }] of below)
    if (name !== '__typename') tree[key] = inner.length > 0 ? treeOf(object[name], inner) : object[name];
  return tree;
}

function isA(typename: string, condition: string): boolean {
  const [type, abstract] = [schema.getType(typename), schema.getType(condition)];
  return typename === condition || (isAbstractType(abstract) && isObjectType(type) && schema.isSubType(abstract, type));
}

const includesFor =
  (variables: Readonly<Record<string, unknown>>) =>
  (condition: Condition): boolean =>
    condition.every(({ variable, include }) => (variables[variable] === true) === include);

function compare(query: string, given: Readonly<Record<string, unknown>>, rootValue: JsonObject): void {
  const document = parse(query);
  const invalid = validate(schema, document);
  if (invalid.length > 0) throw new AggregateError(invalid, invalid.map(String).join());
  const definition = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], given);
  const expected = execute({ schema, document, rootValue, variableValues: given });
  if (!coerced || expected instanceof Promise) return fc.pre(false);

  const operation: Operation = normalise(document, definition, schema, names);
  const run = finishedRun(treeOf(rootValue, [operation.selections]));
  const { text, errors, droppedErrors } = compileProjection(operation, schema, includesFor(coerced))(run, undefined);
  expect(text).toBe(JSON.stringify(expected.data));
  const paths = (list: readonly { path?: readonly (string | number)[] | undefined }[] | undefined) =>
    (list ?? []).map(({ path }) => JSON.stringify(path));
  expect(paths(errors)).toEqual(paths(expected.errors).slice(0, 100));
  expect(droppedErrors).toBe(Math.max(0, (expected.errors?.length ?? 0) - 100));
}

describe('a projection', () => {
  const operations = arbitraryOperation(schema, {});
  const dataOf = (seed: number, trouble: number) =>
    data(schema.getQueryType()!, random(seed), trouble, 0) as JsonObject | null;

  it.each([
    ['sound data', 0],
    ['data with some trouble', 0.03],
    ['data with much trouble', 0.2],
  ])('writes what graphql-js completes, byte by byte and error by error: %s', (_, trouble) => {
    fc.assert(
      fc.property(operations, fc.nat(), fc.constantFrom('free', 'strict', 'one name'), (spec, seed, naming) => {
        let { query, variables } = printOperation(spec, schema, naming);
        if (validate(schema, parse(query)).length > 0) ({ query, variables } = printOperation(spec, schema, 'strict'));
        compare(query, variables, dataOf(seed, trouble) ?? {});
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{ nodes { x: label(n: 1) ... on Movie { x: label(n: 1) size } peer { id label } } }',
    '{ nodes { p: peer { id } ... on Book { p: peer { pages q: peer { grid } } } } }',
    '{ things { ... on Sized { s: size } ... on Tag { t: text things { __typename } } } }',
    '{ __proto__: book { constructor: id toString: pages hasOwnProperty: tags { then: text } } __typename }',
    '{ things { ... on Book { v: x } ... on Movie { w: x } __typename } }',
    '{ nodes { parts { p: parts { id } ... on Movie { p: parts { rating } } } } }',
    '{ tag { deep { text deep { weight } } } tag { deep { on } } }',
    'query($a: Boolean = true, $b: Boolean!) { book @skip(if: $a) { id } movie { id @include(if: $b) ... @skip(if: $b) { rating } } }',
  ])('of %s', (query) => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 0.05, 0.2), fc.boolean(), (seed, trouble, b) => {
        compare(query, { b }, dataOf(seed, trouble) ?? {});
      }),
      { numRuns: 100 },
    );
  });
});
