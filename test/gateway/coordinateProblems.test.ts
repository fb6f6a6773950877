import { describe, expect, it } from 'vitest';

import { formatProblem } from '../../src/base/config/ConfigProblem.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import { coordinateProblems } from '../../src/gateway/coordinateProblems.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../support/compose.js';
import { createInlineGateway } from '../support/inlineGateway.js';

const sdl = composeSdl({
  shop: `type Query { search(text: String, filter: Filter): [Product] } type Product { id: ID! price: Int secret: Int @inaccessible }
    input Filter { tags: [String], any: Any } scalar Any enum Size { S }`,
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
authorization: { fields: { Product: { authenticated: true } } }
rate_limit:
  policies:
    - { name: a, max: 1, window: 1s, fields: [Query.*, "*.price"], identity_args: [text, filter.tags.length, filter.any.thing] }
    - { name: b, max: 1, window: 1s, operations: [Whatever] }
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
    Size: { value: S }
authorization:
  fields:
    Query.serach: { authenticated: true }
rate_limit:
  policies:
    - name: one
      max: 1
      window: 1s
      fields: [Query.search, Query.find, "*.pricee"]
    - name: two
      max: 1
      window: 1s
      fields: [Query.search]
      identity_args: [txt, filter.txt, text.length, text]
      array_length_field: filter.tag
`),
    ).toEqual([
      'p.yaml:16:5: fallback.coordinates["Product.prize"] names nothing in the graph: Product has no field prize (did you mean Product.price?)',
      'p.yaml:17:22: fallback.coordinates["Product.price"].value does not fit: value is no Int',
      'p.yaml:18:5: fallback.coordinates.Size cannot fall back: fields of objects and interfaces do',
      'p.yaml:6:9: traffic_shaping.all.circuit_breaker.fields["Query.serach"] names nothing in the graph: Query has no field serach (did you mean Query.search?)',
      'p.yaml:7:9: traffic_shaping.all.circuit_breaker.fields["Prodct.price"] names nothing in the graph: there is no type Prodct (did you mean Product.price?)',
      'p.yaml:12:11: traffic_shaping.subgraphs.shop.circuit_breaker.fields["Product.secret"] names nothing in the graph: Product has no field secret',
      'p.yaml:13:11: traffic_shaping.subgraphs.shop.circuit_breaker.fields["Size.S"] names nothing in the graph: Size has no fields',
      'p.yaml:27:30: rate_limit.policies[0].fields[1] names nothing in the graph: Query has no field find',
      'p.yaml:27:42: rate_limit.policies[0].fields[2] names nothing in the graph: no type has a field pricee (did you mean *.price?)',
      'p.yaml:32:23: rate_limit.policies[1].identity_args[0] names an argument that no limited field has',
      'p.yaml:32:28: rate_limit.policies[1].identity_args[1] names an argument that no limited field has',
      'p.yaml:32:40: rate_limit.policies[1].identity_args[2] names an argument that no limited field has',
      'p.yaml:33:7: rate_limit.policies[1].array_length_field names an argument that no limited field has',
      'p.yaml:21:5: authorization.fields["Query.serach"] names nothing in the graph: Query has no field serach (did you mean Query.search?)',
    ]);
  });

  it('are refused by a gateway in a program when it starts', async () => {
    const gateway = createInlineGateway({
      supergraphSdl: sdl,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      trafficShaping: { all: { circuitBreaker: { fields: { 'Query.find': {} } } } },
    });
    await expect(gateway.load!({ apollo: {} } as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('circuit_breaker.fields["Query.find"] names nothing') as unknown,
    });
  });
});
