import { createHash } from 'node:crypto';

import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { createMemoryStaleStore } from '../../src/base/storage/createMemoryStaleStore.js';
import type { EngineSettings } from '../../src/base/config/loadOptions.js';
import { loadOptions } from '../../src/base/config/loadOptions.js';
import type { Clock } from '../../src/base/kit/Clock.js';
import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import type { EntityBatching } from '../../src/engine/execute/groupPlan.js';
import type { ErrorExposure } from '../../src/engine/execute/subgraphFaults.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import type { OperationLimits } from '../../src/engine/operation/limits.js';
import { createInlineApolloPlanner } from '../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import type { Plan } from '../../src/engine/plan/nodes.js';
import type { Planner } from '../../src/engine/plan/Planner.js';
import { createAuthorizer } from '../../src/request/authorization/createAuthorizer.js';
import type { BuiltAuthorizer } from '../../src/request/authorization/createAuthorizer.js';
import type { Policy } from '../../src/request/authorization/Policy.js';
import type { CachePolicy, RequestTrace } from '../../src/request/context.js';
import type { Identity } from '../../src/request/Identity.js';
import { createHandle } from '../../src/request/handle.js';
import { Charger } from '../../src/request/ratelimit/Charger.js';
import { createPolicies } from '../../src/request/ratelimit/createPolicies.js';
import type { Limiter } from '../../src/request/ratelimit/Limiter.js';
import { MemoryLimiter } from '../../src/request/ratelimit/MemoryLimiter.js';
import { createDemandControl } from '../../src/gateway/createDemandControl.js';
import { readFallbacks } from '../../src/gateway/readFallbacks.js';
import type { FallbackConfig } from '../../src/gateway/readFallbacks.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import type { SubgraphCall, SubgraphClient } from '../../src/upstream/SubgraphClient.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';
import type { InProcessAnswer } from '../../src/upstream/inProcessClient.js';
import { composeSdl, withFederationLink } from './compose.js';
import { createSchemaClient } from './schemaClient.js';
import { makeContext } from './requestContext.js';

/** A subgraph of a test: an SDL with resolvers, or an SDL with a function that gives any reply, or a finished client or schema. */
export interface TestSubgraph {
  /** Needed unless the test brings its supergraph. Without a federation `@link` it gets one. */
  readonly typeDefs?: string;
  readonly resolvers?: GraphQLResolverMap<unknown>;
  readonly answer?: (call: TestCall) => InProcessAnswer | Promise<InProcessAnswer>;
  readonly client?: SubgraphClient;
  readonly schema?: GraphQLSchema;
}

export interface TestGatewayOptions {
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>;
  /** Default: composed from the subgraphs. */
  readonly supergraphSdl?: string;
  readonly limits?: Partial<OperationLimits>;
  /** Default `alias`. */
  readonly batching?: EntityBatching;
  readonly overrideLabels?: readonly string[];
  /** Default: messages pass, so that tests can read them. */
  readonly exposure?: ErrorExposure;
  /** Default: Apollo's, on this thread and without a deadline. */
  readonly createPlanner?: (supergraphSdl: string) => Planner;
  /** Documents kept prepared. Default 100. */
  readonly maxPrepared?: number;
  /** Default false: each execution is its own. */
  readonly dedupe?: boolean;
  /** Default false: the headers that ask for a plan mean nothing. */
  readonly exposePlans?: boolean;
  /** Default: what the subgraphs declare with `@fallback`. */
  readonly fallback?: FallbackConfig;
  /** As in the options of `createGateway`, with the same defaults. */
  readonly authorization?: EngineSettings['authorization'];
  /** Functions that decide policies. */
  readonly policies?: Readonly<Record<string, Policy>>;
  readonly clock?: Clock;
  /** As in the options of `createGateway`; limits are counted in memory. */
  readonly rateLimit?: EngineSettings['rateLimit'];
  /** As in the options of `createGateway`. */
  readonly demandControl?: EngineSettings['demandControl'];
  /** Counts instead of the memory. */
  readonly limiter?: Limiter;
}

export interface TestCall {
  readonly subgraph: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The variables as they go out; numbers have all their digits here. */
  readonly variablesText: string;
}

export interface TestError {
  readonly message: string;
  readonly path: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface TestAnswer {
  /** Parsed from the text; undefined when the request failed before execution. */
  readonly data: unknown;
  readonly dataText: string | undefined;
  readonly errors: readonly TestError[];
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  readonly cachePolicy: CachePolicy | undefined;
  /** What the head of the answer would carry. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface TestOperationRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the anonymous one. */
  readonly identity?: Identity;
  readonly clientIp?: string;
}

/** The engine of a gateway in this process: from a client's document to the answer, without sockets, edge or Apollo Server. */
export interface TestGateway {
  execute(request: TestOperationRequest | string): Promise<TestAnswer>;
  /** In the order of sending; a test may empty it. */
  readonly calls: TestCall[];
  /** The plan that was made last. */
  readonly lastPlan: Plan | undefined;
  /** What the log would say about failures, in order. */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

/** Long enough for a stalled machine. */
const REQUEST_MS = 20_000;

export function createTestGateway(options: TestGatewayOptions): TestGateway {
  const calls: TestCall[] = [];
  const failures: unknown[] = [];
  const clients = new Map(
    Object.entries(options.subgraphs).map(([name, subgraph]) => [name, recorded(clientOf(name, subgraph), calls)]),
  );
  const sdls = Object.entries(options.subgraphs).map(([name, { typeDefs }]) => [name, typeDefs ?? ''] as const);
  const supergraph = readSupergraph(options.supergraphSdl ?? composeSdl(Object.fromEntries(sdls)));
  const createPlanner = options.createPlanner ?? ((supergraphSdl) => createInlineApolloPlanner({ supergraphSdl }));
  const planner = createPlanner(supergraph.sdl);
  let lastPlan: Plan | undefined;
  const { table, problems } = readFallbacks(supergraph, options.fallback);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const exposure = options.exposure ?? { mask: false, allowExtensions: new Set(['code']) };
  const { authorization, rateLimit, demandControl } = loadOptions(
    {
      authorization: options.authorization ?? {},
      rateLimit: options.rateLimit ?? {},
      demandControl: options.demandControl ?? {},
    },
    'test',
  ).config!;
  const { policies, clock } = options;
  const building = createAuthorizer(authorization, supergraph, { policies, clock, standIns: table.otherFields });
  building.catch(() => {});
  const substitute = new MemoryLimiter({ clock });
  const limitPolicies = createPolicies(rateLimit, supergraph);
  const charger = new Charger({
    policies: limitPolicies,
    limiter: options.limiter ?? new MemoryLimiter({ clock }),
    substitute,
    schema: supergraph.apiSchema,
  });
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const createHandleWith = ({ authorizer }: BuiltAuthorizer) =>
    createHandle({
      authorizer,
      charger,
      limitNotes: rateLimit,
      supergraph,
      planner: {
        plan: async (request, lifetime) => (lastPlan = await planner.plan(request, lifetime)),
        close: () => planner.close(),
      },
      clients,
      limits,
      demand: createDemandControl(supergraph, demandControl, limits),
      exposureOf: () => exposure,
      batchingOf: () => options.batching ?? 'alias',
      overrideLabels: new Set(options.overrideLabels),
      dedupe: options.dedupe ?? false,
      fallbacks: table.isEmpty
        ? undefined
        : {
            table,
            schema: supergraph.apiSchema,
            owners: supergraph.owners,
            store: createMemoryStaleStore(1_000_000, clock),
          },
      exposePlans: options.exposePlans ?? false,
      maxPrepared: options.maxPrepared ?? 100,
    });

  let handle: ReturnType<typeof createHandle> | undefined;

  return {
    calls,
    failures,
    get lastPlan() {
      return lastPlan;
    },
    execute: async (request) => {
      const { query, variables, operationName, headers, identity, clientIp } =
        typeof request === 'string' ? { query: request } : request;
      const document = parse(query);
      const invalid = validate(supergraph.apiSchema, document);
      if (invalid.length > 0) throw new AggregateError(invalid, `invalid: ${invalid.map(String).join('\n')}`);
      handle ??= createHandleWith(await building);
      const lifetime = new Lifetime(REQUEST_MS);
      const trace = emptyTrace();
      const context = makeContext({
        lifetime,
        header: (name) => headers?.[name],
        headerNames: () => Object.keys(headers ?? {}),
        trace,
        ...(identity !== undefined && { identity }),
        ...(clientIp !== undefined && { clientIp }),
      });
      try {
        const {
          data: answer,
          errors,
          extensions,
          headers: answerHeaders = [],
          cachePolicy,
        } = await handle({
          document,
          documentHash: createHash('sha256').update(query).digest('hex'),
          operationName,
          variables,
          context,
        });
        const dataText = answer?.text;
        const data: unknown = dataText === undefined ? undefined : JSON.parse(dataText);
        const plain = errors.map(({ message, path, extensions: more }) => ({ message, path, extensions: more }));
        const head = new Map([...answerHeaders, ...context.answerHeaders]);
        return { data, dataText, errors: plain, extensions, cachePolicy, headers: head };
      } catch (error) {
        if (!(error instanceof PorticoError)) throw error;
        failures.push(error);
        const located = { message: error.clientMessage, path: undefined, extensions: { code: error.code } };
        return {
          data: undefined,
          dataText: undefined,
          errors: [located],
          extensions: undefined,
          cachePolicy: undefined,
          headers: new Map(context.answerHeaders),
        };
      } finally {
        failures.push(...trace.failures);
        lifetime.close();
      }
    },
    close: async () => {
      await planner.close();
      await building.then(
        (built) => built.close(),
        () => {},
      );
      for (const client of clients.values()) await client.close();
    },
  };
}

function clientOf(name: string, { typeDefs, resolvers, answer, client, schema }: TestSubgraph): SubgraphClient {
  if (client !== undefined) return client;
  if (answer !== undefined) return createInProcessClient({ name, answer: (call) => answer(read(name, call)) });
  if (schema !== undefined) return createSchemaClient({ name, schema });
  return createSchemaClient({ name, typeDefs: withFederationLink(typeDefs ?? ''), resolvers: resolvers ?? {} });
}

function recorded(client: SubgraphClient, calls: TestCall[]): SubgraphClient {
  return {
    name: client.name,
    execute: (call) => {
      calls.push(read(client.name, call));
      return client.execute(call);
    },
    close: () => client.close(),
  };
}

function read(subgraph: string, { operation, variablesJson }: SubgraphCall): TestCall {
  return {
    subgraph,
    text: operation.text,
    variables: JSON.parse(variablesJson ?? '{}') as Record<string, unknown>,
    variablesText: variablesJson ?? '{}',
  };
}

function emptyTrace(): RequestTrace {
  return {
    operationName: undefined,
    operationKind: undefined,
    subgraphCalls: 0,
    slowestSubgraph: undefined,
    slowestSubgraphMs: 0,
    sharedWith: undefined,
    errorCodes: [],
    failures: [],
  };
}
