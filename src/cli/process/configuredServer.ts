import { readFile } from 'node:fs/promises';

import { createApolloServer } from '../../edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../edge/http/createHttpServer.js';
import type { HttpServer } from '../../edge/http/createHttpServer.js';
import type { HttpServerOptions, LiveHttpOptions } from '../../edge/http/HttpServerOptions.js';
import { splitExamples } from '../../edge/http/playground/splitExamples.js';
import { acceptGraph } from '../../gateway/acceptGraph.js';
import { assembleGateway } from '../../gateway/createGateway.js';
import { createGenerationBuilder } from '../../gateway/createGenerationBuilder.js';
import type { GenerationOptions } from '../../gateway/GenerationOptions.js';
import { engineOptions, limitsOf } from '../../gateway/engineOptions.js';
import { problemsWithGraph } from '../../gateway/problemsWithGraph.js';
import { Authentication } from '../../request/authentication/Authentication.js';
import { LimitStores } from '../../request/ratelimit/LimitStores.js';
import { declaredNames } from '../../supergraph/model/Supergraph.js';
import type { Supergraph } from '../../supergraph/model/Supergraph.js';
import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import { describeTraffic } from '../../upstream/describeTraffic.js';
import type { TrafficRegistry } from '../../upstream/resilience/TrafficRegistry.js';
import { DEFAULT_TRAFFIC_OPTIONS, withSettings } from '../../upstream/TrafficOptions.js';
import type { Config } from '../../base/config/configSchema.js';
import type { LoadedConfig } from '../../base/config/loadConfig.js';
import { systemClock } from '../../base/kit/Clock.js';
import type { Clock } from '../../base/kit/Clock.js';
import { Failure } from '../Failure.js';
import { primaryLimiter } from './primaryLimiter.js';

/** Everything that serves, as a configuration says. */
export interface ConfiguredServer {
  /** Not started yet. */
  readonly server: ReturnType<typeof createApolloServer>;
  readonly http: HttpServer;
  /** What applies to calls of each subgraph, by name; empty before the start. */
  traffic(): ReadonlyMap<string, Readonly<Record<string, string>>>;
  /**
   * Serves as another configuration says, apart from settings that need a restart.
   * Errors: a Failure for names of subgraphs that do not exist, or what building rejects with; nothing has changed then.
   */
  apply(next: LoadedConfig): Promise<void>;
}

/** What a configuration cannot say: the test kit puts these in the place of sockets, threads and the machine's clock. */
export interface ServerParts {
  /** Of windows, back-offs, breakers, expiry dates and deadlines. */
  readonly clock?: Clock | undefined;
  readonly traffic?: TrafficRegistry | undefined;
  readonly engine?: Partial<GenerationOptions> | undefined;
  readonly http?: Pick<HttpServerOptions, 'onRequest'> | undefined;
}

/** Wires gateway, protocol server and listener. */
export async function createConfiguredServer(
  first: LoadedConfig,
  source: SupergraphSource | string,
  parts: ServerParts = {},
): Promise<ConfiguredServer> {
  const { config } = first;
  const { clock = systemClock } = parts;
  /** What the next generation is built of, and what the edge goes by: the second follows when the first is built. */
  let building = first;
  let current = first;
  let served: Supergraph | undefined;

  const { workers } = config.server;
  const machine = workers > 1 ? primaryLimiter(config.rateLimit.storage.timeout) : undefined;
  const limitStores = new LimitStores(clock, machine);
  const engine = (): GenerationOptions => ({
    ...engineOptions(building.config),
    limitStores,
    clock,
    accept(supergraph, isFirst, ofFallbacks) {
      acceptGraph(building, supergraph, isFirst, ofFallbacks, (problems) => new Failure(problems));
      served = supergraph;
    },
    ...parts.engine,
  });
  const build = createGenerationBuilder(engine, undefined, parts.traffic);
  const authentication = new Authentication(config.authentication, clock);
  const gateway = assembleGateway({
    source,
    build,
    authentication,
    warmupFile: config.queryPlanner.warmup.file,
    deadlineMs: config.trafficShaping.router.timeout,
    drainMs: config.reload.drainTimeout,
  });
  const server = createApolloServer({
    gateway,
    get limits() {
      return limitsOf(current.config);
    },
    get introspection() {
      return current.config.introspection;
    },
    suggestions: config.errors.suggestions,
  });
  const http = createHttpServer({
    server,
    authenticate: authentication.authenticate,
    publishedKeys: () => authentication.publishedKeys,
    isReady: () => gateway.isReady(),
    ...(await httpOptions(config)),
    ...liveOptions(config),
    ...(parts.clock !== undefined && { clock }),
    ...parts.http,
  });

  return {
    server,
    http,
    traffic: () => describeAll(served === undefined ? [] : [...declaredNames(served)], current.config),
    async apply(next) {
      const problems = served === undefined ? [] : problemsWithGraph(next, served);
      if (problems.length > 0) throw new Failure(problems);
      const change = authentication.prepare(next.config.authentication);
      building = next;
      try {
        await gateway.rebuild();
      } catch (error) {
        change.abandon();
        building = current;
        throw error;
      }
      change.commit();
      current = next;
      http.reconfigure(liveOptions(next.config));
    },
  };
}

function describeAll(names: readonly string[], config: Config): Map<string, Readonly<Record<string, string>>> {
  const { traffic, bySubgraph } = engineOptions(config);
  const all = withSettings(DEFAULT_TRAFFIC_OPTIONS, traffic);
  return new Map(names.map((name) => [name, describeTraffic(withSettings(all, bySubgraph?.get(name)?.traffic))]));
}

async function httpOptions({ server, playground }: Config): Promise<Omit<HttpServerOptions, 'server' | 'isReady'>> {
  return {
    path: server.path,
    maxHeaderBytes: server.maxHeaderSize,
    headersTimeoutMs: Math.min(server.headerTimeout, server.requestTimeout),
    requestTimeoutMs: server.requestTimeout,
    keepAliveMs: server.keepAlive,
    playground: playground.enabled && {
      examples: await readExamples(playground.examples),
      identities: playground.identities,
    },
  };
}

function liveOptions({ server, limits, overload, csrf, cors, trafficShaping }: Config): LiveHttpOptions {
  return {
    deadlineMs: trafficShaping.router.timeout,
    maxBodyBytes: server.maxRequestBodySize,
    maxCharacters: limits.parserMaxCharacters,
    overload: {
      maxInFlight: overload.maxInFlight,
      maxEventLoopLagMs: overload.maxEventLoopLag,
      maxHeapShare: overload.maxHeapPercent / 100,
    },
    proxies: { trusted: server.trustedProxies, header: server.forwardedHeader },
    csrfHeaders: csrf.enabled && csrf.requiredHeaders,
    cors: cors?.policies.map(({ maxAge, ...policy }) => ({ ...policy, maxAgeMs: maxAge })),
  };
}

async function readExamples(file: string | undefined): Promise<readonly string[]> {
  return file === undefined ? [] : splitExamples(await readFile(file, 'utf8'));
}
