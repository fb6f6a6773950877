import type { HeaderPairs, SubgraphClient, SubgraphOperation } from '../SubgraphClient.js';

import type { Probe } from './Prober.js';

const TEXT = 'query PorticoHealthCheck { __typename }';
const OPERATION: SubgraphOperation = {
  kind: 'query',
  name: undefined,
  text: TEXT,
  bodyHead: `{"query":${JSON.stringify(TEXT)}`,
};

/**
 * Asks for `{ __typename }`, which every GraphQL server answers without touching its data.
 *
 * @param headers what the subgraph wants of every caller (a credential of the gateway's)
 */
export function graphqlProbe(client: SubgraphClient, headers: HeaderPairs): Probe {
  return async (lifetime) => {
    const { data, errors, status } = await client.execute({
      operation: OPERATION,
      variablesJson: undefined,
      headers,
      correlation: [],
      lifetime,
      epoch: 0,
    });
    if (status >= 300) throw new Error(`answered ${status}`);
    if (typeof data !== 'object' || data === null || errors !== undefined) throw new Error('answered with errors');
  };
}
