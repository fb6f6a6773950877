import type { QueryPlan } from '@apollo/query-planner';
import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { FetchWriter } from '../../../src/engine/plan/apollo/FetchWriter.js';
import { createInlineApolloPlanner } from '../../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import { translatePlan } from '../../../src/engine/plan/apollo/translatePlan.js';
import { printPlan } from '../../../src/engine/plan/printPlan.js';
import { composeSdl } from '../../support/compose.js';

const forever = new Lifetime(Infinity);

async function printed(subgraphs: Record<string, string>, text: string): Promise<string> {
  const planner = createInlineApolloPlanner({ supergraphSdl: composeSdl(subgraphs) });
  return printPlan(await planner.plan({ text, labels: [] }, forever));
}

const shop = {
  a: `type Query { top(n: Int): [Item] node: Node } type Mutation { first: Item second: Item } type Subscription { news: Item }
      interface Node { id: ID! } type Item implements Node @key(fields: "id") { id: ID! name: String }`,
  b: 'type Query { size: Int } type Mutation { other: Item } type Item @key(fields: "id") { id: ID! stars: Int }',
};

describe("Apollo's plan in our format", () => {
  it('runs queries of several subgraphs side by side and entities after their parents', async () => {
    expect(await printed(shop, 'query Shop($n: Int) { size top(n: $n) { name stars } }')).toMatchSnapshot();
  });

  it('runs mutations one after the other', async () => {
    expect(await printed(shop, 'mutation { first { id } other { id } second { stars } }')).toMatchSnapshot();
  });

  it('has the first event apart from what follows it, for a subscription', async () => {
    expect(await printed(shop, 'subscription { news { name stars } }')).toMatchSnapshot();
  });

  it('keeps conditions on variables', async () => {
    const text =
      'query ($yes: Boolean!, $no: Boolean!) { top { name } size @include(if: $yes) x: size @skip(if: $no) }';
    expect(await printed(shop, text)).toMatchSnapshot();
  });

  it('says what a deferred part depends on, and where it belongs', async () => {
    expect(await printed(shop, '{ top { name ... @defer(label: "later") { stars } } }')).toMatchSnapshot();
  });

  it('sets the type name for a subgraph that knows the interface as an object', async () => {
    const media = {
      a: `type Query { media: Media } interface Media @key(fields: "id") { id: ID! }
          type Book implements Media @key(fields: "id") { id: ID! pages: Int }`,
      b: 'type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }',
    };
    expect(await printed(media, '{ media { stars ... on Book { pages } } }')).toMatchSnapshot();
  });

  it('climbs to a context, whose selection may have arguments', async () => {
    const context = {
      a: `type Query { t: T } type T @key(fields: "id") @context(name: "c") { id: ID! price(in: String): String! u: U! }
          type U @key(fields: "id") { id: ID!
            eur(x: String @fromContext(field: "$c { price(in: \\"EUR\\") }")): Int
            usd(x: String @fromContext(field: "$c { price(in: \\"USD\\") }")): Int }`,
      b: 'type Query { b: Int } type U @key(fields: "id") { id: ID! }',
    };
    expect(await printed(context, '{ t { price u { eur usd } } }')).toMatchSnapshot();
  });

  it('renames what one subgraph must ask twice', async () => {
    const clash = {
      a: `type Query { any: Any } union Any = A | B type A { v: Int } type B { v: String }`,
      b: 'type Query { b: Int }',
    };
    expect(await printed(clash, '{ any { __typename ... on A { v } ... on B { v } } }')).toMatchSnapshot();
  });

  it('reads type conditions in paths', () => {
    const fetch = {
      kind: 'Fetch',
      serviceName: 's',
      operation: '{a}',
      operationKind: 'query',
      operationName: undefined,
    };
    const plan = {
      kind: 'QueryPlan',
      node: { kind: 'Flatten', path: ['|[Query]', 'a|[X,Y]', '@', 'b', '@|[Z]'], node: fetch },
    };
    const writer = new FetchWriter({
      document: { kind: 'Document', definitions: [] } as never,
      synthetics: new Map(),
      requires: new Map(),
    });
    expect(translatePlan(plan as QueryPlan, writer)).toMatchObject({
      path: [
        { kind: 'field', name: 'a', types: ['X', 'Y'] },
        { kind: 'list', types: undefined },
        { kind: 'field', name: 'b', types: undefined },
        { kind: 'list', types: ['Z'] },
      ],
    });
  });
});
