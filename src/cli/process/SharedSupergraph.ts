import type { ChildProcess } from 'node:child_process';

import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import type { PrimaryMessage } from './messages.js';

/**
 * One supergraph for all serving processes: the primary composes it and follows its changes once, whatever their number. A serving process
 * asks for it when it starts (see primarySource) and gets each newer one.
 */
export class SharedSupergraph {
  readonly #source: SupergraphSource;
  readonly #asking = new Set<ChildProcess>();
  #latest: string | undefined;
  #cleanup: (() => Promise<void>) | undefined;

  constructor(source: SupergraphSource) {
    this.#source = source;
  }

  /** Errors: as the source's `initialize`. */
  async start(): Promise<void> {
    const { supergraphSdl, cleanup } = await this.#source.initialize({ update: (sdl) => this.#offer(sdl) });
    this.#cleanup = cleanup;
    // A newer one may have come first.
    if (this.#latest === undefined) this.#offer(supergraphSdl);
  }

  /** Call when a serving process has asked. */
  give(child: ChildProcess): void {
    this.#asking.add(child);
    child.once('exit', () => this.#asking.delete(child));
    if (this.#latest !== undefined) send(child, this.#latest);
  }

  async stop(): Promise<void> {
    await this.#cleanup?.();
  }

  #offer(sdl: string): void {
    this.#latest = sdl;
    for (const child of this.#asking) send(child, sdl);
  }
}

function send(child: ChildProcess, sdl: string): void {
  if (child.connected) child.send({ kind: 'supergraph', sdl } satisfies PrimaryMessage, () => {});
}
