import { readFileSync } from 'node:fs';

import type { ConfigOptions } from '../../src/base/config/configSchema.js';
import type { LoadedConfig } from '../../src/base/config/loadConfig.js';
import { loadServerOptions } from '../../src/base/config/loadServerOptions.js';
import type { Clock } from '../../src/base/kit/Clock.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { composeSdl } from './compose.js';
import { createSchemaClient } from './schemaClient.js';
import type { GraphQLAnswer } from './postGraphQL.js';

/** The shop that the limits of these tests stand before. */
export const LIMITED_SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://specs.portico.dev/rateLimit/v0.1", import: ["@rateLimit"])
  @composeDirective(name: "@rateLimit")
${readFileSync('schema/directives.graphql', 'utf8')}
type Query {
  free: String
  one(at: Int): String
  two(at: Int): String
  three(at: Int): String
  search(q: String): String @rateLimit(max: 5, window: "1h", message: "Slow down")
  many(ids: [ID!]): Int @rateLimit(max: 4, window: "1h", arrayLengthField: "ids")
}
type Mutation {
  login(email: String!): String @rateLimit(max: 5, window: "1h", by: [], identityArgs: ["email"], onStoreFailure: DENY)
}`;

export const LIMITED_RESOLVERS = {
  Query: { free: () => 'free', one: () => '1', two: () => '2', three: () => '3', search: () => 'found', many: () => 1 },
  Mutation: { login: () => 'token' },
};

export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: GraphQLAnswer;
  /** Of the first error. */
  readonly code: unknown;
}

export interface LimitedGateway {
  readonly url: string;
  /** Calls that the shop got. */
  readonly calls: readonly { readonly text: string }[];
  ask(query: string, headers?: Record<string, string>): Promise<LimitedAnswer>;
  /** How many of so many requests in a row are answered without an error. */
  passes(count: number, query: string, headers?: Record<string, string>): Promise<number>;
  /** Reloads it with other settings. Errors: as the reload. */
  apply(settings: LimitedSettings): Promise<void>;
  close(): Promise<void>;
}

export type LimitedSettings = Omit<ConfigOptions, 'supergraph'>;

/** A whole gateway on a socket, as its settings say, over a shop in this process. */
export async function startLimitedGateway(settings: LimitedSettings = {}, clock?: Clock): Promise<LimitedGateway> {
  const supergraphSdl = composeSdl({ shop: LIMITED_SCHEMA });
  const shop = createSchemaClient({ name: 'shop', typeDefs: LIMITED_SCHEMA, resolvers: LIMITED_RESOLVERS });
  const { server, http, apply } = await createConfiguredServer(load(settings), supergraphSdl, {
    engine: {
      sender: () => shop,
      ...(clock !== undefined && { clock }),
      workshop: createWorkshop(() => {}),
    },
  });
  await server.start();
  const { origin } = await http.listen({ host: '127.0.0.1', port: 0 });
  const url = `${origin}/graphql`;
  const ask: LimitedGateway['ask'] = (query, headers) => askLimited(url, query, headers);
  return {
    url,
    calls: shop.calls,
    ask,
    passes: async (count, query, headers) => {
      let passed = 0;
      for (let left = count; left > 0; left--) if ((await ask(query, headers)).code === undefined) passed++;
      return passed;
    },
    apply: (next) => apply(load(next)),
    close: async () => {
      await http.close(1000);
      await server.stop();
    },
  };
}

/** POSTs an operation to any gateway. */
export async function askLimited(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<LimitedAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return readLimited(response);
}

export async function readLimited(response: Response): Promise<LimitedAnswer> {
  const json = (await response.json()) as GraphQLAnswer;
  const code = json.errors?.[0]?.extensions['code'];
  return { status: response.status, headers: response.headers, json, code };
}

function load(settings: LimitedSettings): LoadedConfig {
  const { loaded, problems } = loadServerOptions(
    {
      ...settings,
      supergraph: { subgraphs: { shop: { routingUrl: 'http://shop.test/graphql', schema: { sdl: 'x' } } } },
    },
    'test',
  );
  if (loaded === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return loaded;
}
