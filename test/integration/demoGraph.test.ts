import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import fastifyApollo from '@as-integrations/fastify';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RunningSubgraphs, SubgraphName } from '../../subgraphs/startSubgraphs.js';
import { startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { askGateway } from '../demo-client/demoClient.js';
import { AddReview, FrontPage, ProductPage, Search } from '../demo-client/operations.js';

/**
 * The demo graph on its own merits: its services, supergraph and typed documents, answered by stock Apollo Gateway. What is
 * wrong here is wrong in the demo, not in Portico.
 */
let subgraphs: RunningSubgraphs;
let gateway: { url: string; close(): Promise<void> };

beforeAll(async () => {
  subgraphs = await startSubgraphs({ port: 0 });
  gateway = await startStockGateway(subgraphs);
});

afterAll(async () => {
  await gateway?.close();
  await subgraphs?.close();
});

async function startStockGateway({ urls }: RunningSubgraphs): Promise<typeof gateway> {
  const server = new ApolloServer({
    gateway: new ApolloGateway({
      supergraphSdl: await readFile(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8'),
      buildService: ({ name }) => new RemoteGraphQLDataSource({ url: urls[name as SubgraphName] }),
    }),
  });
  await server.start();
  const app = fastify({ forceCloseConnections: true });
  await app.register(fastifyApollo(server));
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const close = async () => {
    await app.close();
    await server.stop();
  };
  return { url: `${address}/graphql`, close };
}

describe('the demo graph', () => {
  test('answers the front page from all four services', async () => {
    const { data, errors } = await askGateway(gateway.url, FrontPage, { first: 2 });
    expect(errors).toBeUndefined();
    expect(data?.me).toEqual({
      name: 'Ada Lindqvist',
      membership: 'PRO',
      nearestWarehouse: { name: 'Stockholm North' },
    });
    expect(data?.topProducts.map(({ name }) => name)).toEqual(['Paper filters, 100', 'Espresso beans, 1 kg']);
    expect(data?.topProducts[0]).toMatchObject({ inStock: true, shippingEstimate: { cents: 510 }, averageRating: 3.6 });
    expect(data?.topProducts[0]?.reviews.every(({ author }) => author.username !== '')).toBe(true);
  });

  test('answers a product page through an interface over entities', async () => {
    const { data, errors } = await askGateway(gateway.url, ProductPage, { id: 'p1' });
    expect(errors).toBeUndefined();
    expect(data?.product?.contributions).toHaveLength(4);
    expect(data?.product?.media.map((media) => media.__typename)).toEqual(['Image', 'Video']);
  });

  test('answers a search through a union', async () => {
    const { data, errors } = await askGateway(gateway.url, Search, { text: 'er' });
    expect(errors).toBeUndefined();
    expect(new Set(data?.search.map((found) => found.__typename))).toEqual(new Set(['Brand', 'Product']));
  });

  test('takes a review, and says why it does not', async () => {
    const review = { productId: 'p2', authorId: 'u2', title: 'Comfortable' };
    const taken = await askGateway(gateway.url, AddReview, { input: { ...review, rating: 5 } });
    expect(taken.data?.addReview).toMatchObject({
      __typename: 'ReviewAdded',
      review: { rating: 5, author: { name: 'Bruno Almeida' }, product: { name: 'Closed headphones' } },
    });
    const refused = await askGateway(gateway.url, AddReview, { input: { ...review, rating: 0 } });
    expect(refused.data?.addReview).toMatchObject({ __typename: 'ReviewRejected', reason: 'RATING_OUT_OF_RANGE' });
  });
});
