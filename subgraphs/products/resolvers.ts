import { firstOf, pageOf } from '../page.js';
import { brands, products } from './catalogue.js';
import type { BrandRecord, CategoryName, ProductRecord } from './catalogue.js';
import type { Resolvers } from './generated/resolvers.js';

const bestSellers: readonly ProductRecord[] = [...products].sort((a, b) => b.sold - a.sold);

const ofCategory = (list: readonly ProductRecord[], category: CategoryName | null | undefined) =>
  category == null ? list : list.filter((product) => product.category === category);

const media = (product: ProductRecord) => [
  { url: `https://media.shop.example/${product.id}.jpg`, caption: product.name, width: 1600, height: 1200 },
  ...(product.hasVideo
    ? [{ url: `https://media.shop.example/${product.id}.mp4`, caption: `${product.name} in use`, durationSeconds: 45 }]
    : []),
];

function search(text: string): ReadonlyArray<ProductRecord | BrandRecord> {
  const wanted = text.trim().toLowerCase();
  return [...brands, ...products].filter((row) => row.name.toLowerCase().includes(wanted));
}

export const resolvers: Resolvers = {
  Query: {
    product: (_, { id }, context) => context.products.load(id),
    topProducts: (_, { first, category }) => firstOf(ofCategory(bestSellers, category), first),
    products: (_, { first, after, category }) => pageOf(ofCategory(products, category), first, after),
    search: (_, { text, first }) => firstOf(search(text), first),
  },
  Product: {
    __resolveReference: (reference, context) =>
      'id' in reference ? context.products.load(reference.id) : context.productsBySku.load(reference.sku),
    price: ({ priceInCents }) => ({ cents: priceInCents, currency: 'EUR' }),
    brand: async ({ brandId }, _, context) => (await context.brands.load(brandId))!,
    media,
    related: (product, { first }) =>
      firstOf(
        ofCategory(bestSellers, product.category).filter((other) => other !== product),
        first,
      ),
  },
  Brand: {
    __resolveReference: ({ id }, context) => context.brands.load(id),
    products: ({ id }, { first }) =>
      firstOf(
        bestSellers.filter((product) => product.brandId === id),
        first,
      ),
  },
  SearchResult: { __resolveType: (row) => ('sku' in row ? 'Product' : 'Brand') },
  Media: { __resolveType: (row) => ('durationSeconds' in row ? 'Video' : 'Image') },
};
