import { PorticoError } from '../../base/errors/PorticoError.js';
import { writeJson } from '../../base/kit/json.js';
import { Lifetime } from '../../base/kit/Lifetime.js';
import { loadSupergraphInWorker } from '../../supergraph/compose/loadSupergraphInWorker.js';
import type { PoolRegistry } from '../../upstream/http/pools.js';
import type { HeaderPairs, SubgraphClient, SubgraphReply } from '../../upstream/SubgraphClient.js';
import { TrafficRegistry } from '../../upstream/resilience/TrafficRegistry.js';
import { connectSubgraphs } from '../connectSubgraphs.js';
import type { ConnectOptions } from '../ConnectOptions.js';
import type { SubgraphDataSource, SupergraphManagerOptions } from './SupergraphManager.js';

export type ManagerTools = Pick<SupergraphManagerOptions, 'healthCheck' | 'getDataSource'> & {
  /** Ends what is running. */
  close(): Promise<void>;
};

/** One operation of a manager may take this long when the subgraph's own deadline is longer, in milliseconds. */
const CALL_MS = 30_000;
const HEALTH_QUERY = 'query PorticoHealthCheck { __typename }';

/** What the gateway lends to SupergraphManagers. */
export function createManagerTools(options: ConnectOptions, pools: PoolRegistry): ManagerTools {
  const open = new Set<SubgraphClient>();
  const connect = (
    subgraphs: ReadonlyMap<string, { readonly name: string; readonly url: string }>,
    purpose: 'health-check' | 'schema',
  ): SubgraphClient[] => {
    const registry = new TrafficRegistry();
    const clients = [...connectSubgraphs({ subgraphs }, options, pools, registry, undefined, purpose).values()];
    for (const client of clients) open.add(client);
    return clients;
  };
  const close = async (client: SubgraphClient): Promise<void> => {
    open.delete(client);
    await client.close();
  };
  return {
    async healthCheck(supergraphSdl) {
      const { subgraphs } = await loadSupergraphInWorker(supergraphSdl);
      // A REST service has no question that every one answers.
      const asked = new Map([...subgraphs].filter(([, { declaredBy }]) => declaredBy === undefined));
      const failed: string[] = [];
      await Promise.all(
        connect(asked, 'health-check').map(async (client) => {
          try {
            const { data, errors, status } = await send(client, { query: HEALTH_QUERY, headers: [] });
            if (typeof data !== 'object' || data === null || errors !== undefined || status !== 200)
              failed.push(`${client.name}: not the answer of a healthy subgraph`);
          } catch (error) {
            failed.push(error instanceof Error ? `${client.name}: ${error.message}` : client.name);
          } finally {
            await close(client);
          }
        }),
      );
      if (failed.length === 0) return;
      throw new PorticoError('DOWNSTREAM_SERVICE_ERROR', `The health check failed: ${failed.toSorted().join('; ')}`);
    },
    getDataSource({ name, url = '' }): SubgraphDataSource {
      const [client] = connect(new Map([[name, { name, url }]]), 'schema');
      return {
        async process({ request }) {
          const { query, variables } = request;
          if (query === undefined) throw new PorticoError('BAD_REQUEST', 'A data source needs a query');
          const headers = [...(request.http?.headers ?? [])].map(([key, value]) => [key.toLowerCase(), value] as const);
          return responseOf(await send(client!, { query, variables, headers }));
        },
      };
    },
    async close() {
      await Promise.all([...open].map(close));
    },
  };
}

async function send(
  client: SubgraphClient,
  call: { query: string; variables?: Record<string, unknown> | undefined; headers: HeaderPairs },
): Promise<SubgraphReply> {
  const { query, variables, headers } = call;
  const lifetime = new Lifetime(CALL_MS);
  try {
    return await client.execute({
      operation: { kind: 'query', name: undefined, text: query, bodyHead: `{"query":${JSON.stringify(query)}` },
      variablesJson: variables && writeJson(variables),
      headers,
      correlation: [],
      lifetime,
      epoch: 0,
    });
  } finally {
    lifetime.close();
  }
}

function responseOf({ data, errors, extensions }: SubgraphReply): Awaited<ReturnType<SubgraphDataSource['process']>> {
  const list = Array.isArray(errors) ? (errors as Array<{ message?: unknown } | null>) : undefined;
  return {
    data: data as Record<string, unknown>,
    ...(list !== undefined && { errors: list.map((error) => ({ message: messageOf(error) })) }),
    ...(extensions !== undefined && { extensions: extensions as Record<string, unknown> }),
  };
}

function messageOf(error: { readonly message?: unknown } | null): string {
  return typeof error?.message === 'string' ? error.message : 'no message';
}
