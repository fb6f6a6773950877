import fc from 'fast-check';
import { buildSchema, getVariableValues, parse } from 'graphql';
import type { GraphQLError, GraphQLScalarType, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { compileVariables } from '../../../src/engine/operation/variables.js';

const schema = buildSchema(/* GraphQL */ `
  scalar JSON
  enum Role {
    ADMIN
    USER
    constructor
  }
  input Filter {
    not: Filter
    all: [Filter!]
    text: String
    role: Role = USER
    limit: Int! = 10
    ids: [ID!]
    extra: JSON
  }
  input Point {
    x: Float!
    y: Float! = 0
    constructor: String
  }
  input By @oneOf {
    id: ID
    point: Point
    roles: [Role!]
  }
  type Query {
    f(filter: Filter): String
  }
`);

function definitionsOf(declared: string): readonly VariableDefinitionNode[] {
  const [operation] = parse(`query(${declared}){f}`).definitions;
  return (operation as OperationDefinitionNode).variableDefinitions!;
}

/** Without prototypes: graphql-js reads inherited members (an input field called `constructor` is always given), we never do. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) copy[key] = bare(member);
  return copy;
}

/** As JSON sees it: own properties, prototypes forgotten. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const types = [
  'ID',
  'ID!',
  'String',
  'Int',
  'Int!',
  'Float',
  'Boolean!',
  'Role',
  'Role!',
  'JSON',
  'Filter',
  'Filter!',
  'Point',
  'By',
  'By!',
  '[ID!]!',
  '[Int]',
  '[[Int!]]',
  '[Role!]',
  '[Filter!]',
  '[By]',
];
const defaults: Readonly<Record<string, string>> = {
  ID: '7',
  String: '"s"',
  Int: '3',
  Float: '1',
  Role: 'ADMIN',
  Filter: '{text:"t",not:{limit:1}}',
  Point: '{x:1}',
  By: '{id:"1"}',
  '[Int]': '4',
  '[[Int!]]': '[1,[2]]',
  '[ID!]!': '[1,"b"]',
  JSON: '{a:[1,null,ENUM]}',
};

const leaf = fc.oneof(
  fc.constantFrom('ADMIN', 'USER', 'constructor', '__proto__', 'nobody', '', 'a', '7'),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(0, -0, 1.5, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 1e21, Infinity, true, false, null),
  fc.string({ maxLength: 8 }),
);
const keys = fc.constantFrom(
  'not',
  'all',
  'text',
  'role',
  'limit',
  'ids',
  'extra',
  'x',
  'y',
  'constructor',
  'id',
  'point',
  'roles',
  'tex',
  'toString',
);
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 4, arbitrary: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }) },
    { weight: 2, arbitrary: fc.record({ x: fc.double({ noNaN: true }), y: fc.integer() }, { requiredKeys: ['x'] }) },
    {
      weight: 2,
      arbitrary: fc.record({ limit: fc.integer(), text: fc.string(), not: tie('value') }, { requiredKeys: [] }),
    },
    { weight: 2, arbitrary: fc.record({ id: fc.string() }) },
  ),
}));

/** The one thing that no scalar takes from us, whatever it says itself: `1e400` would be sent as null. */
(schema.getType('JSON') as GraphQLScalarType).parseValue = (value) => {
  JSON.stringify({ value }, (_key, each: unknown) => {
    if (each === Infinity || each === -Infinity) throw new Error('A number in it is too large.');
    return each;
  });
  return value;
};

describe('graphql-js is the oracle', () => {
  const variable = fc.record({
    type: fc.constantFrom(...types),
    withDefault: fc.boolean(),
    given: fc.boolean(),
    value: json,
  });

  test('same values, or the same messages in the same order', () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(fc.array(variable, { minLength: 1, maxLength: 3 }), (variables) => {
        const declared = variables
          .map(({ type, withDefault }, i) => {
            const literal = withDefault ? defaults[type] : undefined;
            return `$v${i}:${type}${literal === undefined ? '' : `=${literal}`}`;
          })
          .join(' ');
        const input = Object.fromEntries(variables.flatMap((each, i) => (each.given ? [[`v${i}`, each.value]] : [])));
        const definitions = definitionsOf(declared);
        const oracle = getVariableValues(schema, definitions, bare(input) as typeof input, {
          maxErrors: 1000,
          hideSuggestions: true,
        });
        const ours = compileVariables(definitions, schema)(input);
        if (oracle.errors === undefined) {
          valid++;
          expect(ours).not.toHaveProperty('errors');
          // toEqual tells -0 from 0 and takes no notice of prototypes.
          expect(ours).toEqual({ values: oracle.coerced });
        } else {
          invalid++;
          const { errors } = ours as { errors: GraphQLError[] };
          expect(errors.map((each) => each.message)).toEqual(oracle.errors.slice(0, 50).map((each) => each.message));
          expect(errors.map((each) => each.locations)).toEqual(
            oracle.errors.slice(0, 50).map((each) => each.locations),
          );
        }
      }),
      { numRuns: 1500 },
    );
    expect(valid).toBeGreaterThan(100);
    expect(invalid).toBeGreaterThan(100);
  });

  test('each type alone, with values made to fit or to just miss', () => {
    const cases: Array<[string, unknown[]]> = [
      [
        'By',
        [{ id: '1' }, { id: null }, {}, { id: '1', point: { x: 1 } }, { point: {} }, { roles: 'ADMIN' }, null, 'x'],
      ],
      ['By!', [null, { other: 1 }, { id: '1', other: 1 }]],
      ['Point', [{ x: 1 }, { x: 1, y: null }, { x: '1' }, { y: 1 }, [{ x: 1 }], JSON.parse('{"x":1,"__proto__":2}')]],
      ['[[Int!]]', [1, [1], [[1]], [[null]], [null], null, [[1, 'x'], 2.5]]],
      ['[Filter!]', [{}, [{}], [null], [{ all: { text: 'x' } }], [{ all: [{ role: 'NOBODY' }] }]]],
      ['Role', ['ADMIN', 'constructor', 'toString', '__proto__', 1, true, ['ADMIN'], {}]],
      ['JSON', [{ a: [1, { b: null }] }, 'x', null, true, []]],
    ];
    for (const [type, inputs] of cases) {
      for (const value of inputs) {
        const definitions = definitionsOf(`$v:${type}`);
        const oracle = getVariableValues(
          schema,
          definitions,
          { v: bare(value) },
          { maxErrors: 50, hideSuggestions: true },
        );
        const ours = compileVariables(definitions, schema)({ v: value });
        const expected = oracle.errors?.map((each) => each.message) ?? plain(oracle.coerced);
        expect('errors' in ours ? ours.errors.map((each) => each.message) : plain(ours.values)).toEqual(expected);
      }
    }
  });
});
