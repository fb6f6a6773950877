import { buildSchema, parse } from 'graphql';
import type { GraphQLError, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { parseJson } from '../../../src/base/kit/json.js';
import { compileVariables } from '../../../src/engine/operation/variables.js';
import { nesting } from '../../support/hostileDocuments.js';

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
  input Big {
    value: JSON = { number: 9007199254740993 }
    id: ID = 9007199254740993
  }
  type Query {
    f(filter: Filter): String
  }
`);

function definitionsOf(declared: string): readonly VariableDefinitionNode[] {
  const [operation] = parse(`query(${declared}){f}`).definitions;
  return (operation as OperationDefinitionNode).variableDefinitions!;
}

function coerce(
  declared: string,
  input?: Readonly<Record<string, unknown>>,
): ReturnType<ReturnType<typeof compileVariables>> {
  return compileVariables(definitionsOf(declared), schema)(input);
}

function valuesOf(declared: string, input?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const result = coerce(declared, input);
  if ('errors' in result) throw result.errors[0]!;
  return result.values;
}

function errorsOf(declared: string, input?: Readonly<Record<string, unknown>>): readonly GraphQLError[] {
  const result = coerce(declared, input);
  if (!('errors' in result)) throw new Error('No errors');
  return result.errors;
}

describe('names that JavaScript gives a meaning to (PROTO-02)', () => {
  const declared = '$__proto__:JSON $constructor:Boolean!=true $toString:[ID!] $hasOwnProperty:Int';

  test('are variables like any other, given or not', () => {
    const input = parseJson('{"__proto__":{"isAdmin":true},"toString":7}') as Record<string, unknown>;
    const values = valuesOf(declared, input);
    expect(Object.getPrototypeOf(values)).toBeNull();
    expect(Object.entries(values)).toEqual([
      ['__proto__', { isAdmin: true }],
      ['constructor', true],
      ['toString', ['7']],
    ]);
    expect('isAdmin' in values).toBe(false);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.keys(valuesOf(declared, {}))).toEqual(['constructor']);
    expect(Object.keys(valuesOf(declared))).toEqual(['constructor']);
  });

  test('nothing inherited counts as given', () => {
    expect(errorsOf('$toString:String!', {})[0]!.message).toBe(
      'Variable "$toString" of required type "String!" was not provided.',
    );
    const point = valuesOf('$p:Point', { p: { x: 1 } })['p'];
    expect(Object.entries(point as object)).toEqual([
      ['x', 1],
      ['y', 0],
    ]);
  });
});

describe('integers beyond 2^53 (PROTO-09)', () => {
  const input = parseJson('{"v":9007199254740993}') as Record<string, unknown>;

  test('an ID keeps its digits, alone and in lists and objects', () => {
    expect(valuesOf('$v:ID!', input)).toEqual({ v: '9007199254740993' });
    expect(valuesOf('$v:[ID!]', input)).toEqual({ v: ['9007199254740993'] });
    expect(valuesOf('$v:By', parseJson('{"v":{"id":-9007199254740993}}') as object as never)).toEqual({
      v: { id: '-9007199254740993' },
    });
  });

  test('a custom scalar gets them untouched, a Float as a number', () => {
    expect(valuesOf('$v:JSON', input)).toEqual({ v: 9007199254740993n });
    expect(valuesOf('$v:JSON', { v: { deep: [1n] } })).toEqual({ v: { deep: [1n] } });
    expect(valuesOf('$v:Float', input)).toEqual({ v: 9007199254740992 });
  });

  test('Int, String, Boolean and enums refuse them', () => {
    expect(errorsOf('$v:Int', input)[0]!.message).toBe(
      'Variable "$v" got invalid value 9007199254740993; Int cannot represent non 32-bit signed integer value: 9007199254740993',
    );
    for (const type of ['String', 'Boolean', 'Role', 'Point']) expect(errorsOf(`$v:${type}`, input)).toHaveLength(1);
  });

  test('literal defaults keep their digits, in the operation and in the schema', () => {
    expect(valuesOf('$v:JSON={a:[9007199254740993,1,"x",true,null,E]} $w:ID=9007199254740993', {})).toEqual({
      v: { a: [9007199254740993n, 1, 'x', true, null, 'E'] },
      w: '9007199254740993',
    });
    expect(valuesOf('$v:Big', { v: {} })).toEqual({
      v: { value: { number: 9007199254740993n }, id: '9007199254740993' },
    });
  });

  test('1e400 is no Float and no Int, -0 is one', () => {
    const infinite = parseJson('{"v":1e400}') as Record<string, unknown>;
    for (const type of ['Float', 'Int', 'ID', 'String']) expect(errorsOf(`$v:${type}`, infinite)).toHaveLength(1);
    // In a custom scalar it would be sent as null.
    for (const v of [infinite['v'], { a: [infinite['v']] }])
      expect(errorsOf('$v:JSON', { v }).map(({ message }) => message)).toEqual([
        expect.stringContaining('Expected type "JSON". A number in it is too large.') as string,
      ]);
    expect(valuesOf('$v:Float', { v: -0 })).toEqual({ v: -0 });
  });

  test('lone surrogates and odd strings arrive as they were sent (TOOL-18)', () => {
    for (const text of ['\ud800', "' OR 1=1 --", '${7*7}', '\r\nX: y', '{{x}}', '\u0000']) {
      expect(valuesOf('$v:String! $w:ID!', { v: text, w: text })).toEqual({ v: text, w: text });
    }
  });
});

describe('errors', () => {
  test('carry code, status and position', () => {
    const [error] = errorsOf('$a:ID! $b:Int!', { a: '1' });
    expect(error!.toJSON()).toEqual({
      message: 'Variable "$b" of required type "Int!" was not provided.',
      locations: [{ line: 1, column: 14 }],
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  });

  test('DOS-13: 100,000 bad enum values give 50 errors and a small body', () => {
    const v = Array.from({ length: 100_000 }, (_, i) => `BAD_${i}`);
    const errors = errorsOf('$v:[Role!]', { v });
    expect(errors).toHaveLength(50);
    expect(errors[48]!.message).toContain('"v[48]"');
    expect(errors[49]!.message).toMatch(/^Too many errors/);
    expect(JSON.stringify(errors).length).toBeLessThan(100_000);
  });

  test('exactly 50 errors are all told', () => {
    const errors = errorsOf('$v:[Role!]', { v: Array.from({ length: 50 }, () => 'BAD') });
    expect(errors).toHaveLength(50);
    expect(errors[49]!.message).toContain('"v[49]"');
  });

  test('a large value is not sent back, however it fails', () => {
    const huge = 'x'.repeat(1_000_000);
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, huge]));
    const failures = [
      errorsOf('$v:Role', { v: huge }),
      errorsOf('$v:Int', { v: huge }),
      errorsOf('$v:[Int!]', { v: [[huge]] }),
      errorsOf('$v:Filter', { v: { [huge]: huge } }),
      errorsOf('$v:Filter', { v: many }),
      errorsOf('$v:By', { v: many }),
      errorsOf('$v:String', { v: many }),
    ];
    for (const errors of failures) {
      expect(errors.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(errors).length).toBeLessThan(100_000);
    }
  });

  test('suggest nothing', () => {
    const errors = [
      ...errorsOf('$v:Role', { v: 'ADMINN' }),
      ...errorsOf('$v:Role', { v: 1 }),
      ...errorsOf('$v:Filter', { v: { tex: 'x' } }),
    ];
    expect(errors).toHaveLength(3);
    for (const { message } of errors) expect(message).not.toMatch(/did you mean|ADMIN"|text/i);
  });

  test('GEN6: values that nest without end are refused, not walked until the stack is gone', () => {
    const deep = (levels: number): unknown => JSON.parse(nesting.variableJson(levels));
    expect(errorsOf('$v:Filter', { v: deep(100_000) })[0]!.message).toContain('nest more than 200 levels');
    expect(errorsOf('$v:JSON', { v: deep(100_000) })[0]!.message).toContain('nests more than 200 levels');
    expect(errorsOf('$v:Filter', { v: { extra: deep(100_000) } })).toHaveLength(1);
    expect(valuesOf('$v:Filter', { v: deep(100) })).toHaveProperty('v.not.not.limit', 10);
    expect(valuesOf('$v:JSON', { v: deep(100) })).toEqual({ v: deep(100) });
  });

  test('an input field that the API does not have is refused, not passed on (TOOL-27)', () => {
    expect(errorsOf('$v:Point!', { v: { x: 1, role: 'admin' } })[0]!.message).toMatch(
      /Field "role" is not defined by type "Point"\.$/,
    );
  });

  test('a type that is no input type is reported, not thrown', () => {
    expect(errorsOf('$v:Query', {})[0]!.message).toMatch(/cannot be used as an input type/);
    expect(errorsOf('$v:[Nowhere!]', {})[0]!.message).toMatch(/cannot be used as an input type/);
  });
});

test('variables that the operation does not declare are dropped', () => {
  expect(valuesOf('$a:ID', { a: 1, b: 2 })).toEqual({ a: '1' });
});

test('one schema, many operations: coercers are shared and do not mix variables', () => {
  const one = compileVariables(definitionsOf('$v:Filter!'), schema);
  const two = compileVariables(definitionsOf('$w:[Filter!]'), schema);
  expect(one({ v: { text: 'a' } })).toEqual({ values: { v: { text: 'a', role: 'USER', limit: 10 } } });
  expect(two({ w: { limit: 1 } })).toEqual({ values: { w: [{ role: 'USER', limit: 1 }] } });
});
