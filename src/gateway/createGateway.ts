import type {
  GatewayInterface,
  GatewayLoadResult,
  GatewaySchemaLoadOrUpdateCallback,
  GatewayUnsubscriber,
} from '@apollo/server-gateway-interface';

import { serverOptions } from '../edge/apollo/serverOptions.js';
import type { PorticoServerOptions } from '../edge/apollo/serverOptions.js';
import { DEFAULT_LIMITS } from '../engine/operation/limits.js';
import type { EntityBatching } from '../engine/execute/groupPlan.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import { writeWarmupFile } from '../engine/plan/warmupFile.js';
import type { SupergraphSource } from '../supergraph/sources/SupergraphSource.js';
import { notices } from '../base/telemetry/channels.js';
import type { TrafficOptions } from '../upstream/createClients.js';
import { createExecutor } from './createExecutor.js';
import { createGenerationBuilder } from './createGenerationBuilder.js';
import type { EngineOptions } from './createGenerationBuilder.js';
import type { BuildGeneration, Generation } from './generation.js';
import { Generations } from './reload.js';

/** A gateway for an Apollo Server: `new ApolloServer({ gateway })`. */
export interface PorticoGateway extends GatewayInterface {
  /**
   * Options for the ApolloServer that it works without, but faster and safer with: answers are not serialised twice, limits are
   * checked before validation, and nothing of the schema leaks into error messages.
   */
  serverOptions(): PorticoServerOptions;
  /** Whether there is a supergraph to serve. */
  isReady(): boolean;
}

export interface GatewayOptions extends Omit<GatewayParts, 'source' | 'build'> {
  /** The supergraph: its SDL, or where it comes from (a SupergraphManager of Apollo Gateway, `fileSource`). */
  readonly supergraphSdl: string | SupergraphSource;
  /** Whether identical queries in flight share one execution, and identical subgraph calls one call. Default true. */
  readonly dedupe?: boolean | undefined;
  /** How entity fetches to one subgraph that are ready together are sent. Default `alias`: as one request. */
  readonly entityBatching?: EntityBatching | undefined;
  /**
   * Whether a request with the header `portico-expose-query-plan: true` gets the plan of its operation and the calls made for it in
   * `extensions.queryPlan` (`dry-run`: the plan alone, nothing is executed). They show how the graph is cut. Default false.
   */
  readonly exposePlans?: boolean | undefined;
  /** Labels of `@override(label:)` that are on. `percent(n)` labels are rolled by themselves. */
  readonly overrideLabels?: readonly string[] | undefined;
  /** Calls to subgraphs. */
  readonly traffic?: Partial<TrafficOptions> | undefined;
  /**
   * A file that keeps the hottest operations over a restart: they are planned before the gateway is ready. Written when it stops.
   * Default: none.
   */
  readonly warmupFile?: string | undefined;
}

/** A federation gateway. Nothing runs before `load()`, which Apollo Server calls. */
export function createGateway(options: GatewayOptions): PorticoGateway {
  const engine: EngineOptions = {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    dedupe: options.dedupe ?? true,
    entityBatching: options.entityBatching ?? 'alias',
    exposePlans: options.exposePlans ?? false,
    overrideLabels: options.overrideLabels ?? [],
    traffic: options.traffic ?? {},
    warmupFile: options.warmupFile,
  };
  const build = createGenerationBuilder(() => engine);
  return assembleGateway({ ...options, source: options.supergraphSdl, build });
}

export interface GatewayParts {
  readonly source: string | SupergraphSource;
  readonly build: BuildGeneration;
  readonly warmupFile?: string | undefined;
  /** What one document may ask for; what is not given has its default. */
  readonly limits?: Partial<OperationLimits> | undefined;
  /** Whether clients may ask for the schema; works with `serverOptions()`. Default false. */
  readonly introspection?: boolean | undefined;
  /** Total time of a request in an Apollo Server of the user's own, in milliseconds; default 10 s. Our edge brings its own. */
  readonly deadlineMs?: number | undefined;
  /** See GenerationsOptions. */
  readonly drainMs?: number | undefined;
}

/** A gateway whose options can change while it runs. */
export interface AssembledGateway extends PorticoGateway {
  /** Serves the current supergraph with what `build` makes of it now. Errors: as BuildGeneration; nothing changes then. */
  rebuild(): Promise<void>;
}

/** The gateway around any way to build a generation. */
export function assembleGateway(parts: GatewayParts): AssembledGateway {
  return new Gateway(parts);
}

class Gateway implements AssembledGateway {
  readonly #parts: GatewayParts;
  readonly #generations: Generations;
  /** Each callback with the generation it was last told about. */
  readonly #listeners = new Map<
    symbol,
    { readonly callback: GatewaySchemaLoadOrUpdateCallback; told: Generation | undefined }
  >();
  #loading: Promise<void> | undefined;
  /** Servers that use it: it stops with the last one. */
  #users = 0;
  #cleanup: (() => Promise<void>) | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#generations = new Generations({
      build: parts.build,
      onSwap: () => this.#announce(),
      drainMs: parts.drainMs,
    });
  }

  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): GatewayUnsubscriber {
    const key = Symbol('listener');
    this.#listeners.set(key, { callback, told: undefined });
    return () => void this.#listeners.delete(key);
  }

  async load(): Promise<GatewayLoadResult> {
    this.#users++;
    try {
      await (this.#loading ??= this.#start());
    } catch (error) {
      this.#users--;
      this.#loading = undefined;
      throw error;
    }
    this.#tellListeners();
    return { executor: createExecutor(this.#generations, this.#parts.deadlineMs ?? 10_000) };
  }

  async stop(): Promise<void> {
    if (--this.#users > 0) return;
    await this.#cleanup?.();
    await this.#keepHottest();
    await this.#generations.stop();
  }

  serverOptions(): PorticoServerOptions {
    const { limits, introspection } = this.#parts;
    return serverOptions({ limits: { ...DEFAULT_LIMITS, ...limits }, introspection });
  }

  async rebuild(): Promise<void> {
    await this.#generations.rebuild();
  }

  isReady(): boolean {
    return this.#generations.current !== undefined;
  }

  async #start(): Promise<void> {
    const { source } = this.#parts;
    if (typeof source === 'string') {
      await this.#generations.install(source);
      return;
    }
    const { supergraphSdl, cleanup } = await source.initialize({
      update: (sdl) => void this.#generations.offer(sdl),
    });
    this.#cleanup = cleanup;
    try {
      await this.#generations.install(supergraphSdl);
    } catch (error) {
      // A good one may have been offered meanwhile.
      if (this.isReady()) return;
      await cleanup?.();
      throw error;
    }
  }

  async #keepHottest(): Promise<void> {
    const { warmupFile } = this.#parts;
    const hottest = this.#generations.current?.hottest() ?? [];
    if (warmupFile === undefined || hottest.length === 0) return;
    try {
      await writeWarmupFile(warmupFile, hottest);
    } catch (error) {
      notices.publish({ level: 'warn', message: 'The warm-up file cannot be written', details: { warmupFile }, error });
    }
  }

  /** After a swap nobody can be told that a server refused the schema, so the log is. */
  #announce(): void {
    try {
      this.#tellListeners();
    } catch (error) {
      notices.publish({ level: 'error', message: 'A server did not accept the new schema', error });
    }
  }

  /** Tells each listener once about the current generation. Errors: what a listener throws; it is told again next time. */
  #tellListeners(): void {
    const { current } = this.#generations;
    if (current === undefined) return;
    const { apiSchema, sdl } = current.supergraph;
    for (const listener of this.#listeners.values()) {
      if (listener.told === current) continue;
      listener.callback({ apiSchema, coreSupergraphSdl: sdl });
      listener.told = current;
    }
  }
}
