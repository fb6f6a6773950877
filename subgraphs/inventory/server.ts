import { firstOf } from '../page.js';
import { serveRest } from '../serveRest.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { stock } from './stock.js';
import type { StockRecord } from './stock.js';

/**
 * Where products lie: a REST service. schema.graphql joins it to the graph.
 *
 * `GET /warehouses[?ids=w1,w2]`, `/warehouses/:id`, `/warehouses/:id/stock?limit=`, `/warehouses/nearest?country=`; `POST /stock/search`.
 */
export function startInventory({ port = 4004, host }: StartOptions = {}): Promise<RunningSubgraph> {
  return serveRest(
    (app) => {
      app.get<{ Querystring: { ids?: string } }>('/warehouses', async ({ query }) => {
        const all = await stock.listWarehouses();
        const wanted = query.ids === undefined ? undefined : new Set(query.ids.split(','));
        return wanted === undefined ? all : all.filter(({ id }) => wanted.has(id));
      });
      app.get<{ Querystring: { country?: string } }>('/warehouses/nearest', ({ query }) =>
        stock.findWarehouseFor(query.country ?? ''),
      );
      app.get<{ Params: { id: string } }>('/warehouses/:id', async ({ params }, reply) => {
        const warehouse = await stock.readWarehouse(params.id);
        return warehouse ?? reply.code(404).send();
      });
      app.get<{ Params: { id: string }; Querystring: { limit?: string } }>('/warehouses/:id/stock', async (request) =>
        firstOf(await stock.listStockOf(request.params.id), Number(request.query.limit ?? 10)),
      );
      app.post<{ Body: { productIds?: unknown } | null }>('/stock/search', async ({ body }, reply) => {
        const ids = body?.productIds;
        if (!Array.isArray(ids)) return reply.code(400).send({ error: 'productIds must be a list' });
        const wanted = ids.map(String);
        const levels = await stock.readStock(wanted);
        return wanted.map((productId) => stockOf(productId, levels));
      });
    },
    port,
    host,
  );
}

function stockOf(productId: string, all: readonly StockRecord[]) {
  const levels = all.filter((level) => level.productId === productId);
  const units = levels.reduce((total, level) => total + level.units, 0);
  return { productId, inStock: levels.length > 0, units, levels };
}
