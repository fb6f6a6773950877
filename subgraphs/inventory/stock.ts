/** A warehouse, as the stock service names it. */
export interface WarehouseRecord {
  readonly id: string;
  readonly name: string;
  readonly city: string;
  readonly country: string;
  /** ISO 3166-1 alpha-2 codes of the countries it serves. */
  readonly serves: readonly string[];
}

/** How many units of a product lie in a warehouse. */
export interface StockRecord {
  readonly productId: string;
  readonly warehouseId: string;
  readonly units: number;
}

const warehouses: readonly WarehouseRecord[] = [
  {
    id: 'w1',
    name: 'Hamburg Harbour',
    city: 'Hamburg',
    country: 'DE',
    serves: ['DE', 'DK', 'NL', 'BE', 'AT', 'CZ', 'PL', 'HU', 'SI', 'HR'],
  },
  { id: 'w2', name: 'Lyon South', city: 'Lyon', country: 'FR', serves: ['FR', 'ES', 'PT', 'IT', 'GB', 'IE'] },
  { id: 'w3', name: 'Stockholm North', city: 'Stockholm', country: 'SE', serves: ['SE', 'NO', 'FI', 'LV', 'EE', 'LT'] },
  { id: 'w4', name: 'Thessaloniki Port', city: 'Thessaloniki', country: 'GR', serves: ['GR', 'BG', 'TR', 'RO', 'CY'] },
];

/** 60 products; every seventh is sold out, the others lie in one to four warehouses. */
const levels: readonly StockRecord[] = Array.from({ length: 60 }, (_, at) => at + 1).flatMap((number) =>
  number % 7 === 0
    ? []
    : warehouses
        .filter((_, at) => at === number % 4 || (number * (at + 3)) % 5 < 2)
        .map((warehouse, at) => ({
          productId: `p${number}`,
          warehouseId: warehouse.id,
          units: ((number * 37 + at * 101) % 190) + 3,
        })),
);

/**
 * The stock service's operations: plain requests and plain answers, nothing of GraphQL, so that the same functions can stand
 * behind REST routes (`GET /warehouses`, `GET /warehouses/:id`, `GET /stock?productId=…`).
 */
export const stock = {
  listWarehouses(): Promise<readonly WarehouseRecord[]> {
    return Promise.resolve(warehouses);
  },

  readWarehouse(id: string): Promise<WarehouseRecord | undefined> {
    return Promise.resolve(warehouses.find((warehouse) => warehouse.id === id));
  },

  /** The first warehouse, when no other serves the country. */
  findWarehouseFor(country: string): Promise<WarehouseRecord> {
    return Promise.resolve(warehouses.find((warehouse) => warehouse.serves.includes(country)) ?? warehouses[0]!);
  },

  /** All stock of the given products, in no particular order. */
  readStock(productIds: readonly string[]): Promise<readonly StockRecord[]> {
    const wanted = new Set(productIds);
    return Promise.resolve(levels.filter((level) => wanted.has(level.productId)));
  },

  listStockOf(warehouseId: string): Promise<readonly StockRecord[]> {
    return Promise.resolve(levels.filter((level) => level.warehouseId === warehouseId));
  },
};
