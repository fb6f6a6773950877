import { stock } from '../inventory/stock.js';
import { serveRest } from '../serveRest.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { shippingEstimate } from './shippingEstimate.js';

interface RateQuery {
  readonly price?: string;
  readonly grams?: string;
  readonly speed?: string;
}

/** What sending costs: a service that speaks XML. `GET /rates/:productId?price=&grams=&speed=`; 204 for what is not in stock. */
export function startShipping({ port = 4005, host }: StartOptions = {}): Promise<RunningSubgraph> {
  return serveRest(
    (app) => {
      app.get<{ Params: { id: string }; Querystring: RateQuery }>('/rates/:id', async ({ params, query }, reply) => {
        const levels = await stock.readStock([params.id]);
        if (levels.length === 0) return reply.code(204).send();
        const speed = query.speed === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
        const cents = shippingEstimate(Number(query.price), Number(query.grams), speed);
        reply.type('application/xml');
        return `<?xml version="1.0"?><rate currency="EUR"><amount>${cents}</amount></rate>`;
      });
    },
    port,
    host,
  );
}
