import { afterEach, describe, expect, it } from 'vitest';

import { entities, hostileGateway } from '../support/hostileGraph.js';
import { createTestGateway } from '../support/testGateway.js';
import type { TestGateway } from '../support/testGateway.js';

/** Names chosen by clients and keys chosen by subgraphs never reach a prototype (PROTO-01 to 03, 09). */

const gateways: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
});

function open(...args: Parameters<typeof hostileGateway>): TestGateway {
  const gateway = hostileGateway(...args);
  gateways.push(gateway);
  return gateway;
}

/** JSON text in, so that `__proto__` is an own key as it is on the wire. */
const json = (text: string): { data: unknown } => JSON.parse(text) as { data: unknown };

describe('PROTO-01: response names', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    'prototype',
    '_0',
    '__typename',
  ])('%s is answered as an own key', async (name) => {
    const users = { data: { me: { __typename: 'User', id: '1', name: 'A' } } };
    const facts = entities(() => ({ __typename: 'User', score: 7 }));
    const { dataText, errors } = await open({ users, facts }).execute(`{ ${name}: me { ${name}: score name } }`);
    expect(errors).toEqual([]);
    expect(dataText).toBe(`{"${name}":{"${name}":7,"name":"A"}}`);
  });

  it('in error paths too', async () => {
    const users = { data: { me: { __typename: 'User', id: '1', age: 'x' } } };
    const { errors } = await open({ users }).execute('{ __proto__: me { constructor: age } }');
    expect(errors.map((error) => error.path)).toEqual([['__proto__', 'constructor']]);
  });
});

describe('PROTO-02: variable names', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'])('$%s as a condition', async (name) => {
    const users = { data: { me: { __typename: 'User', id: '1', name: 'A' } } };
    const query = `query($${name}: Boolean!) { me { id name @include(if: $${name}) } }`;
    const variables = (value: boolean): Record<string, unknown> =>
      JSON.parse(`{"${name}":${value}}`) as Record<string, unknown>;
    const gateway = open({ users });
    expect((await gateway.execute({ query, variables: variables(true) })).data).toEqual({ me: { id: '1', name: 'A' } });
    expect((await gateway.execute({ query, variables: variables(false) })).data).toEqual({ me: { id: '1' } });
  });

  it.each(['constructor', 'toString', '__proto__'])('$%s that is absent takes its default', async (name) => {
    const users = { data: { me: { __typename: 'User', id: '1', name: 'A' } } };
    const query = `query($${name}: Boolean = false) { me { id name @skip(if: $${name}) } }`;
    expect((await open({ users }).execute({ query })).data).toEqual({ me: { id: '1', name: 'A' } });
  });

  it.each(['constructor', '__proto__'])('$%s that is required and absent is refused', async (name) => {
    const query = `query($${name}: Boolean!) { me { id @skip(if: $${name}) } }`;
    const { data, errors } = await open({}).execute({ query });
    expect(data).toBeUndefined();
    expect(errors.map((error) => error.extensions['code'])).toEqual(['BAD_USER_INPUT']);
  });
});

describe('PROTO-03: keys in subgraph answers', () => {
  it('__proto__ in a root answer adds nothing to anybody', async () => {
    const users = json(
      '{"data":{"__proto__":{"isAdmin":true},"me":{"__proto__":{"isAdmin":true,"age":99},"__typename":"User","id":"1"}}}',
    );
    const { data } = await open({ users }).execute('{ me { id age name } }');
    expect(data).toEqual({ me: { id: '1', age: null, name: null } });
  });

  it('__proto__ in an entity is not merged over the one that is known', async () => {
    const users = json('{"data":{"users":[{"__typename":"User","id":"1","name":"A"}]}}');
    const facts = json(
      '{"data":{"_entities":[{"__typename":"User","__proto__":{"isAdmin":true,"score":9,"name":"B"},"constructor":{"prototype":{"isAdmin":true}},"must":1}]}}',
    );
    const { data } = await open({ users, facts }).execute('{ users { id name score must } }');
    expect(data).toEqual({ users: [{ id: '1', name: 'A', score: null, must: 1 }] });
  });

  it('a field is never read from a prototype', async () => {
    const { data } = await open({ users: { data: { me: {} } } }).execute('{ me { name toString: age } }');
    expect(data).toEqual({ me: { name: null, toString: null } });
  });

  it('custom scalars keep such keys', async () => {
    const users = json('{"data":{"any":{"__proto__":{"a":1},"constructor":[null,{"toString":"x"}],"toJSON":"no"}}}');
    const { dataText } = await open({ users }).execute('{ any }');
    expect(dataText).toBe('{"any":{"__proto__":{"a":1},"constructor":[null,{"toString":"x"}],"toJSON":"no"}}');
  });
});

describe('PROTO-09: numbers and text', () => {
  it.each([
    { title: '1e400 never becomes Infinity', value: [Infinity], text: '[null]' },
    { title: '-0 is a number', value: -0, text: '0' },
    { title: 'an integer beyond 2^53 keeps its digits', value: 9007199254740993n, text: '9007199254740993' },
    { title: 'a lone surrogate is escaped', value: '\ud800', text: '"\\ud800"' },
    { title: 'a line separator stays', value: '\u2028', text: '"\u2028"' },
  ])('in a custom scalar $title', async ({ value, text }) => {
    const { dataText } = await open({ users: { data: { any: value } } }).execute('{ any }');
    expect(dataText).toBe(`{"any":${text}}`);
  });

  it('an infinite Float is null with an error', async () => {
    const { data, errors } = await open({ users: { data: { me: { id: '1', height: Infinity } } } }).execute(
      '{ me { height } }',
    );
    expect(data).toEqual({ me: { height: null } });
    expect(errors).toHaveLength(1);
  });

  it('1e400 in a custom scalar is null with an error', async () => {
    const { data, errors } = await open({ users: { data: { any: Infinity } } }).execute('{ any }');
    expect(data).toEqual({ any: null });
    expect(errors.map(({ extensions, path }) => [extensions['code'], path])).toEqual([['INVALID_VALUE', ['any']]]);
  });

  describe('in literals', () => {
    const echo = {
      echo: {
        typeDefs: `
          scalar Json
          input Filter { at: Json ids: [ID!] note: String = "none" }
          type Query { echo(json: Json, id: ID, float: Float, filter: Filter): String again: Query }
        `,
        answer: () => ({ data: {} }),
      },
    };

    it.each([
      ['json: {a: [9007199254740993, -9007199254740993, 1]}'],
      ['json: 12345678901234567890123'],
      ['id: 9007199254740993'],
      ['filter: {at: 9007199254740993, ids: [9007199254740993, 7]}'],
      ['filter: {at: {x: $x, y: 9007199254740993}}, json: [$x]'],
    ])('integers beyond 2^53 keep their digits on the way to a subgraph: %s', async (given) => {
      const gateway = createTestGateway({ subgraphs: echo });
      gateways.push(gateway);
      const query = `query${given.includes('$x') ? '($x: Json)' : ''} { e: echo(${given}) }`;
      const { errors } = await gateway.execute({ query, variables: { x: 1 } });
      expect(errors).toEqual([]);
      const sent = gateway.calls[0]!.text.replace(/[\s,]/g, '');
      expect(sent).toContain(given.replace(/[\s,]/g, ''));
    });

    it.each([
      ['{ echo(float: 1e400) }'],
      ['{ echo(float: -1e400) }'],
      ['{ echo(json: {a: [1e999]}) }'],
      [`{ echo(json: ${'1'.repeat(400)}) }`],
      ['query($x: Json = {a: 1e400}) { echo(json: $x) }'],
      ['{ ...F } fragment F on Query { echo(float: 1e400) }'],
    ])('what is beyond all numbers is refused before anything is planned: %s', async (query) => {
      const gateway = createTestGateway({ subgraphs: echo });
      gateways.push(gateway);
      const { data, errors } = await gateway.execute(query);
      expect(data).toBeUndefined();
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(gateway.calls).toEqual([]);
    });
  });

  it('a large integer id is sent on with all its digits', async () => {
    const gateway = open({
      users: { data: { users: [{ __typename: 'User', id: 9007199254740993n }] } },
      facts: entities(() => ({ __typename: 'User', score: 1 })),
    });
    const { dataText } = await gateway.execute('{ users { id score } }');
    expect(dataText).toBe('{"users":[{"id":"9007199254740993","score":1}]}');
    expect(gateway.calls[1]?.variablesText).toContain('9007199254740993');
  });
});
