import { afterEach, describe, expect, it } from 'vitest';

import type { FallbackConfig } from '../../../src/gateway/readFallbacks.js';
import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { composeSdl } from '../../support/compose.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestGateway, TestGatewayOptions } from '../../support/testGateway.js';

// Ways to a protected value that nobody has to think of when rules are written.

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});
function start(options: TestGatewayOptions): TestGateway {
  return (gateway = createTestGateway(options));
}

const at = (...path: string[]) => ({
  message: 'Unauthorized field or type',
  path,
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
});
const asked = () => gateway!.calls.map(({ text }) => text).join('\n');

describe('by an input of another field', () => {
  const shapes = `interface Contact { mail: Int } interface Named { label: Label } interface Label { text: Int }`;
  const a = `type Query { o: O } type O @key(fields: "id") { id: ID contact: Contact named: Named } ${shapes}
    type Staff implements Contact { mail: Int } type Customer implements Contact { mail: Int }
    type Shop implements Named { label: Sign } type Sign implements Label { text: Int }`;
  const b = `type O @key(fields: "id") { id: ID contact: Contact @external named: Named @external
      reach: Int @requires(fields: "contact { mail }") title: Int @requires(fields: "named { label { text } }") } ${shapes}
    type Staff implements Contact { mail: Int @external } type Customer implements Contact { mail: Int @external }
    type Shop implements Named { label: Sign @external } type Sign implements Label { text: Int @external }`;
  const values = { contact: { __typename: 'Staff', mail: 666 }, named: { __typename: 'Shop', label: { text: 777 } } };
  const subgraphs = {
    a: { typeDefs: a, resolvers: { Query: { o: () => ({ id: 1, ...values }) } } },
    b: { typeDefs: b, answer: () => ({ data: { _entities: [{ __typename: 'O', reach: 666, title: 777 }] } }) },
  };

  it('through an interface: rules at the types behind it hold, and at the types that their own fields have', async () => {
    const authorization: TestGatewayOptions['authorization'] = {
      fields: { Staff: { authenticated: true }, Sign: { scopes: [['signs']] } },
    };
    const { execute } = start({ subgraphs, authorization });
    expect(await execute('{ o { id reach title } }')).toMatchObject({
      data: { o: { id: '1', reach: null, title: null } },
      errors: [at('o', 'reach'), at('o', 'title')],
    });
    expect(asked()).not.toMatch(/contact|named/);
    expect((await execute({ query: '{ o { reach title } }', identity: someone('ada', ['signs']) })).data).toEqual({
      o: { reach: 666, title: 777 },
    });
  });
});

describe('by a field that stands in for another (@fallback)', () => {
  const typeDefs = 'type Query { open: Int price: Int secret: Int @authenticated code: Code } scalar Code';
  const answer: TestGatewayOptions['subgraphs'][string]['answer'] = ({ text }) => {
    if (text.includes('price')) throw new PorticoError('SUBGRAPH_TIMEOUT', 'late');
    return { data: { open: 1, secret: 666 } };
  };
  const fallback = {
    coordinates: { 'Query.price': { field: 'secret', on: ['TIMEOUT'] } },
    subgraphs: {},
    maxSize: 1_000_000,
  } as unknown as FallbackConfig;

  it('the field demands what its stand-in demands', async () => {
    const { execute } = start({ subgraphs: { a: { typeDefs, answer } }, fallback });
    expect(await execute('{ open price }')).toMatchObject({ data: { open: 1, price: null }, errors: [at('price')] });
    expect(asked()).toBe('{open}');
    expect(await execute({ query: '{ price }', identity: someone('ada') })).toMatchObject({ data: { price: 666 } });
  });
});

describe('by what somebody else gives along', () => {
  it('what @provides offers is not asked for', async () => {
    const { execute } = start({
      subgraphs: {
        a: {
          typeDefs:
            'type Query { o: O @provides(fields: "secret") } type O @key(fields: "id") { id: ID secret: Int @external }',
          resolvers: { Query: { o: () => ({ id: 1, secret: 666 }) } },
        },
        b: { typeDefs: 'type O @key(fields: "id") { id: ID secret: Int @shareable @authenticated }' },
      },
    });
    expect(await execute('{ o { id secret } }')).toMatchObject({
      data: { o: { id: '1', secret: null } },
      errors: [at('o', 'secret')],
    });
    expect(asked()).not.toContain('secret');
  });

  it('fields of an interface object are judged by their rules, under the interface and under its types', async () => {
    const { execute } = start({
      subgraphs: {
        a: {
          typeDefs: `type Query { n: N } interface N @key(fields: "id") { id: ID }
            type A implements N @key(fields: "id") { id: ID } type B implements N @key(fields: "id") { id: ID }`,
          resolvers: { Query: { n: () => ({ __typename: 'A', id: 1 }) } },
        },
        b: {
          typeDefs:
            'type N @interfaceObject @key(fields: "id") { id: ID x: Int @authenticated y: Int } type Query { b: Int }',
          answer: () => ({ data: { _entities: [{ __typename: 'N', x: 666, y: 1 }] } }),
        },
      },
    });
    for (const selection of ['x y', '... on A { x y }', '... on N { x } y', '... on B { x } ... on A { x y }']) {
      const { data, errors } = await execute(`{ n { ${selection} } }`);
      expect([data, errors]).toEqual([{ n: { x: null, y: 1 } }, [at('n', 'x')]]);
    }
    expect(asked()).not.toMatch(/\bx\b/);
  });
});

describe('by the name of an answer', () => {
  const typeDefs = `
    type Query { media: [Media] } union Media = Film | Song
    type Film { title(lang: String): Int! cast: [Person!]! } type Person { name: Int age: Int @authenticated }
    type Song { title(lang: String): Int! @authenticated cast: [Person!]! @authenticated }`;
  const media = () => [
    { __typename: 'Film', title: 1, cast: [{ name: 2, age: 666 }] },
    { __typename: 'Song', title: 667, cast: [{ name: 668, age: 669 }] },
  ];

  it('one name of two types, refused in one, with lists that may not be null', async () => {
    const { execute } = start({ subgraphs: { a: { typeDefs, resolvers: { Query: { media } } } } });
    const of = (more: string) => `{ k: title(lang: "en") cast { ${more} } }`;
    const query = `{ media { __typename ... on Film ${of('name')} ... on Song ${of('age')} } }`;
    expect(await execute(query)).toMatchObject({
      data: { media: [{ __typename: 'Film', k: 1, cast: [{ name: 2 }] }, null] },
      errors: [at('media', '@', 'k'), at('media', '@', 'cast')],
    });
    expect(asked()).not.toMatch(/Song/);
  });
});

describe('by arguments that are none', () => {
  const typeDefs = `
    type Query { open: Int o(id: ID! = "x", in: In = { a: 1 }): Int @policy(policies: [["p"]]) q: Int @policy(policies: [["p"]]) }
    input In { a: Int! = 5 }`;
  const resolvers = { Query: { open: () => 1, o: () => 666, q: () => 2 } };

  it('a policy is not asked about them, the field is refused and the rest is answered', async () => {
    const asks: unknown[] = [];
    const p = (question: { readonly arguments: unknown }) => asks.push(question.arguments) > 0;
    const { execute } = start({ subgraphs: { a: { typeDefs, resolvers } }, policies: { p } });
    for (const [query, variables] of [
      ['query($v: ID) { open q o(id: $v) }', { v: null }],
      ['query($v: Int = 1) { open q o(in: { a: $v }) }', { v: null }],
    ] as const)
      expect(await execute({ query, variables })).toMatchObject({
        data: { open: 1, q: 2, o: null },
        errors: [at('o')],
      });
    expect(
      await execute({ query: 'query($v: ID) { open o(id: $v) @skip(if: true) }', variables: { v: null } }),
    ).toEqual(expect.objectContaining({ data: { open: 1 }, errors: [] }));
    expect(asks).toEqual([undefined, undefined]);
    expect(await execute({ query: 'query($v: ID) { o(id: $v) }' })).toMatchObject({ data: { o: 666 } });
    expect(asks.at(-1)).toEqual({ id: 'x', in: { a: 1 } });
  });
});

describe('by rules that stand in extensions of a type', () => {
  const typeDefs = 'type Query { open: Int late: Int o: O } type O { x: Int }';
  const resolvers = { Query: { open: () => 1, late: () => 666, o: () => ({ x: 777 }) } };
  const composed = composeSdl({ a: 'type Query { open: Int @authenticated late: Int o: O } type O { x: Int }' });
  const supergraphSdl = `${composed.replace(/ @authenticated\n/, '\n').replace('  late: Int\n', '')}
    extend type Query { late: Int @authenticated }
    extend type O @authenticated @join__type(graph: A)`;

  it('which composition never writes and others may', async () => {
    const { execute } = start({ supergraphSdl, subgraphs: { a: { typeDefs, resolvers } } });
    expect(await execute('{ open late o { x } }')).toMatchObject({
      data: { open: 1, late: null, o: null },
      errors: [at('late'), at('o')],
    });
    expect(asked()).toBe('{open}');
  });
});
