import { describe, expect, it } from 'vitest';

import { answersRight } from '../support/answersRight.js';
import { library } from '../support/graphs/library.js';
import { media } from '../support/graphs/media.js';
import { createTestGateway } from '../support/testGateway.js';

/** Planner defect: in a union that one subgraph declares as one of its members, the type is never asked and the answer is `{}`. */
answersRight('a field that is an object in one subgraph and a union in another', library, [
  {
    claim: 'its only fragment',
    query: '{ featured { ... on Book { id } } }',
    data: { featured: { id: 'b3' } },
  },
  {
    claim: 'fragments for all members',
    query: '{ featured { ... on Book { isbn rating } ... on Film { minutes } ... on Song { seconds } } }',
  },
  { claim: 'a fragment of another member', query: '{ featured { ... on Film { id } } }', data: { featured: {} } },
  {
    claim: 'under an alias, through a named fragment',
    query: '{ x: featured { ...B } } fragment B on Book { y: id available }',
  },
  {
    claim: 'through an interface',
    query: '{ featured { ... on Work { title(upper: true) } ... on Lendable { available } } }',
  },
  { claim: 'through another union', query: '{ featured { ... on Loan { ... on Book { kind } } } }' },
  { claim: 'with __typename', query: '{ featured { __typename ... on Book { id } } }' },
  {
    claim: 'with __typename under another name, behind a variable',
    query:
      'query($v: Boolean = true) { featured { t: __typename @include(if: $v) ... on Book @include(if: $v) { id } } }',
  },
]);

answersRight('abstract types that differ between subgraphs', library, [
  {
    claim: 'an interface of another subgraph',
    query: '{ works { ... on Lendable { available borrower { name } } ... on Rated { rating } } }',
  },
  {
    claim: 'a union with fewer members elsewhere',
    query: '{ member(id: "m1") { favourite { ... on Book { title } ... on Film { minutes } } } }',
  },
  {
    claim: 'nested lists of a union with nulls',
    query: '{ items { __typename ... on Book { rating similar { rating } } ... on Song { rating seconds } } }',
  },
  {
    claim: 'an interface of interfaces',
    query: '{ nodes { id ... on Work { title creator { rank } } ... on Person { followers { name } } } }',
  },
  {
    claim: 'value types that lead to a union',
    query:
      '{ works(kind: FILM) { parts { no of { ... on Book { isbn rating } ... on Film { length kind } __typename } } } }',
  },
  {
    claim: 'type conditions inside type conditions',
    query:
      '{ works { ... on Work { ... on Rated { ... on Film { copies(min: 5) } similar { ... on Work { title } } } } } }',
  },
  { claim: 'nobody of that type', query: '{ works(kind: BOOK) { ... on Song { seconds rating } } }' },
]);

answersRight('types under conditions that do not hold', library, [
  {
    claim: 'ask nobody for anything',
    query:
      'query($yes: Boolean!, $no: Boolean!) { lendables { ... on Book @skip(if: $yes) { similar { rating } } ... on Lendable @include(if: $no) { ... on Book { kind } } } }',
    variables: { yes: true, no: false },
  },
  {
    claim: 'do not disturb those that hold',
    query:
      'query($no: Boolean!, $yes: Boolean!) { items { ... on Rated @skip(if: $yes) { rating } ... on Book @skip(if: $no) { rating } } }',
    variables: { no: false, yes: true },
    data: { items: [[{}, null, {}], [], [{ rating: 1.5 }]] },
  },
]);

answersRight('interface objects', media, [
  { claim: 'their own fields', query: '{ topMedia { score(scale: HUNDRED) votes fans { name } } }' },
  {
    claim: 'the true type is looked up elsewhere',
    query: '{ topMedia { __typename score } ranking(first: 4) { __typename title votes } }',
  },
  {
    claim: 'fragments on implementations',
    query: '{ ranking(first: 4) { score ... on Movie { minutes } ... on Show { seasons { number } } } }',
  },
  { claim: 'fields of two of them', query: '{ media(first: 6) { title score blurb(prefix: "x") critic { name } } }' },
  {
    claim: 'from one to another',
    query: '{ critic(id: "c1") { praised { score critic { name } related { blurb } } } }',
  },
  {
    claim: 'in nested lists',
    query: '{ fans { watched { __typename id title score } favourite { ... on Show { title } } } }',
  },
  { claim: '@requires whose input is null', query: '{ movie(id: "mo3") { blurb title score } }' },
]);

describe('a type that nothing implements', () => {
  const hollow = {
    subgraphs: {
      a: {
        typeDefs: /* GraphQL */ `
          type Query {
            a: Node
            product: Product
          }
          interface Node @key(fields: "id") {
            id: ID!
          }
          type Product {
            id: ID!
          }
        `,
        resolvers: { Query: { a: () => ({ id: 'a1' }), product: () => ({ id: 'p1' }) } },
      },
      b: {
        typeDefs: /* GraphQL */ `
          type Query {
            b: Node
          }
          type Node @interfaceObject @key(fields: "id", resolvable: false) {
            id: ID!
            field: String
          }
        `,
        resolvers: { Query: { b: () => ({ id: 'b1', field: 'f' }) } },
      },
    },
  };

  it.each(['{ a { field } }', '{ a { id field } }', '{ x: a { y: field } product { id } }'])(
    'is an error, not a silent null: %s',
    async (query) => {
      const gateway = createTestGateway(hollow);
      const { errors } = await gateway.execute(query);
      expect(errors.length).toBeGreaterThan(0);
      await gateway.close();
    },
  );

  it('answers what can be answered', async () => {
    const gateway = createTestGateway(hollow);
    const { data, errors } = await gateway.execute('{ b { id field } product { id } }');
    expect({ data, errors }).toEqual({ data: { b: { id: 'b1', field: 'f' }, product: { id: 'p1' } }, errors: [] });
    await gateway.close();
  });
});
