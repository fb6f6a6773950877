import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { execute, parse, validate } from 'graphql';
import type { GraphQLFieldResolver, GraphQLScalarType, GraphQLSchema } from 'graphql';

import type { EngineSettings } from '../base/config/loadOptions.js';
import { createInProcessServer } from '../edge/apollo/createInProcessServer.js';
import { createGateway } from '../gateway/createGateway.js';
import { composeInWorker } from '../supergraph/compose/composeInWorker.js';
import { createInProcessClient } from '../upstream/inProcessClient.js';
import type { SubgraphCall, SubgraphClient } from '../upstream/SubgraphClient.js';

/** Resolvers as for `buildSubgraphSchema`: by type, then by field; `__resolveReference` finds an entity by its key. */
export type TestResolvers = Readonly<Record<string, GraphQLScalarType | Readonly<Record<string, TestResolver>>>>;
// oxlint-disable-next-line typescript/no-explicit-any -- whoever writes a resolver knows what its parent and arguments are
export type TestResolver = GraphQLFieldResolver<any, TestCall>;

/** A subgraph of a test. */
export interface TestSubgraph {
  /** The SDL. Without a federation `@link` all of Federation 2's directives may be used all the same. */
  readonly typeDefs: string;
  readonly resolvers?: TestResolvers;
}

export interface TestGatewayOptions {
  /** By name. */
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>;
  /** As for `createGateway`, with the same defaults. Default: none. */
  readonly settings?: Omit<EngineSettings, 'supergraph'>;
}

/** One call that reached a subgraph; the context of its resolvers. */
export interface TestCall {
  readonly subgraph: string;
  /** The GraphQL document. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** Of the client. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a client would get. */
export interface TestAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }>;
  readonly extensions?: Record<string, unknown>;
}

/** A whole gateway in this process, without sockets. */
export interface TestGateway {
  /** Answers as `portico start` would: parsed, validated, within the limits, planned, executed, masked. Never rejects for errors of a request. */
  execute(request: TestRequest | string): Promise<TestAnswer>;
  /** Calls of subgraphs, in the order of sending. */
  readonly calls: readonly TestCall[];
  /** Call it when done: planner threads keep the process alive. */
  close(): Promise<void>;
}

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject", "@composeDirective", "@context", "@fromContext"])
`;

/**
 * Composes the subgraphs and starts a gateway over them: SDL and resolvers in, answers out.
 *
 * Errors: CompositionError with all problems; CONFIG_INVALID for mistakes in `settings`; whatever `buildSubgraphSchema` says of resolvers.
 */
export async function createTestGateway({ subgraphs, settings }: TestGatewayOptions): Promise<TestGateway> {
  const calls: TestCall[] = [];
  const sdls = Object.entries(subgraphs).map(([name, { typeDefs }]) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    sdl: typeDefs.includes('specs.apollo.dev/federation') ? typeDefs : FEDERATION + typeDefs,
  }));
  const [{ supergraphSdl }, { buildSubgraphSchema }] = await Promise.all([
    composeInWorker(sdls),
    // Late: a gateway in production has no use for it.
    import('@apollo/subgraph'),
  ]);
  const clients = new Map<string, SubgraphClient>();
  for (const { name, sdl } of sdls) {
    const resolvers = (subgraphs[name]?.resolvers ?? {}) as GraphQLResolverMap<unknown>;
    const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers });
    clients.set(name, schemaClient(name, schema, calls));
  }
  const gateway = createGateway({
    ...settings,
    supergraphSdl,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    decorate: (_http, name) => clients.get(name)!,
    // The clients above read nothing of a request but the call itself.
    sharingKey: () => '',
  });
  const server = await createInProcessServer(gateway, gateway.serverOptions());
  return {
    calls,
    execute: async (request) =>
      (await server.execute(typeof request === 'string' ? { query: request } : request)) as TestAnswer,
    close: () => server.stop(),
  };
}

function schemaClient(name: string, schema: GraphQLSchema, calls: TestCall[]): SubgraphClient {
  return createInProcessClient({
    name,
    async answer(call) {
      const seen = readCall(name, call);
      calls.push(seen);
      const document = parse(seen.query);
      const invalid = validate(schema, document);
      if (invalid.length > 0) return { errors: invalid.map((error) => error.toJSON()) };
      const result = await execute({ schema, document, variableValues: seen.variables, contextValue: seen });
      return JSON.parse(JSON.stringify(result)) as { data?: unknown; errors?: unknown };
    },
  });
}

function readCall(subgraph: string, { operation, variablesJson = '{}', headers, correlation }: SubgraphCall): TestCall {
  return {
    subgraph,
    query: operation.text,
    variables: JSON.parse(variablesJson) as Record<string, unknown>,
    headers: Object.fromEntries([...headers, ...correlation]),
  };
}
