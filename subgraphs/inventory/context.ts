import type DataLoader from 'dataloader';

import { loadGroups } from '../loaders.js';
import { stock } from './stock.js';
import type { StockRecord } from './stock.js';

export interface Context {
  readonly stockByProduct: DataLoader<string, readonly StockRecord[]>;
}

export function createContext(): Context {
  return {
    stockByProduct: loadGroups(
      (ids) => stock.readStock(ids),
      (level) => level.productId,
    ),
  };
}
