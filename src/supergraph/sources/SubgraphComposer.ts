import { createHash } from 'node:crypto';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { notices } from '../../base/telemetry/channels.js';
import type { Composition, SubgraphSdl } from '../compose/compose.js';
import { composeInWorker } from '../compose/composeInWorker.js';
import { CompositionError } from '../compose/CompositionError.js';
import type { CompositionProblem } from '../compose/problems.js';
import { KeptSchemas } from './KeptSchemas.js';
import type { SubgraphDefinition } from './SubgraphDefinition.js';
import { SubgraphWatcher } from './SubgraphWatcher.js';
import type { SubgraphWatcherOptions } from './SubgraphWatcher.js';

export interface SubgraphComposerOptions extends SubgraphWatcherOptions {
  /** Folder for the last good schemas of running subgraphs; `false` for none. Default `.portico`. */
  readonly keepIn?: string | false | undefined;
  /** What one composition may take, in milliseconds. Default 60 s. */
  readonly composeTimeoutMs?: number | undefined;
  /** Default: in a worker thread. */
  readonly compose?: typeof composeInWorker | undefined;
}

/** A composition that could not be finished is tried again after this long, then twice as long, to the second figure. */
const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 300_000;

/** Keeps a set of subgraphs composed while they change. One composition runs at a time, and always of the newest schemas. */
export class SubgraphComposer {
  readonly #update: (supergraphSdl: string) => void;
  readonly #options: SubgraphComposerOptions;
  readonly #kept: KeptSchemas | undefined;
  readonly #stop = new AbortController();
  /** All that must be stopped. */
  readonly #following = new Set<SubgraphWatcher>();
  /** Those of the current list, by name. */
  #watchers = new Map<string, SubgraphWatcher>();
  /** What was composed last, whether it composed or not: it is not tried again. */
  #tried = '';
  #offered: string | undefined;
  #failing = false;
  #interruptions = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Work on the set, one piece after another. */
  #queue: Promise<unknown> = Promise.resolve();
  #started = false;

  constructor(update: (supergraphSdl: string) => void, options: SubgraphComposerOptions) {
    this.#update = update;
    this.#options = options;
    this.#kept = options.keepIn === false ? undefined : new KeptSchemas(options.keepIn ?? '.portico');
  }

  /** Reads all schemas and composes them: the first supergraph. Errors: see `subgraphsSource`. */
  start(definitions: readonly SubgraphDefinition[]): Promise<string> {
    return this.#enqueue(() => this.#start(definitions));
  }

  async #start(definitions: readonly SubgraphDefinition[]): Promise<string> {
    await this.#watch(definitions);
    const missing = await this.#fillFromKept();
    const subgraphs = this.#readable();
    if (subgraphs.length === 0 && missing.length > 0) throw noneReadable(missing);
    const { supergraphSdl } = await this.#composeFirst(subgraphs, missing);
    this.#offered = supergraphSdl;
    this.#started = true;
    // What came while composing.
    this.#changed();
    return supergraphSdl;
  }

  /** Another list of subgraphs. Schemas of those that stay, or only change their name or place, stay until new ones can be read. */
  async replace(read: () => Promise<readonly SubgraphDefinition[]>): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#stop.signal.aborted) return;
      try {
        await this.#watch(await read());
        for (const watcher of await this.#fillFromKept()) report('error', 'it is left out', watcher);
        await this.#compose();
      } catch (error) {
        notices.publish({ level: 'error', message: 'The list of subgraphs is wrong, the old one stays in use', error });
      }
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#retry);
    for (const watcher of this.#following) watcher.stop();
    await this.#queue;
  }

  /** Follows exactly these subgraphs. */
  async #watch(definitions: readonly SubgraphDefinition[]): Promise<void> {
    const before = this.#watchers;
    const bySchema = new Map(
      [...before.values()].map((watcher) => [JSON.stringify(watcher.definition.schema), watcher]),
    );
    const next = new Map<string, SubgraphWatcher>();
    const fresh: SubgraphWatcher[] = [];
    for (const definition of definitions) {
      const former = before.get(definition.name);
      if (former !== undefined && JSON.stringify(former.definition) === JSON.stringify(definition)) {
        next.set(definition.name, former);
        continue;
      }
      const watcher = new SubgraphWatcher(definition, this.#options, () => this.#changed());
      this.#following.add(watcher);
      next.set(definition.name, watcher);
      fresh.push(watcher);
    }
    await Promise.all(fresh.map((watcher) => watcher.start()));
    for (const watcher of fresh) {
      const { name, schema } = watcher.definition;
      const former = before.get(name) ?? bySchema.get(JSON.stringify(schema));
      if (former?.sdl !== undefined) watcher.assume(former.sdl);
    }
    for (const watcher of before.values()) {
      if (next.get(watcher.definition.name) === watcher) continue;
      watcher.stop();
      this.#following.delete(watcher);
    }
    this.#watchers = next;
  }

  /** Lends services that are down the schema of an earlier run; gives the subgraphs that still have none. Errors: a file at the start. */
  async #fillFromKept(): Promise<SubgraphWatcher[]> {
    const missing: SubgraphWatcher[] = [];
    for (const watcher of this.#watchers.values()) {
      const { definition, problem, sdl } = watcher;
      if (problem === undefined || sdl !== undefined) continue;
      const { name, schema } = definition;
      if (schema.kind !== 'service' && !this.#started) throw named(name, problem);
      const kept = schema.kind === 'service' ? await this.#kept?.read(name, schema.url) : undefined;
      if (kept === undefined) missing.push(watcher);
      else {
        watcher.assume(kept.sdl);
        report('warn', `using the one kept at ${kept.keptAt}`, watcher);
      }
    }
    return missing;
  }

  async #composeFirst(subgraphs: readonly SubgraphSdl[], missing: readonly SubgraphWatcher[]): Promise<Composition> {
    try {
      const composition = await this.#run(subgraphs);
      for (const watcher of missing) report('error', 'starting without it', watcher);
      return composition;
    } catch (error) {
      if (!(error instanceof CompositionError)) throw error;
      const earlier = await this.#composeKept(subgraphs);
      if (earlier === undefined) throw new CompositionError([...missing.map(missingProblem), ...error.problems]);
      this.#failing = true;
      const message = 'The subgraphs do not compose, starting with schemas of an earlier run';
      notices.publish({ level: 'error', message, error });
      return earlier;
    }
  }

  /** What the services published last may not compose, while what is on disk did: a restart must not be worse than none. */
  async #composeKept(subgraphs: readonly SubgraphSdl[]): Promise<Composition | undefined> {
    const earlier = await Promise.all(
      subgraphs.map(async (subgraph) => {
        const schema = this.#watchers.get(subgraph.name)?.definition.schema;
        const kept = schema?.kind === 'service' ? await this.#kept?.read(subgraph.name, schema.url) : undefined;
        return kept === undefined ? subgraph : { ...subgraph, sdl: kept.sdl };
      }),
    );
    if (earlier.every(({ sdl }, i) => sdl === subgraphs[i]!.sdl)) return undefined;
    try {
      return await this.#composeAll(earlier);
    } catch {
      return undefined;
    }
  }

  #changed(): void {
    if (this.#started) void this.#enqueue(() => this.#compose());
  }

  /** Composes what there is now, unless that was done; offers what is new. Never rejects. */
  async #compose(): Promise<void> {
    const subgraphs = this.#readable();
    if (this.#stop.signal.aborted || fingerprint(subgraphs) === this.#tried) return;
    clearTimeout(this.#retry);
    try {
      const { supergraphSdl, hints } = await this.#run(subgraphs);
      if (this.#stop.signal.aborted) return;
      if (this.#failing) notices.publish({ level: 'info', message: 'The subgraphs compose again' });
      this.#failing = false;
      if (supergraphSdl === this.#offered) return;
      this.#offered = supergraphSdl;
      const details = { subgraphs: subgraphs.length, hints: hints.length };
      notices.publish({ level: 'info', message: 'The subgraphs were composed anew', details });
      this.#update(supergraphSdl);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof CompositionError) this.#failing = true;
      else this.#tryAgain();
      const message = 'The subgraphs could not be composed, the supergraph before serves on';
      notices.publish({ level: 'error', message, error });
    }
  }

  /** Errors: as composeInWorker. */
  async #run(subgraphs: readonly SubgraphSdl[]): Promise<Composition> {
    try {
      const composition = await this.#composeAll(subgraphs);
      this.#tried = fingerprint(subgraphs);
      this.#interruptions = 0;
      await this.#keep(subgraphs);
      return composition;
    } catch (error) {
      if (error instanceof CompositionError) this.#tried = fingerprint(subgraphs);
      throw error;
    }
  }

  #composeAll(subgraphs: readonly SubgraphSdl[]): Promise<Composition> {
    const compose = this.#options.compose ?? composeInWorker;
    return compose(subgraphs, { timeoutMs: this.#options.composeTimeoutMs, signal: this.#stop.signal });
  }

  #tryAgain(): void {
    const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#interruptions++);
    this.#retry = setTimeout(() => this.#changed(), delay).unref();
  }

  async #keep(subgraphs: readonly SubgraphSdl[]): Promise<void> {
    for (const { name, sdl } of subgraphs) {
      const schema = this.#watchers.get(name)?.definition.schema;
      if (schema?.kind === 'service') await this.#kept?.write(name, schema.url, sdl);
    }
  }

  #readable(): SubgraphSdl[] {
    return [...this.#watchers.values()].flatMap(({ definition, sdl }) => {
      const { name, url, schema } = definition;
      const file = 'shownAs' in schema ? schema.shownAs : undefined;
      return sdl === undefined ? [] : [{ name, url, sdl, file }];
    });
  }

  #enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }
}

function fingerprint(subgraphs: readonly SubgraphSdl[]): string {
  return createHash('sha256').update(JSON.stringify(subgraphs)).digest('base64');
}

function report(level: 'warn' | 'error', consequence: string, { definition, problem }: SubgraphWatcher): void {
  const message = `The schema of subgraph "${definition.name}" cannot be read, ${consequence}`;
  notices.publish({ level, message, details: { subgraph: definition.name }, error: problem });
}

function noneReadable(missing: readonly SubgraphWatcher[]): PorticoError {
  const reasons = missing.map(({ definition, problem }) => `${definition.name}: ${problem?.message}`);
  return new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', `The schema of no subgraph can be read: ${reasons.join('; ')}`);
}

function named(name: string, problem: PorticoError): PorticoError {
  return new PorticoError(problem.code, `The schema of subgraph "${name}": ${problem.message}`, {
    cause: problem.cause,
  });
}

function missingProblem({ definition, problem }: SubgraphWatcher): CompositionProblem {
  const message = `The schema of subgraph "${definition.name}" is not there: ${problem?.message}`;
  return { severity: 'error', code: 'SUBGRAPH_SDL_UNAVAILABLE', message, places: [] };
}
