import { expect, it } from 'vitest';

import { createMocks } from '../../src/mocks/createMocks.js';
import { mockSubgraph } from '../../src/mocks/mockSubgraph.js';
import { composeSdl } from '../support/compose.js';
import { docBlocks } from '../support/docBlocks.js';

it('docs/mocking.md: its hints do what they say, and its definition composes and leaves no trace', async () => {
  const [types, definition] = docBlocks('docs/mocking.md')
    .filter(({ language }) => language === 'graphql')
    .map(({ text }) => text);
  const rest = 'type Review @key(fields: "id") { id: ID! stars: Int! } type Query { products: [Product!]! }';
  expect(composeSdl({ products: `${definition}\n${types}\n${rest}` })).not.toContain('@mock');
  const mocks = createMocks(new Map([['products', mockSubgraph(`${definition}\n${types}\n${rest}`)]]));
  expect(mocks.get('products')!.sdl).not.toContain('@mock');
  const query = '{ products { upc name price reviews { id } } }';
  const { data, errors } = await mocks.get('products')!.answer({ query, variables: {}, headers: {} });
  expect(errors).toBeUndefined();
  const { products } = data as { products: ReadonlyArray<Record<'upc' | 'name' | 'price' | 'reviews', unknown>> };
  expect(products.length).toBeGreaterThan(0);
  for (const { upc, name, price, reviews } of products) {
    expect(['table', 'chair']).toContain(upc);
    expect(name).toBe('Chair');
    expect(price).toBeGreaterThanOrEqual(5);
    expect(price).toBeLessThanOrEqual(90);
    expect(reviews).toHaveLength(2);
  }
});
