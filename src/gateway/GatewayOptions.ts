import type { EngineSettings } from '../base/config/loadOptions.js';
import type { Policy } from '../request/authorization/Policy.js';
import type { SupergraphSource } from '../supergraph/sources/SupergraphSource.js';
import type { SubgraphDispatcher } from '../upstream/http/PoolOptions.js';
import type { RestSubgraphDefinition } from '../upstream/rest/code/defineRestSubgraph.js';
import type { SubgraphHooks } from './hooks/SubgraphHooks.js';
import type { GatewayLogger } from './logTo.js';
import type { SupergraphHook, SupergraphManager } from './managers/SupergraphManager.js';

/**
 * What `createGateway` takes: where the supergraph comes from (`supergraphSdl` or `supergraph`), the settings of portico.yaml that concern a
 * gateway in a server of one's own, in camelCase and with the same defaults (docs/configuration.md), and functions.
 *
 * @typeParam Context what `context` of the Apollo Server gives, as hooks see it
 */
export interface GatewayOptions<Context = unknown> extends EngineSettings, SubgraphHooks<Context> {
  /**
   * The composed supergraph: its SDL, or what gives it (`fileSource`; a SupergraphManager or function as for Apollo Gateway).
   * Instead of `supergraph`.
   */
  readonly supergraphSdl?: string | SupergraphSource | SupergraphManager | SupergraphHook | undefined;
  /**
   * What sends requests to subgraphs: an `Agent`, `ProxyAgent` or `MockAgent` of undici 7. It then decides about sockets, and
   * `trafficShaping`'s `connections`, `connectTimeout` and `keepAlive` have no effect; deadlines are the gateway's all the same. It is the
   * caller's to close. Default: a pool of its own per subgraph.
   */
  readonly dispatcher?: SubgraphDispatcher | undefined;
  /**
   * Gets what an operator wants to know: supergraphs taken over or refused, failures of requests with what clients do not see.
   * Default: warnings and errors on standard error.
   */
  readonly logger?: GatewayLogger | undefined;
  /** Subgraphs that are answered in this process, by name: what `defineRestSubgraph` makes. Beside `subgraphs.<name>.module`. */
  readonly restSubgraphs?: Readonly<Record<string, RestSubgraphDefinition>> | undefined;
  /** Who decides `@policy`, by its name, beside `authorization.policies`. */
  readonly policies?: Readonly<Record<string, Policy>> | undefined;
}
