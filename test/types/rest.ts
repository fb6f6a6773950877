/** What the types of subgraphs in code promise. Checked by `npm run types`; nothing here runs. */
import { createGateway, defineRestSubgraph, restPath } from '../../src/index.js';
import type { RestClient, RestContext, RestPath, RestReply, RestSubgraphDefinition } from '../../src/index.js';
import type { Equals } from './Equals.js';
import { assertType } from './Equals.js';

interface Item {
  readonly sku: string;
  readonly units: number;
}

const unitsOf = async (skus: readonly string[], { rest }: RestContext): Promise<Array<number | Error>> => {
  const items = await rest.post<Item[]>(restPath`/search`, { body: { skus } });
  return items.map(({ units }) => units);
};

const stock: RestSubgraphDefinition = defineRestSubgraph({
  typeDefs: 'type Query { item(sku: ID!): Product }',
  baseURL: 'http://stock.test',
  resolvers: {
    Query: {
      item(_parent, { sku }, { rest, config, headers }, info) {
        assertType<Equals<typeof rest, RestClient>>();
        assertType<Equals<typeof config, RestContext['config']>>();
        assertType<Equals<typeof headers, Readonly<Record<string, readonly string[]>>>>();
        assertType<Equals<typeof info.fieldName, string>>();
        return rest.get<Item>(restPath`/items/${sku as string}`);
      },
    },
    Product: {
      __resolveReference: ({ sku }, { rest }) => rest.get<Item>(restPath`/items/${sku as string}`),
      units: (product: Item, _args, { load }) => {
        const units = load(unitsOf, product.sku);
        assertType<Equals<typeof units, Promise<number>>>();
        return units;
      },
    },
  },
});
createGateway({ supergraphSdl: '', restSubgraphs: { stock } });
createGateway({ supergraphSdl: '', subgraphs: { stock: { module: './stock.js' } } });
createGateway({ supergraph: { subgraphs: { stock: { schema: { module: './stock.js' } } } } });
// @ts-expect-error what is not made by defineRestSubgraph
createGateway({ supergraphSdl: '', restSubgraphs: { stock: { typeDefs: '', resolvers: {}, baseURL: '' } } });

async function calls(rest: RestClient, id: string): Promise<void> {
  const path = restPath`/items/${id}/${1}/${true}/${1n}`;
  assertType<Equals<typeof path, RestPath>>();
  const body = await rest.get(path, {
    query: { a: 1, b: ['x', 'y'], c: null, d: undefined },
    headers: { a: undefined },
  });
  assertType<Equals<typeof body, unknown>>();
  const reply = await rest.send('PATCH', path, { form: { a: [1] } });
  assertType<Equals<typeof reply, RestReply>>();
  // @ts-expect-error a path is no text: values would not be encoded
  await rest.get(`/items/${id}`);
  // @ts-expect-error a path is no text
  await rest.get('/items');
  // @ts-expect-error a GET has no body
  await rest.get(path, { body: {} });
  // @ts-expect-error objects do not stand in paths
  void restPath`/items/${{ id }}`;
  // @ts-expect-error null does not either
  void restPath`/items/${null}`;
  // @ts-expect-error nor in headers
  await rest.get(path, { headers: { a: 1 } });
  // @ts-expect-error a load goes by the keys of its batch
  await ({} as RestContext).load(unitsOf, 1);
}
void calls;
