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
