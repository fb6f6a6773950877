import { describe, expect, it, vi } from 'vitest';

import { formatProblem } from '../../src/base/config/ConfigProblem.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import { coordinateProblems } from '../../src/gateway/coordinateProblems.js';
import { createGateway } from '../../src/gateway/createGateway.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../support/compose.js';

// Nothing here is about threads.
vi.mock('../../src/engine/plan/apollo/createApolloPlanner.js', () => import('../support/planHere.js'));
vi.mock('../../src/supergraph/read/readSupergraphInWorker.js', () => import('../support/planHere.js'));

const sdl = composeSdl({
  shop: 'type Query { search(text: String): [Product] } type Product { id: ID! price: Int secret: Int @inaccessible } enum Size { S }',
});
const supergraph = readSupergraph(sdl);

function complaints(yaml: string): string[] {
  const text = `supergraph: { subgraphs: { shop: { routing_url: http://a/, schema: { sdl: x } } } }\n${yaml}`;
  const { loaded, problems } = loadConfig({ file: 'p.yaml', text, environment: {} });
  expect(problems).toEqual([]);
  return coordinateProblems(supergraph, loaded!.config).map(({ path, message }) =>
    formatProblem(loaded!.problemAt(path, message)),
  );
}

describe('settings by coordinate', () => {
  it('that the graph has are nothing to speak of', () => {
    expect(
      complaints(`
traffic_shaping:
  all: { circuit_breaker: { fields: { Query.search: {} } } }
  subgraphs: { shop: { circuit_breaker: { fields: { Product.price: { volume_threshold: 5 } } } } }
fallback: { coordinates: { Product.price: { value: 0 } } }
`),
    ).toEqual([]);
  });

  it('that it does not have are named with their place, and with what may have been meant', () => {
    expect(
      complaints(`traffic_shaping:
  all:
    circuit_breaker:
      fields:
        Query.serach: {}
        Prodct.price: {}
  subgraphs:
    shop:
      circuit_breaker:
        fields:
          Product.secret: {}
          Size.S: {}
fallback:
  coordinates:
    Product.prize: { value: 0 }
    Product.price: { value: many }
`),
    ).toEqual([
      'p.yaml:16:5: fallback.coordinates["Product.prize"] names no field: Product has no prize',
      'p.yaml:17:22: fallback.coordinates["Product.price"].value does not fit: value is no Int',
      'p.yaml:6:9: traffic_shaping.all.circuit_breaker.fields["Query.serach"] names no field: Query has no serach (did you mean Query.search?)',
      'p.yaml:7:9: traffic_shaping.all.circuit_breaker.fields["Prodct.price"] names no type with fields of the API schema (did you mean Product.price?)',
      'p.yaml:12:11: traffic_shaping.subgraphs.shop.circuit_breaker.fields["Product.secret"] names no field: Product has no secret',
      'p.yaml:13:11: traffic_shaping.subgraphs.shop.circuit_breaker.fields["Size.S"] names no type with fields of the API schema',
    ]);
  });

  it('are refused by a gateway in a program when it starts', async () => {
    const gateway = createGateway({
      supergraphSdl: sdl,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      queryPlanner: { workers: 1 },
      trafficShaping: { all: { circuitBreaker: { fields: { 'Query.find': {} } } } },
    });
    await expect(gateway.load!({ apollo: {} } as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('circuit_breaker.fields["Query.find"] names no field') as unknown,
    });
  });
});
