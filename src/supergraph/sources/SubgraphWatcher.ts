import type { Dispatcher } from 'undici';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { watchFile } from '../../base/kit/watchFile.js';
import { notices } from '../../base/telemetry/channels.js';
import { readSdl } from './readSdl.js';
import type { SubgraphDefinition } from './SubgraphDefinition.js';

export interface SubgraphWatcherOptions {
  /** How often a running subgraph is asked, in milliseconds, give or take a fifth. Default 10 s. */
  readonly pollMs?: number | undefined;
  /** What one question may take, in milliseconds. Default 5 s. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of one schema. Default 10 MB. */
  readonly maxSdlBytes?: number | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  /** Quiet time after a change of a file, in milliseconds. Default 100. */
  readonly debounceMs?: number | undefined;
}

/** After the first failure a subgraph is asked again soon: it may just be starting. */
const FIRST_RETRY_MS = 1000;
/** A subgraph that stays down is asked at least this often (or at its poll interval, if that is longer). */
const LAST_RETRY_MS = 30_000;

/** Follows the SDL of one subgraph: the last one that could be read. A failed reading never loses it. */
export class SubgraphWatcher {
  readonly definition: SubgraphDefinition;
  readonly #options: SubgraphWatcherOptions;
  readonly #onChange: () => void;
  readonly #stop = new AbortController();
  #sdl: string | undefined;
  #problem: PorticoError | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();
  #file: { close(): void } | undefined;

  /** @param onChange called when `sdl` has changed, after the first reading */
  constructor(definition: SubgraphDefinition, options: SubgraphWatcherOptions, onChange: () => void) {
    this.definition = definition;
    this.#options = options;
    this.#onChange = onChange;
  }

  /** The last SDL that could be read; undefined when there was none yet. */
  get sdl(): string | undefined {
    return this.#sdl;
  }
  /** Why the last reading failed; undefined when it did not. */
  get problem(): PorticoError | undefined {
    return this.#problem;
  }

  /** An SDL to go on with until one can be read. */
  assume(sdl: string): void {
    this.#sdl ??= sdl;
  }

  /** Reads once and follows from then on. Never rejects: see `problem`. */
  async start(): Promise<void> {
    const { schema } = this.definition;
    if (schema.kind === 'file' || schema.kind === 'module') {
      const { debounceMs } = this.#options;
      this.#file = watchFile(schema.path, () => this.#readNext(), { debounceMs });
    }
    await (this.#reading = this.#read());
    this.#schedule();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#file?.close();
  }

  /** One reading after another: a slow one must not overwrite what a later one found. */
  #readNext(): void {
    this.#reading = this.#reading.then(() => this.#readAgain());
  }

  async #readAgain(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const before = this.#sdl;
    const failedBefore = this.#problem !== undefined;
    await this.#read();
    if (this.#stop.signal.aborted) return;
    this.#schedule();
    const details = { subgraph: this.definition.name };
    if (this.#problem === undefined) {
      if (failedBefore)
        notices.publish({ level: 'info', message: 'The schema of a subgraph can be read again', details });
    } else if (!failedBefore) {
      const message = 'The schema of a subgraph cannot be read, the last one stays in use';
      notices.publish({ level: 'warn', message, details, error: this.#problem });
    }
    if (this.#sdl !== before) this.#onChange();
  }

  async #read(): Promise<void> {
    try {
      const { timeoutMs, maxSdlBytes, dispatcher } = this.#options;
      const limits = { timeoutMs, maxBytes: maxSdlBytes, dispatcher, signal: this.#stop.signal };
      const sdl = await readSdl(this.definition.schema, limits);
      if (this.#stop.signal.aborted) return;
      this.#sdl = sdl;
      this.#problem = undefined;
      this.#failures = 0;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      // Whatever it was, the next reading comes.
      this.#problem =
        error instanceof PorticoError
          ? error
          : new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', String(error), { cause: error });
      this.#failures++;
    }
  }

  /** Many gateways ask one subgraph: the interval varies, so that they do not ask together. */
  #schedule(): void {
    if (this.definition.schema.kind !== 'service' || this.#stop.signal.aborted) return;
    const pollMs = this.#options.pollMs ?? 10_000;
    const first = Math.min(FIRST_RETRY_MS, pollMs);
    const delay =
      this.#failures === 0 ? pollMs : Math.min(Math.max(LAST_RETRY_MS, pollMs), first * 2 ** (this.#failures - 1));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#readNext(), delay * (0.8 + Math.random() * 0.4)).unref();
  }
}
