import { describe, expect, it } from 'vitest';

import { loadOptions } from '../../src/base/config/loadOptions.js';
import type { EngineSettings } from '../../src/base/config/loadOptions.js';
import { problemsWithGraph } from '../../src/gateway/problemsWithGraph.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { graphqlSubgraph, restSubgraph } from '../supergraph/connect/connectorSdl.js';

const supergraph = readSupergraph(
  compose([
    graphqlSubgraph('orders', 'type Query { orders: [Int] }'),
    restSubgraph(
      'stock',
      `type Query {
        a: String @connect(source: "api", http: { GET: "/a" }, selection: "$")
        b: String @connect(http: { GET: "http://b.test/b" }, selection: "$")
      }`,
    ),
  ]).supergraphSdl,
);

function problems(settings: EngineSettings): readonly string[] {
  const loading = loadOptions(settings, 'test');
  if (loading.config === undefined) throw new Error('the settings are wrong themselves');
  return problemsWithGraph(loading, supergraph);
}

describe('settings of REST sources', () => {
  it.each(['stock.api', 'stock', 'orders'])(
    'may be those of %s: a source, a subgraph without one, one in code',
    (key) => {
      expect(problems({ connectors: { sources: { [key]: { config: { a: 1 } } } } })).toEqual([]);
    },
  );

  it.each(['stock.apy', 'api', 'stok'])('are a mistake for %s, which nobody would read', (key) => {
    const [problem, ...more] = problems({ connectors: { sources: { [key]: { config: { a: 1 } } } } });
    expect(problem).toMatch(
      /^test: connectors\.sources.* is no source of a connector \(there are stock, stock\.api\)$/,
    );
    expect(problem).toContain(key);
    expect(more).toEqual([]);
  });
});
