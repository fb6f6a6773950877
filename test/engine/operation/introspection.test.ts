import { buildSchema, executeSync, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';

import { createIntrospection } from '../../../src/engine/operation/introspection.js';

const schema = buildSchema(/* GraphQL */ `
  scalar JSON
  type Query {
    new: Int
    old: Int @deprecated
  }
`);

const bare = (values: Record<string, unknown>): Record<string, unknown> => Object.assign(Object.create(null), values);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('createIntrospection', () => {
  test('answers the standard query as graphql-js does', () => {
    const document = parse(getIntrospectionQuery());
    expect(createIntrospection(schema)(document, {})).toEqual(executeSync({ schema, document }).data);
  });

  test("answers under the client's names, `__proto__` too (PROTO-01)", () => {
    const document = parse(
      '{ __proto__: __type(name:"Query"){ constructor: name } toString: __schema{ queryType{ name } } }',
    );
    const answer = createIntrospection(schema)(document, {});
    expect(Object.keys(answer)).toEqual(['__proto__', 'toString']);
    expect(JSON.stringify(answer)).toMatch(/^\{"__proto__":\{"constructor":"Query"\},"toString":/);
    expect(({} as { constructor: unknown }).constructor).toBe(Object);
  });

  test('reads coerced variables, in arguments and conditions, through fragments', () => {
    const document = parse(`
      query ($name: String!, $all: Boolean = false, $go: Boolean!) { a: __type(name: $name) @include(if: $go) { ...F } }
      fragment F on __Type { fields(includeDeprecated: $all) { name } }
    `);
    const introspect = createIntrospection(schema);
    const ask = (values: Record<string, unknown>): unknown => plain(introspect(document, bare(values)));
    expect(ask({ name: 'Query', all: true, go: true })).toEqual({ a: { fields: [{ name: 'new' }, { name: 'old' }] } });
    expect(ask({ name: 'Query', all: false, go: true })).toEqual({ a: { fields: [{ name: 'new' }] } });
    expect(ask({ name: 'JSON', all: false, go: true })).toEqual({ a: { fields: null } });
    expect(ask({ name: 'Nothing', all: false, go: true })).toEqual({ a: null });
    expect(ask({ name: 'Query', all: false, go: false })).toEqual({});
  });

  test('executes once for a document and the variables that its introspection uses', () => {
    const introspect = createIntrospection(schema);
    const document = parse(`
      query ($name: String!, $id: ID!, $json: JSON) { __type(name: $name) { name } }
      fragment Unused on Query { something(id: $id, json: $json) }
    `);
    const first = introspect(document, bare({ name: 'Query', id: '1', json: 1n }));
    expect(introspect(document, bare({ name: 'Query', id: '2', json: { deep: 2n } }))).toBe(first);
    expect(introspect(document, bare({ name: 'JSON', id: '1', json: 1n }))).not.toBe(first);
    expect(introspect(parse('{__type(name:"Query"){name}}'), {})).not.toBe(first);
  });

  test('keeps a bounded number of answers, and none under a long key', () => {
    const introspect = createIntrospection(schema);
    const document = parse('query($name:String!){__type(name:$name){name}}');
    const first = introspect(document, bare({ name: 'Query' }));
    for (let i = 0; i < 100; i++) introspect(document, bare({ name: `T${i}` }));
    expect(introspect(document, bare({ name: 'Query' }))).not.toBe(first);
    const long = bare({ name: 'x'.repeat(5000) });
    expect(introspect(document, long)).not.toBe(introspect(document, long));
  });

  test('throws what graphql-js says of a document that was not validated', () => {
    expect(() => createIntrospection(schema)(parse('query($name:String!){__type(name:$name){name}}'), {})).toThrow(
      /"\$name" of required type/,
    );
  });
});
