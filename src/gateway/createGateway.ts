import type {
  GatewayInterface,
  GatewayLoadResult,
  GatewaySchemaLoadOrUpdateCallback,
  GatewayUnsubscriber,
} from '@apollo/server-gateway-interface';

import { PorticoError } from '../base/errors/PorticoError.js';
import { notices } from '../base/telemetry/channels.js';
import { serverOptions } from '../edge/apollo/serverOptions.js';
import type { PorticoServerOptions } from '../edge/apollo/serverOptions.js';
import { DEFAULT_LIMITS } from '../engine/operation/limits.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import { writeWarmupFile } from '../engine/plan/warmupFile.js';
import { Authentication } from '../request/authentication/Authentication.js';
import { LimitStores } from '../request/ratelimit/LimitStores.js';
import { createForeignPools, createPoolRegistry } from '../upstream/http/pools.js';
import { acceptGraph } from './acceptGraph.js';
import { createExecutor } from './createExecutor.js';
import { createGenerationBuilder } from './createGenerationBuilder.js';
import type { GenerationOptions } from './GenerationOptions.js';
import { engineOptions } from './engineOptions.js';
import type { GatewayOptions } from './GatewayOptions.js';
import type { BuildGeneration, Generation } from './generation.js';
import { logTo } from './logTo.js';
import { createManagerTools } from './managers/createManagerTools.js';
import type { ManagerTools } from './managers/createManagerTools.js';
import { readSettings, sourceOf } from './readSettings.js';
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

/**
 * A federation gateway. Nothing runs before `load()`, which Apollo Server calls.
 *
 * Errors: CONFIG_INVALID, with a line for each mistake in the options.
 */
export function createGateway<Context = unknown>(options: GatewayOptions<Context>): PorticoGateway {
  return createGatewayOf(options as GatewayOptions, {});
}

/** `createGateway` with parts that users do not choose: tests plan on their own thread (`workshop`). Errors: as there. */
export function createGatewayOf(
  options: GatewayOptions,
  parts: Pick<Partial<GenerationOptions>, 'workshop'>,
): PorticoGateway {
  const { supergraphSdl, dispatcher, logger, policies, restSubgraphs, ...rest } = options;
  const { willSendRequest, didReceiveResponse, decorate, sharingKey, ...settings } = rest;
  const loaded = readSettings(settings);
  const { config } = loaded;
  const engine: GenerationOptions = {
    ...engineOptions(config),
    ...parts,
    policies,
    restSubgraphs,
    limitStores: new LimitStores(),
    hooks: { willSendRequest, didReceiveResponse, decorate, sharingKey },
    accept: (supergraph, isFirst, ofFallbacks) =>
      acceptGraph(
        loaded,
        supergraph,
        isFirst,
        ofFallbacks,
        (problems) => new PorticoError('CONFIG_INVALID', problems.join('\n')),
      ),
  };
  // Managers ask subgraphs that are servers.
  const { restSubgraphs: _inCode, ...managed } = engine;
  const pools = dispatcher === undefined ? createPoolRegistry() : createForeignPools(dispatcher);
  return assembleGateway({
    source: sourceOf(supergraphSdl, config),
    build: createGenerationBuilder(() => engine, pools),
    tools: createManagerTools(managed, pools),
    startLog: () => logTo(logger),
    warmupFile: config.queryPlanner.warmup.file,
    limits: engine.limits,
    introspection: config.introspection,
    suggestions: config.errors.suggestions,
    deadlineMs: config.trafficShaping.router.timeout,
    authentication: new Authentication(config.authentication),
  });
}

type AnySource = NonNullable<GatewayOptions['supergraphSdl']>;

const NO_TOOLS: Omit<ManagerTools, 'close'> = {
  healthCheck: () => Promise.reject(new Error('This gateway has no healthCheck for SupergraphManagers')),
  getDataSource() {
    throw new Error('This gateway has no getDataSource for SupergraphManagers');
  },
};

export interface GatewayParts {
  readonly source: AnySource;
  readonly build: BuildGeneration;
  /** What managers may call; without them, managers that do are refused. */
  readonly tools?: ManagerTools | undefined;
  /** Called when it starts; gives what stops the log. Default: no log. */
  readonly startLog?: (() => () => void) | undefined;
  readonly warmupFile?: string | undefined;
  /** What one document may ask for; what is not given has its default. */
  readonly limits?: Partial<OperationLimits> | undefined;
  /** Whether clients may ask for the schema; works with `serverOptions()`. Default false. */
  readonly introspection?: boolean | undefined;
  /** Whether validation errors name what the client may have meant; works with `serverOptions()`. Default false. */
  readonly suggestions?: boolean | undefined;
  /** Total time of a request in an Apollo Server of the user's own, in milliseconds; default 10 s. Our edge brings its own. */
  readonly deadlineMs?: number | undefined;
  /** Who is asking, for requests that come through an Apollo Server of the user's own; started and stopped with the gateway. */
  readonly authentication?: Authentication | undefined;
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
  #stopLog: (() => void) | undefined;

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
    this.#stopLog ??= this.#parts.startLog?.();
    try {
      await (this.#loading ??= this.#start());
    } catch (error) {
      this.#loading = undefined;
      if (--this.#users === 0) {
        this.#parts.authentication?.close();
        await this.#parts.tools?.close();
        this.#endLog();
      }
      throw error;
    }
    this.#tellListeners();
    const { deadlineMs = 10_000, authentication } = this.#parts;
    return { executor: createExecutor(this.#generations, deadlineMs, authentication?.authenticate) };
  }

  async stop(): Promise<void> {
    if (--this.#users > 0) return;
    this.#parts.authentication?.close();
    await this.#cleanup?.();
    await this.#parts.tools?.close();
    await this.#keepHottest();
    await this.#generations.stop();
    this.#endLog();
  }

  serverOptions(): PorticoServerOptions {
    const { limits, introspection, suggestions } = this.#parts;
    return serverOptions({ limits: { ...DEFAULT_LIMITS, ...limits }, introspection, suggestions });
  }

  async rebuild(): Promise<void> {
    await this.#generations.rebuild();
  }

  isReady(): boolean {
    return this.#generations.current !== undefined;
  }

  async #start(): Promise<void> {
    this.#parts.authentication?.start();
    const { source } = this.#parts;
    if (typeof source === 'string') {
      await this.#generations.install(source);
      return;
    }
    const { healthCheck, getDataSource } = this.#parts.tools ?? NO_TOOLS;
    const update = (sdl: string): void => void this.#generations.offer(sdl);
    const tools = { update, healthCheck, getDataSource };
    const { supergraphSdl, cleanup } = await (typeof source === 'function' ? source(tools) : source.initialize(tools));
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

  #endLog(): void {
    this.#stopLog?.();
    this.#stopLog = undefined;
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
