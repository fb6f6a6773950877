import { afterEach, describe, expect, test } from 'vitest';

import { PorticoError } from '../../../../src/base/errors/PorticoError.js';
import type { FallbackConfig } from '../../../../src/gateway/readFallbacks.js';
import { createTestGateway } from '../../../support/testGateway.js';
import type { TestGateway } from '../../../support/testGateway.js';

const ON = ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'];
const catalog = `
  type Query { media: [Media] }
  interface Media { id: ID! }
  type Book implements Media @key(fields: "id") { id: ID! }
  type Film implements Media @key(fields: "id") { id: ID! }
  type Song implements Media @key(fields: "id") { id: ID! }
`;
const stock = `
  interface Stocked { left: Int price: Int }
  type Book implements Stocked @key(fields: "id") { id: ID! left: Int price: Int }
  type Film implements Stocked @key(fields: "id") { id: ID! left: Int price: Int }
  type Song @key(fields: "id") { id: ID! left: Int price: Int }
`;
const media = ['Book', 'Film', 'Song'].map((__typename, at) => ({ __typename, id: String(at) }));
const query = '{ media { ... on Stocked { left price } ... on Song { left } } }';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

function ask(coordinates: Record<string, object>, text = query) {
  gateway = createTestGateway({
    subgraphs: {
      catalog: { typeDefs: catalog, answer: () => ({ data: { media } }) },
      stock: {
        typeDefs: stock,
        answer: () => {
          throw new PorticoError('SUBGRAPH_TIMEOUT', 'late');
        },
      },
    },
    fallback: { coordinates, subgraphs: {}, maxSize: 1_000_000 } as unknown as FallbackConfig,
  });
  return gateway.execute(text);
}

describe('a fallback of the field of an interface', () => {
  test('holds for its types and for nobody else', async () => {
    const { data, errors, extensions } = await ask({ 'Stocked.left': { value: 7, on: ON } });
    expect(data).toEqual({ media: [{ left: 7, price: null }, { left: 7, price: null }, { left: null }] });
    expect(errors.length).toBeGreaterThan(0);
    expect(extensions).toEqual({
      degraded: ['Book.left', 'Film.left'].map((coordinate) => ({
        coordinate,
        reason: 'SUBGRAPH_TIMEOUT',
        source: 'value',
        count: 1,
      })),
    });
  });

  test('gives way to what an object type says itself', async () => {
    const { data } = await ask({ 'Stocked.left': { value: 7, on: ON }, 'Film.left': { value: 1, on: ON } });
    expect(data).toMatchObject({ media: [{ left: 7 }, { left: 1 }, { left: null }] });
  });

  test('that stands for a whole interface gives way to single fields', async () => {
    const { data } = await ask({
      Stocked: { value: { left: 3, price: 4 }, on: ON },
      'Stocked.left': { value: 7, on: ON },
      Book: { value: { price: 9 }, on: ON },
    });
    expect(data).toEqual({ media: [{ left: 7, price: 9 }, { left: 7, price: 4 }, { left: null }] });
  });

  test('holds for whoever names the type', async () => {
    const { data } = await ask(
      { 'Stocked.left': { value: 7, on: ON } },
      '{ media { ... on Book { n: left } ... on Film { left } } }',
    );
    expect(data).toEqual({ media: [{ n: 7 }, { left: 7 }, {}] });
  });
});
