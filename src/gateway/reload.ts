import type { GraphQLSchema } from 'graphql';

import { PorticoError } from '../base/errors/PorticoError.js';
import { notices } from '../base/telemetry/channels.js';
import { checkSdlText } from '../supergraph/sources/checkSdlText.js';
import { BuildTurns } from './BuildTurns.js';
import type { BuildGeneration, Generation } from './generation.js';

/** A generation in service, and how many executions run on it. */
export interface Served {
  readonly generation: Generation;
  running: number;
  closed: boolean;
}

export interface GenerationsOptions {
  readonly build: BuildGeneration;
  /** Called for each new generation, in order, when requests may use it. */
  readonly onSwap: (generation: Generation) => void;
  /**
   * How long a replaced generation stays open for requests that were validated on it and are not executing yet, in milliseconds;
   * default 10 s. Those that execute keep it open longer.
   */
  readonly drainMs?: number | undefined;
}

export type OfferResult = 'swapped' | 'unchanged' | 'superseded' | 'refused';

/** More replaced generations than this are not kept for stragglers: reloads in quick succession must not add up. */
const MAX_DRAINING = 3;
/** Builds at a time. */
const MAX_BUILDS = 2;

/**
 * The generations of one gateway: the current one, and replaced ones until their last request has ended.
 *
 * Two builds may overlap and end in any order: each has a number, and a late one never replaces a newer one. Of the offers that come meanwhile
 * the last is built next, the others never.
 */
export class Generations {
  readonly #options: GenerationsOptions;
  /** By the schema that requests were validated against: a request finds the generation that validated it, never "the current one". */
  readonly #bySchema = new WeakMap<GraphQLSchema, Served>();
  readonly #draining = new Map<Served, NodeJS.Timeout>();
  readonly #building = new Set<Promise<OfferResult>>();
  readonly #turns = new BuildTurns(MAX_BUILDS);
  #current: Served | undefined;
  #offered = 0;
  #installed = 0;
  #lastSdl: string | undefined;
  #stopped = false;

  constructor(options: GenerationsOptions) {
    this.#options = options;
  }

  get current(): Generation | undefined {
    return this.#current?.generation;
  }

  find(schema: GraphQLSchema): Served | undefined {
    return this.#bySchema.get(schema);
  }

  /** Builds and swaps. Errors: as BuildGeneration; the current generation stays in service. */
  async install(sdl: string): Promise<OfferResult> {
    if (this.#stopped) return 'superseded';
    if (sdl === this.#lastSdl) return 'unchanged';
    return this.#track(this.#install(sdl));
  }

  /** Builds the current supergraph anew, because something else that a generation is made of has changed. Errors: as `install`. */
  async rebuild(): Promise<OfferResult> {
    // A supergraph that is being built was offered first and goes first; else it would count as late.
    while (this.#building.size > 0) await Promise.allSettled(this.#building);
    if (this.#stopped || this.current === undefined) return 'superseded';
    return this.#track(this.#install(this.current.supergraph.sdl));
  }

  async #track(installing: Promise<OfferResult>): Promise<OfferResult> {
    this.#building.add(installing);
    try {
      return await installing;
    } finally {
      this.#building.delete(installing);
    }
  }

  async #install(sdl: string): Promise<OfferResult> {
    const number = ++this.#offered;
    this.#lastSdl = sdl;
    if (!this.#turns.tryTake() && !(await this.#turns.wait())) return 'superseded';
    let generation: Generation;
    try {
      checkSdlText(sdl);
      generation = await this.#options.build(sdl, this.current);
    } catch (error) {
      // The same text may be offered again, and a newer offer has its own opinion.
      if (number === this.#offered) this.#lastSdl = this.current?.supergraph.sdl;
      throw error;
    } finally {
      this.#turns.done();
    }
    if (this.#stopped || number < this.#installed) {
      await generation.close();
      return 'superseded';
    }
    this.#swap(generation, number);
    return 'swapped';
  }

  /** As `install`, for offers that nobody waits for: a refused one is a line in the log. */
  async offer(sdl: string): Promise<OfferResult> {
    const startedAt = performance.now();
    try {
      const result = await this.install(sdl);
      if (result === 'swapped') {
        const details = { supergraph: this.current?.supergraph.id, tookMs: Math.round(performance.now() - startedAt) };
        notices.publish({ level: 'info', message: 'The supergraph was replaced', details });
      }
      return result;
    } catch (error) {
      const details = {
        code: error instanceof PorticoError ? error.code : undefined,
        serving: this.current?.supergraph.id,
      };
      notices.publish({
        level: 'error',
        message: 'The new supergraph was refused, the old one serves on',
        details,
        error,
      });
      return 'refused';
    }
  }

  /** Call in pairs around an execution: a generation is not closed while one runs. */
  enter(served: Served): void {
    served.running++;
  }
  leave(served: Served): void {
    served.running--;
    if (served.running === 0 && served !== this.#current && !this.#draining.has(served)) void close(served);
  }

  /** Closes everything, at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#turns.close();
    const all = [...this.#draining.keys()];
    for (const timer of this.#draining.values()) clearTimeout(timer);
    this.#draining.clear();
    if (this.#current !== undefined) all.push(this.#current);
    await Promise.all(all.map(close));
  }

  #swap(generation: Generation, number: number): void {
    const replaced = this.#current;
    const served: Served = { generation, running: 0, closed: false };
    this.#installed = number;
    this.#current = served;
    this.#bySchema.set(generation.supergraph.apiSchema, served);
    this.#options.onSwap(generation);
    if (replaced === undefined) return;
    const timer = setTimeout(() => this.#retire(replaced), this.#options.drainMs ?? 10_000).unref();
    this.#draining.set(replaced, timer);
    for (const [oldest, itsTimer] of this.#draining) {
      if (this.#draining.size <= MAX_DRAINING) break;
      clearTimeout(itsTimer);
      this.#retire(oldest);
    }
  }

  #retire(served: Served): void {
    this.#draining.delete(served);
    if (served.running === 0) void close(served);
  }
}

async function close(served: Served): Promise<void> {
  if (served.closed) return;
  served.closed = true;
  try {
    await served.generation.close();
  } catch (error) {
    notices.publish({ level: 'warn', message: 'A replaced supergraph did not close cleanly', error });
  }
}
