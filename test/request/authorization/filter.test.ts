import { afterEach, describe, expect, it } from 'vitest';

import { createTestGateway } from '../../support/testGateway.js';
import type { TestGateway, TestGatewayOptions } from '../../support/testGateway.js';
import { someone } from '../../support/identities.js';

let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

function start(typeDefs: string, resolvers: object, more: Partial<TestGatewayOptions> = {}): TestGateway {
  return (gateway = createTestGateway({
    subgraphs: { shop: { typeDefs, resolvers: resolvers as never } },
    ...more,
  }));
}

const at = (...path: string[]) => ({
  message: 'Unauthorized field or type',
  path,
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
});
const asked = () => gateway!.calls.map(({ text }) => text).join('\n');

const shop = `
  type Query {
    me: User @authenticated
    open: Int
    count: Int @authenticated
    accounts: [Account!]!
    media: [Media!]!
    secrets: [Secret!]!
    team: Team
    vault: Vault
    colour: Colour
    code: Code
    order(id: ID!): Order @policy(policies: [["own"]])
  }
  type Mutation { charge: Receipt @requiresScopes(scopes: [["pay"]]) touch: Int buy: Receipt }
  type Receipt { id: ID! cardLast4: String @requiresScopes(scopes: [["cards"]]) }
  type User { id: ID! name: String email: String @requiresScopes(scopes: [["read:email"]]) }
  interface Account { id: ID! email: String }
  type Staff implements Account { id: ID! email: String @requiresScopes(scopes: [["staff"]]) }
  type Customer implements Account { id: ID! email: String }
  union Media = Book | Movie
  type Book @requiresScopes(scopes: [["a", "b"]]) { title: String }
  type Movie @requiresScopes(scopes: [["c", "d"]]) { title: String }
  type Secret @authenticated { text: String }
  type Team { name: String lead: Person! }
  type Person { name: String! @authenticated id: ID }
  type Vault { colour: Colour code: Code size: Int }
  enum Colour @requiresScopes(scopes: [["colours"]]) { RED }
  scalar Code @authenticated
  type Order { id: ID! }
`;

const data = {
  Query: {
    me: () => ({ id: 1, name: 'Ada', email: 'ada@secret.test' }),
    open: () => 1,
    count: () => 41,
    accounts: () => [
      { __typename: 'Staff', id: 1, email: 'staff@secret.test' },
      { __typename: 'Customer', id: 2, email: 'customer@test' },
    ],
    media: () => [
      { __typename: 'Book', title: 'book title' },
      { __typename: 'Movie', title: 'movie secret' },
    ],
    secrets: () => [{ text: 'hidden' }],
    team: () => ({ name: 'core', lead: { name: 'hidden lead', id: 7 } }),
    vault: () => ({ colour: 'RED', code: 'x', size: 3 }),
    colour: () => 'RED',
    code: () => 'x',
    order: (_: unknown, { id }: { id: string }) => ({ id }),
  },
  Mutation: { charge: () => ({ id: 1, cardLast4: '4242' }), touch: () => 1, buy: () => ({ id: 2, cardLast4: '4242' }) },
};
const deny = { policies: { own: () => false } };

describe('what a caller may not have', () => {
  it('is null with an error at its place, the rest is answered, and no subgraph is asked for it', async () => {
    const answer = await start(shop, data, deny).execute('{ me { id } open }');
    expect(answer).toMatchObject({ data: { me: null, open: 1 }, errors: [at('me')] });
    expect(asked()).not.toContain('me');
  });

  it('is answered to who may have it (AC-20)', async () => {
    const { execute } = start(shop, data, deny);
    expect(await execute({ query: '{ me { id email } }', identity: someone('ada', ['read:email']) })).toMatchObject({
      data: { me: { id: '1', email: 'ada@secret.test' } },
      errors: [],
    });
    expect(await execute({ query: '{ me { id email } }', identity: someone('ada') })).toMatchObject({
      data: { me: { id: '1', email: null } },
      errors: [at('me', 'email')],
    });
    expect(await execute('{ me { id email } }')).toMatchObject({ data: null, errors: [at('me')] });
  });

  it('is null for all of an interface when one of its types is protected, and for that type alone where types are named (AC-01)', async () => {
    const { execute } = start(shop, data, deny);
    expect(await execute('{ accounts { id email } }')).toMatchObject({
      data: {
        accounts: [
          { id: '1', email: null },
          { id: '2', email: null },
        ],
      },
      errors: [at('accounts', '@', 'email')],
    });
    expect(asked()).not.toContain('email');
    expect(await execute('{ accounts { ... on Staff { email } ... on Customer { email } } }')).toMatchObject({
      data: { accounts: [{ email: null }, { email: 'customer@test' }] },
      errors: [at('accounts', '@', 'email')],
    });
    expect(asked()).not.toMatch(/on Staff\s*{[^}]*email/);
  });

  it('keeps what one selection of a response name allows when another is refused', async () => {
    const { data: answer } = await start(shop, data, deny).execute('{ accounts { email ... on Customer { email } } }');
    expect(answer).toEqual({ accounts: [{ email: null }, { email: 'customer@test' }] });
  });

  it('is refused by member of a union, not with the union (AC-12)', async () => {
    const query = '{ media { __typename ... on Book { title } ... on Movie { title } } }';
    const answer = await start(shop, data, deny).execute({ query, identity: someone('ada', ['a', 'b']) });
    expect(answer).toMatchObject({
      data: {
        media: [
          { __typename: 'Book', title: 'book title' },
          { __typename: 'Movie', title: null },
        ],
      },
      errors: [at('media', '@', 'title')],
    });
    expect(asked()).not.toContain('Movie');
  });

  it('bubbles where it may not be null, to the nearest place that may, with one error (AC-14)', async () => {
    const { execute } = start(shop, data, deny);
    expect(await execute('{ team { name lead { name } } open }')).toMatchObject({
      data: { team: null, open: 1 },
      errors: [at('team', 'lead', 'name')],
    });
    expect(await execute('{ secrets { text } open }')).toMatchObject({ data: null, errors: [at('secrets')] });
  });

  it('of a mutation is never sent; the others run, in their order (AC-15)', async () => {
    const { execute } = start(shop, data, deny);
    expect(await execute('mutation { touch charge { id } buy { id cardLast4 } }')).toMatchObject({
      data: { touch: 1, charge: null, buy: { id: '2', cardLast4: null } },
      errors: [at('charge'), at('buy', 'cardLast4')],
    });
    expect(asked()).not.toMatch(/charge|cardLast4/);
    expect(gateway!.calls).toHaveLength(1);
  });

  it('of a mutation under a condition is not sent either', async () => {
    const query = 'mutation($v: Boolean!) { touch charge @include(if: $v) { id } }';
    const { execute } = start(shop, data, deny);
    expect(await execute({ query, variables: { v: true } })).toMatchObject({
      data: { touch: 1, charge: null },
      errors: [at('charge')],
    });
    expect(await execute({ query, variables: { v: false } })).toMatchObject({ data: { touch: 1 }, errors: [] });
    expect(asked()).not.toContain('charge');
  });

  it('everywhere gives no data at all, and one error per field (AC-17)', async () => {
    const answer = await start(shop, data, deny).execute('{ me { id } mine: me { id } count }');
    expect(answer).toMatchObject({ dataText: 'null', errors: [at('me'), at('mine'), at('count')] });
    expect(gateway!.calls).toEqual([]);
  });

  it.each([
    ['@include', 'query($v: Boolean!) { open a: count @include(if: $v) }', { v: true }, true],
    ['@include', 'query($v: Boolean!) { open a: count @include(if: $v) }', { v: false }, false],
    ['@include by default', 'query($v: Boolean = true) { open a: count @include(if: $v) }', {}, true],
    ['@include by default', 'query($v: Boolean = false) { open a: count @include(if: $v) }', {}, false],
    ['@skip', 'query($v: Boolean!) { open a: count @skip(if: $v) }', { v: false }, true],
    ['@skip above it', 'query($v: Boolean!) { open ... @skip(if: $v) { a: count } }', { v: true }, false],
  ])('counts only where it would be executed: %s, %s, %o (AC-18)', async (_, query, variables, isReached) => {
    const answer = await start(shop, data, deny).execute({ query, variables });
    expect(answer).toMatchObject(
      isReached ? { data: { open: 1, a: null }, errors: [at('a')] } : { data: { open: 1 }, errors: [] },
    );
    expect(asked()).not.toContain('count');
  });

  it('is every field of a protected scalar or enum (AC-27)', async () => {
    const answer = await start(shop, data, deny).execute('{ colour code vault { colour code size } }');
    expect(answer).toMatchObject({
      data: { colour: null, code: null, vault: { colour: null, code: null, size: 3 } },
      errors: [at('colour'), at('code'), at('vault', 'colour'), at('vault', 'code')],
    });
    expect(asked()).not.toMatch(/colour|code/);
  });

  it('leaves __typename, however deep the fragments (AC-28)', async () => {
    const query =
      '{ ...A } fragment A on Query { ...B } fragment B on Query { __typename me { ...C } } fragment C on User { id }';
    expect(await start(shop, data, deny).execute(query)).toMatchObject({
      data: { __typename: 'Query', me: null },
      errors: [at('me')],
    });
  });

  it('leaves introspection (AC-29)', async () => {
    const answer = await start(shop, data, deny).execute('{ __type(name: "User") { name } me { id } }');
    expect(answer).toMatchObject({ data: { __type: { name: 'User' }, me: null }, errors: [at('me')] });
  });

  it('is not read from where a key or an input has put it', async () => {
    gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: 'type Query { o: O } type O @key(fields: "code") { code: ID! @authenticated }',
          resolvers: { Query: { o: () => ({ code: 'SECRET' }) } } as never,
        },
        b: {
          typeDefs: 'type O @key(fields: "code") { code: ID! b: Int }',
          resolvers: { O: { __resolveReference: () => ({ b: 1 }), b: () => 1 } } as never,
        },
      },
    });
    const { dataText, errors } = await gateway.execute('{ o { b } x: o { code } }');
    expect(dataText).toBe('{"o":{"b":1},"x":null}');
    expect(errors).toEqual([at('x', 'code')]);
  });
});

describe('rules of what a field is made of', () => {
  const a = 'type Query { o: O } type O @key(fields: "id") { id: ID secret: Int }';
  const b =
    'type O @key(fields: "id") { id: ID secret: Int @external total: Int @requires(fields: "secret") twice: Int @requires(fields: "secret") }';
  const resolvers = {
    a: { Query: { o: () => ({ id: 1, secret: 666 }) }, O: { __resolveReference: () => ({ id: 1, secret: 666 }) } },
    b: { O: { __resolveReference: (o: object) => o, total: (o: { secret: number }) => o.secret } },
  };

  it('hold for the field: nothing of @requires is fetched (AC-05)', async () => {
    gateway = createTestGateway({
      subgraphs: {
        a: { typeDefs: a, resolvers: resolvers.a as never },
        b: { typeDefs: b, resolvers: resolvers.b as never },
      },
      authorization: { fields: { 'O.secret': { scopes: [['rates']] } } },
    });
    expect(await gateway.execute('{ o { id total } }')).toMatchObject({
      data: { o: { id: '1', total: null } },
      errors: [at('o', 'total')],
    });
    expect(asked()).not.toContain('secret');
    expect(await gateway.execute({ query: '{ o { total } }', identity: someone('x', ['rates']) })).toMatchObject({
      data: { o: { total: 666 } },
    });
  });

  it('hold for the field: nothing of @fromContext is fetched (AC-07)', async () => {
    gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: `type Query { o: O } type O @key(fields: "id") @context(name: "c") { id: ID secret: Int p: P }
                     type P @key(fields: "id") { id: ID d(x: Int @fromContext(field: "$c { secret }")): Int }`,
          resolvers: { Query: { o: () => ({ id: 1, secret: 666, p: { id: 2, d: 666 } }) } } as never,
        },
        b: { typeDefs: 'type P @key(fields: "id") { id: ID e: Int }' },
      },
      authorization: { fields: { 'O.secret': { authenticated: true } } },
    });
    expect(await gateway.execute('{ o { p { id d } } }')).toMatchObject({
      data: { o: { p: { id: '2', d: null } } },
      errors: [at('o', 'p', 'd')],
    });
    expect(asked()).not.toContain('secret');
  });
});

describe('a subgraph that is no GraphQL server', () => {
  it('is not asked for what is refused, neither as a field of an entity nor at the root (AC-25)', async () => {
    gateway = createTestGateway({
      subgraphs: {
        products: {
          typeDefs: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }',
          resolvers: { Query: { product: () => ({ id: '1', name: 'Cup' }) } },
        },
        inventory: {
          typeDefs: `
            type Query { units: Int @authenticated warehouses: Int }
            type Product @key(fields: "id") { id: ID! inStock: Boolean @authenticated }
          `,
          answer: () => ({ data: { units: 3, warehouses: 2, _entities: [{ __typename: 'Product', inStock: true }] } }),
        },
      },
    });
    const query = '{ units product { name inStock } }';
    expect(await gateway.execute(query)).toMatchObject({
      data: { units: null, product: { name: 'Cup', inStock: null } },
      errors: [at('units'), at('product', 'inStock')],
    });
    expect(gateway.calls.map(({ subgraph }) => subgraph)).toEqual(['products']);
    expect((await gateway.execute({ query, identity: someone('a') })).data).toMatchObject({ units: 3 });
  });
});

describe('configured rules', () => {
  it('at an interface hold for each of its types', async () => {
    const { execute } = start(shop, data, {
      ...deny,
      authorization: { fields: { 'Account.id': { authenticated: true } } },
    });
    expect(await execute('{ accounts { ... on Customer { id email } } }')).toMatchObject({
      data: null,
      errors: [at('accounts', '@', 'id')],
    });
  });

  it('never weaken what the graph says', async () => {
    const { execute } = start(shop, data, { ...deny, authorization: { fields: { 'Query.me': { scopes: [['x']] } } } });
    expect((await execute({ query: '{ me { id } }', identity: someone('a') })).data).toBeNull();
    expect(
      (await execute({ query: '{ me { id } }', identity: { ...someone('a', ['x']), kind: 'anonymous' } })).data,
    ).toBeNull();
    expect((await execute({ query: '{ me { id } }', identity: someone('a', ['x']) })).data).toEqual({
      me: { id: '1' },
    });
  });
});
