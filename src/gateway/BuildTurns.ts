/**
 * Whose turn it is to build a generation: few at a time, and of the offers that wait only the last.
 *
 * A build takes seconds of a processor. If each offer began at once, a file that is written again and again would have builds slow each other
 * down until none ends; if they queued, each would be built though nobody wants it any more.
 */
export class BuildTurns {
  readonly #max: number;
  #taken = 0;
  #waiting: ((isTurn: boolean) => void) | undefined;

  /** @param max builds at a time; more than one, or a build that hangs would keep out the supergraph that repairs it */
  constructor(max: number) {
    this.#max = max;
  }

  /** Gives true when the caller may build now. Whoever has had a turn says `done`. */
  tryTake(): boolean {
    if (this.#taken >= this.#max) return false;
    this.#taken++;
    return true;
  }

  /** When `tryTake` gave false: true when it is the caller's turn, false when a later offer has taken its place. */
  wait(): Promise<boolean> {
    this.#waiting?.(false);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  /** A build has ended. */
  done(): void {
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next === undefined) this.#taken--;
    else next(true);
  }

  /** Nobody who waits gets a turn. */
  close(): void {
    this.#waiting?.(false);
    this.#waiting = undefined;
  }
}
