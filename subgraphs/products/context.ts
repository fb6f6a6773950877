import type DataLoader from 'dataloader';

import { loadById } from '../loaders.js';
import { brands, products } from './catalogue.js';
import type { BrandRecord, ProductRecord } from './catalogue.js';

export interface Context {
  readonly products: DataLoader<string, ProductRecord | null>;
  readonly productsBySku: DataLoader<string, ProductRecord | null>;
  readonly brands: DataLoader<string, BrandRecord | null>;
}

export function createContext(): Context {
  return {
    products: loadById(readWhere(products, 'id'), (product) => product.id),
    productsBySku: loadById(readWhere(products, 'sku'), (product) => product.sku),
    brands: loadById(readWhere(brands, 'id'), (brand) => brand.id),
  };
}

/** One query of a database: `where <column> in (…)`. */
function readWhere<Row, Column extends keyof Row>(table: readonly Row[], column: Column) {
  return (keys: readonly Row[Column][]): Promise<readonly Row[]> => {
    const wanted = new Set(keys);
    return Promise.resolve(table.filter((row) => wanted.has(row[column])));
  };
}
