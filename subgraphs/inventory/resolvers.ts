import { GraphQLError } from 'graphql';

import { firstOf } from '../page.js';
import type { Resolvers } from './generated/resolvers.js';
import { shippingEstimate } from './shippingEstimate.js';
import { stock } from './stock.js';
import type { StockRecord } from './stock.js';

const unitsOf = (levels: readonly StockRecord[]) => levels.reduce((total, { units }) => total + units, 0);

export const resolvers: Resolvers = {
  Query: {
    warehouse: async (_, { id }) => (await stock.readWarehouse(id)) ?? null,
    warehouses: () => stock.listWarehouses(),
  },
  Product: {
    inStock: async ({ id }, _, context) => (await context.stockByProduct.load(id)).length > 0,
    unitsInStock: async ({ id }, _, context) => unitsOf(await context.stockByProduct.load(id)),
    stock: ({ id }, _, context) => context.stockByProduct.load(id),
    shippingEstimate: async ({ id, price, weightGrams }, { speed }, context) => {
      if (price === undefined || weightGrams === undefined) {
        throw new GraphQLError('shippingEstimate needs price and weightGrams');
      }
      const isInStock = (await context.stockByProduct.load(id)).length > 0;
      return isInStock ? { cents: shippingEstimate(price.cents, weightGrams, speed), currency: price.currency } : null;
    },
  },
  StockLevel: {
    warehouse: async ({ warehouseId }) => (await stock.readWarehouse(warehouseId))!,
  },
  Warehouse: {
    __resolveReference: async ({ id }) => (await stock.readWarehouse(id)) ?? null,
    address: ({ city, country }) => ({ city, country }),
    stock: async ({ id }, { first }) => firstOf(await stock.listStockOf(id), first),
  },
  ProductStock: {
    product: ({ productId }) => ({ id: productId }),
  },
  User: {
    nearestWarehouse: ({ address }) => {
      if (address === undefined) throw new GraphQLError('nearestWarehouse needs the address');
      return stock.findWarehouseFor(address.country);
    },
  },
};
