import type { ErrorExposure } from '../engine/execute/subgraphFaults.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { AnswerHeaderRules } from '../request/headers/AnswerHeaderRule.js';
import type { HeaderRules } from '../request/headers/HeaderRule.js';
import type { RateCeiling } from '../upstream/resilience/RateMeter.js';
import type { BreakerOptions } from '../upstream/resilience/Breaker.js';
import type { TrafficSettings } from '../upstream/TrafficOptions.js';
import type { EngineConfig } from '../base/config/loadOptions.js';
import { balanceOptions, endpointsOf, routingOf, tlsOf } from './balanceOptions.js';
import type { GenerationOptions, SubgraphOptions } from './GenerationOptions.js';

type SubgraphTraffic = EngineConfig['trafficShaping']['subgraphs'][string];

/** What a configuration says about the engine: everything that a reload can change. */
export function engineOptions(config: EngineConfig): GenerationOptions {
  const { trafficShaping, queryPlanner } = config;
  const failure = config.rateLimit.onStoreFailure;
  return {
    limits: limitsOf(config),
    dedupe: trafficShaping.router.dedupe,
    entityBatching: trafficShaping.all.entityBatching,
    exposePlans: queryPlanner.expose,
    overrideLabels: Object.keys(config.overrideLabels).filter((label) => config.overrideLabels[label] === true),
    traffic: {
      ...trafficOf(trafficShaping.all, failure),
      ...balanceOptions(trafficShaping.all),
      ...tlsTraffic(config),
    },
    warmupFile: queryPlanner.warmup.file,
    warmOperations: queryPlanner.warmup.operations,
    errors: { mask: config.errors.mask, allowExtensions: new Set(config.errors.allowExtensions) },
    bySubgraph: bySubgraph(config),
    headers: headersOf(config),
    connectors: config.connectors,
    answerHeaders: answerHeadersOf(config),
    fallback: config.fallback,
    authorization: config.authorization,
    rateLimit: config.rateLimit,
    demandControl: config.demandControl,
    planner: {
      workers: queryPlanner.workers,
      timeoutMs: queryPlanner.timeout,
      maxCacheBytes: queryPlanner.cacheSize,
    },
  };
}

/** What one document may ask for. */
export function limitsOf({ limits }: Pick<EngineConfig, 'limits'>): OperationLimits {
  return {
    maxCharacters: limits.parserMaxCharacters,
    maxTokens: limits.parserMaxTokens,
    maxSelections: limits.maxSelections,
    maxDepth: limits.maxDepth,
    maxAliases: limits.maxAliases,
    maxRootFields: limits.maxRootFields,
    maxDirectives: limits.maxDirectives,
    maxIntrospectionDepth: limits.introspectionMaxDepth,
    maxHeight: limits.maxHeight ?? Infinity,
    maxListSize: limits.maxListSize ?? Infinity,
    warnOnly: limits.warnOnly,
  };
}

/** Only what is said: the rest comes from what is said of all subgraphs. */
function trafficOf(said: SubgraphTraffic, failure: RateCeiling['onStoreFailure']): TrafficSettings {
  return {
    ...(said.timeout !== undefined && { timeoutMs: said.timeout }),
    ...(said.connectTimeout !== undefined && { connectTimeoutMs: said.connectTimeout }),
    ...(said.dedupe !== undefined && { dedupe: said.dedupe }),
    ...(said.maxResponseSize !== undefined && { maxResponseBytes: said.maxResponseSize }),
    ...(said.connections !== undefined && { connections: said.connections }),
    ...(said.keepAlive !== undefined && { keepAliveMs: said.keepAlive }),
    ...(said.dnsRefreshRate !== undefined && { dnsRefreshMs: said.dnsRefreshRate }),
    ...(said.responseHeaderTimeout !== undefined && { responseHeaderTimeoutMs: said.responseHeaderTimeout }),
    ...(said.concurrency !== undefined && { concurrency: defined(said.concurrency) }),
    ...(said.globalRateLimit !== undefined && { rateCeiling: ceilingOf(said.globalRateLimit, failure) }),
    ...(said.retry !== undefined && { retry: retryOf(said.retry) }),
    ...(said.circuitBreaker !== undefined && breakersOf(said.circuitBreaker)),
  };
}

/** Undefined takes back what is said of all. */
function ceilingOf(
  { enabled, capacity, interval, onStoreFailure }: NonNullable<SubgraphTraffic['globalRateLimit']>,
  failure: RateCeiling['onStoreFailure'],
): RateCeiling | undefined {
  if (!enabled) return undefined;
  return { capacity: capacity!, intervalMs: interval!, onStoreFailure: onStoreFailure ?? failure };
}

function retryOf(said: NonNullable<SubgraphTraffic['retry']>): NonNullable<TrafficSettings['retry']> {
  const { interval, maxDuration, attemptTimeout, budget, ...rest } = said;
  return defined({
    ...rest,
    intervalMs: interval,
    maxDurationMs: maxDuration,
    attemptTimeoutMs: attemptTimeout,
    budget: budget && defined(budget),
  });
}

function breakersOf({ fields, ...own }: NonNullable<SubgraphTraffic['circuitBreaker']>): TrafficSettings {
  const one = ({ rollingWindow, resetTimeout, ...rest }: Partial<typeof own>): Partial<BreakerOptions> =>
    defined({ ...rest, rollingWindowMs: rollingWindow, resetTimeoutMs: resetTimeout });
  return {
    breaker: one(own),
    ...(fields !== undefined && {
      fieldBreakers: new Map(Object.entries(fields).map(([coordinate, ofField]) => [coordinate, one(ofField)])),
    }),
  };
}

/** Without the keys that say nothing. */
function defined<Said extends object>(said: Said): { [Key in keyof Said]?: NonNullable<Said[Key]> } {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as never;
}

function bySubgraph(config: EngineConfig): ReadonlyMap<string, SubgraphOptions> {
  const { subgraphs, trafficShaping, errors, tls } = config;
  const modules = modulesOf(config);
  const sections = [modules, subgraphs, trafficShaping.subgraphs, errors.subgraphs, tls.client.subgraphs];
  const names = new Set(sections.flatMap((each) => Object.keys(each)));
  return new Map(
    [...names].map((name) => {
      const traffic = own(trafficShaping.subgraphs, name);
      const exposure = own(errors.subgraphs, name);
      const mine: ErrorExposure | undefined = exposure && {
        mask: exposure.mask ?? errors.mask,
        allowExtensions: new Set(exposure.allowExtensions ?? errors.allowExtensions),
      };
      const place = own(subgraphs, name);
      const options: SubgraphOptions = {
        module: own(modules, name),
        url: place?.url,
        endpoints: place && endpointsOf(place),
        routing: place && routingOf(place, trafficShaping.all.loadBalancing, traffic?.loadBalancing),
        traffic: {
          ...(traffic && trafficOf(traffic, config.rateLimit.onStoreFailure)),
          ...(traffic && balancedApart(traffic) && ownBalance(config, traffic)),
          ...(place?.hmac !== undefined && { hmac: place.hmac }),
          ...(own(tls.client.subgraphs, name) !== undefined && { tls: tlsOf(tls, name) }),
        },
        entityBatching: traffic?.entityBatching,
        errors: mine,
      };
      return [name, options];
    }),
  );
}

/** Files of subgraphs in code: where their schemas come from, unless this environment names others. */
function modulesOf({ supergraph, subgraphs }: EngineConfig): Readonly<Record<string, string>> {
  const listed = Object.entries(supergraph?.subgraphs ?? {}).map(
    ([name, { schema }]) => [name, schema.module] as const,
  );
  const said = Object.entries(subgraphs).map(([name, { module }]) => [name, module] as const);
  return Object.fromEntries(
    [...listed, ...said].flatMap(([name, module]) => (module === undefined ? [] : [[name, module]])),
  );
}

/** Explicitly, also where it takes back what is said of all. */
function ownBalance({ trafficShaping }: EngineConfig, traffic: SubgraphTraffic): TrafficSettings {
  return { healthCheck: undefined, outlierDetection: undefined, ...balanceOptions(trafficShaping.all, traffic) };
}

function balancedApart({ loadBalancing, healthCheck, outlierDetection }: SubgraphTraffic): boolean {
  return loadBalancing !== undefined || healthCheck !== undefined || outlierDetection !== undefined;
}

function tlsTraffic({ tls }: EngineConfig): TrafficSettings {
  const { ca, certificate, key, minVersion } = tls.client.all;
  const isSaid = [ca, certificate, key, minVersion].some((value) => value !== undefined);
  return isSaid ? { tls: tlsOf({ client: { ...tls.client, subgraphs: {} } }, '') } : {};
}

function headersOf({ headers, authentication }: EngineConfig): HeaderRules {
  const bySubgraph = new Map(Object.entries(headers.subgraphs).map(([name, { request }]) => [name, request]));
  const { apiKeys, external, sources, trustedHeaders } = authentication;
  const { subject, scopes, plan, tenant, claims } = trustedHeaders ?? { claims: {} };
  const shown = [apiKeys?.header, ...(external?.credentialHeaders ?? []), ...sources.map(({ header }) => header)];
  const believed = [...shown, subject, scopes, plan, tenant, ...Object.values(claims)];
  const sensitive = new Set(believed.filter((name) => name !== undefined));
  // Patterns match it as they do everywhere: many subgraphs look at it themselves.
  sensitive.delete('authorization');
  return { all: headers.all.request, bySubgraph, sensitive };
}

function answerHeadersOf({ headers }: EngineConfig): AnswerHeaderRules {
  const bySubgraph = new Map(Object.entries(headers.subgraphs).map(([name, { response }]) => [name, response]));
  return { all: headers.all.response, bySubgraph };
}

function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
