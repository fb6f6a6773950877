import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApolloServer } from '../../src/edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../src/edge/http/createHttpServer.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { createGateway } from '../../src/gateway/createGateway.js';
import type { RunningSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { movedTo, startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { askGateway } from '../demo-client/demoClient.js';
import { AddReview, FrontPage, ProductPage, Search } from '../demo-client/operations.js';

interface RunningGateway {
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
let subgraphs: RunningSubgraphs;

beforeAll(async () => {
  subgraphs = await startSubgraphs({ port: 0 });
});

afterAll(() => subgraphs?.close());

/** The committed supergraph, with the ports of this run. */
async function supergraphSdl(): Promise<string> {
  const sdl = await readFile(join(root, 'schema/supergraph.graphql'), 'utf8');
  return movedTo(subgraphs.urls, sdl);
}

async function startPortico(): Promise<RunningGateway> {
  const gateway = createGateway({ supergraphSdl: await supergraphSdl() });
  const server = createApolloServer({ gateway, limits: DEFAULT_LIMITS, introspection: false });
  const http = createHttpServer({ server, isReady: () => gateway.isReady() });
  await server.start();
  const { origin } = await http.listen({ host: '127.0.0.1', port: 0 });
  const url = `${origin}/graphql`;
  const close = async () => {
    await http.close(1000);
    await server.stop();
  };
  return { url, close };
}

describe('the demo graph behind Portico', () => {
  let gateway: RunningGateway;

  beforeAll(async () => {
    gateway = await startPortico();
  });

  afterAll(() => gateway?.close());

  test('answers the front page from all five services', async () => {
    const { data, errors } = await askGateway(gateway.url, FrontPage, { first: 2 });
    expect(errors).toBeUndefined();
    const nearestWarehouse = { name: 'Stockholm North' };
    expect(data?.me).toEqual({ name: 'Ada Lindqvist', membership: 'PRO', nearestWarehouse });
    expect(data?.topProducts.map(({ name }) => name)).toEqual(['Paper filters, 100', 'Espresso beans, 1 kg']);
    expect(data?.topProducts[0]).toMatchObject({ inStock: true, shippingEstimate: { cents: 510 }, averageRating: 3.6 });
    expect(data?.topProducts[1]).toMatchObject({ inStock: false, shippingEstimate: null });
    expect(data?.topProducts[0]?.reviews.map(({ author }) => author.username)).toEqual(['zofia', 'emil']);
  });

  test('answers a product page through an interface over entities', async () => {
    const { data, errors } = await askGateway(gateway.url, ProductPage, { id: 'p1' });
    expect(errors).toBeUndefined();
    expect(data?.product?.contributions).toHaveLength(4);
    expect(data?.product?.contributions.every(({ author }) => author.membership !== undefined)).toBe(true);
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

  test('gives the README’s first query the README’s answer', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const body = /curl [^']*'content-type: application\/json' -d '([^']*)'/.exec(readme)?.[1] ?? '';
    const answer = /```json answer\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '';
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.json()).toEqual(JSON.parse(answer));
  });
});
