import { expect, test } from 'vitest';

import { createTestGateway } from '../support/testGateway.js';

test('what an interface object needs for one type is not sent for another, of which nobody said which entity it is', async () => {
  const gateway = createTestGateway({
    subgraphs: {
      shop: {
        typeDefs: `type Query { media: [Media!]! }
          interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media @key(fields: "id") { id: ID! title: String }
          type Film implements Media @key(fields: "id") { id: ID! title: String }`,
        resolvers: {
          Query: {
            media: () => [
              { __typename: 'Film', id: '1', title: 'Stalker' },
              { __typename: 'Book', id: '2', title: 'Solaris' },
            ],
          },
        },
      },
      notes: {
        typeDefs: `type Media @interfaceObject @key(fields: "id") {
          id: ID! title: String @external note: String! @requires(fields: "title") }`,
        resolvers: {
          Media: {
            __resolveReference: (reference: unknown) => reference,
            note: ({ title }: { title: string }) => `on ${title}`,
          },
        },
      },
    },
  });
  const answer = await gateway.execute('{ media { ... on Book { note } title } }');
  expect(answer.errors).toEqual([]);
  expect(answer.data).toEqual({ media: [{ title: 'Stalker' }, { note: 'on Solaris', title: 'Solaris' }] });
  expect(gateway.calls.at(-1)!.variables).toEqual({
    representations: [{ __typename: 'Media', id: '2', title: 'Solaris' }],
  });
});

test('what others brought of its inputs for all types is not sent for those of which nobody asked for the key', async () => {
  const gateway = createTestGateway({
    subgraphs: {
      acts: {
        typeDefs: `type Query { acts: [Act!]! }
          interface Act @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! title: String }
          type Play implements Act @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! title: String }
          type Opera implements Act @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! title: String }`,
        resolvers: {
          Query: {
            acts: () => [
              { __typename: 'Play', id: '1', slug: 'one', title: 'Faust' },
              { __typename: 'Opera', id: '2', slug: 'two', title: 'Fidelio' },
            ],
          },
        },
      },
      stars: {
        typeDefs: `type Act @interfaceObject @key(fields: "slug") { slug: String! stars(max: Int = 5): Int }`,
        resolvers: {
          Act: {
            __resolveReference: (reference: unknown) => reference,
            stars: (_: unknown, { max }: { max: number }) => max,
          },
        },
      },
      texts: {
        typeDefs: `type Act @interfaceObject @key(fields: "id") {
          id: ID! title: String @external stars(max: Int = 5): Int @external
          blurb: String @requires(fields: "title stars(max: 3)") }`,
        resolvers: {
          Act: {
            __resolveReference: (reference: unknown) => reference,
            blurb: ({ title, stars }: { title: string; stars: number }) => `${title} ${stars}`,
          },
        },
      },
    },
  });
  const answer = await gateway.execute('{ acts { ... on Opera { blurb } stars } }');
  expect(answer.errors).toEqual([]);
  expect(answer.data).toEqual({ acts: [{ stars: 5 }, { blurb: 'Fidelio 3', stars: 5 }] });
  expect(gateway.calls.find(({ subgraph }) => subgraph === 'texts')!.variables).toEqual({
    representations: [{ __typename: 'Act', title: 'Fidelio', stars: 3, id: '2' }],
  });
});

test('what an interface object needs for one type is not sent for another that it gave itself', async () => {
  const gateway = createTestGateway({
    subgraphs: {
      shop: {
        typeDefs: `type Query { a: Int }
          interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media @key(fields: "id") { id: ID! title: String }
          type Film implements Media @key(fields: "id") { id: ID! title: String }`,
        resolvers: { Media: { __resolveReference: ({ id }) => ({ __typename: 'Film', id, title: 'Stalker' }) } },
      },
      notes: {
        typeDefs: `type Query { best: Media! }
          type Media @interfaceObject @key(fields: "id") {
            id: ID! title: String @external note: String! @requires(fields: "title") }`,
        resolvers: { Query: { best: () => ({ id: '1' }) } },
      },
    },
  });
  const answer = await gateway.execute('{ best { ... on Book { note } } }');
  expect([answer.data, answer.errors]).toEqual([{ best: {} }, []]);
  expect(gateway.calls.map(({ subgraph }) => subgraph)).toEqual(['notes', 'shop']);
});
