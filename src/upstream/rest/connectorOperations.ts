import type { Connector } from '../../supergraph/model/Connector.js';
import type { SubgraphCall } from '../SubgraphClient.js';

/** Those of requests that read, and of others. */
export interface ConnectorOperations {
  readonly safe: SubgraphCall['operation'];
  readonly unsafe: SubgraphCall['operation'];
}

/** What requests look like to breakers of fields, retries and the sharing of calls. */
export function operationsOf(connector: Connector): ConnectorOperations {
  const { typeName, fieldName, root, graph } = connector;
  const field = fieldName ?? '__typename';
  const text =
    root === undefined
      ? `{ _entities { ... on ${typeName} { ${field} } } }`
      : `${root === 'mutation' ? 'mutation ' : ''}{ ${field} }`;
  const of = (kind: 'query' | 'mutation'): SubgraphCall['operation'] => ({
    kind,
    name: undefined,
    text,
    bodyHead: graph,
  });
  return { safe: of('query'), unsafe: of('mutation') };
}
