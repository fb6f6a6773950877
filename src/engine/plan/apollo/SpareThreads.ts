/** The first thread is alone for this long unless it is not enough: what starts beside the gateway needs the processor more. ms. */
const ALONE_MS = 1_000;

/** When the threads beside the first one are started: a moment after it is ready, or as soon as it is not enough. */
export class SpareThreads {
  readonly #onDue: () => void;
  #state: NodeJS.Timeout | 'due' | undefined;

  /** `onDue` is called when the moment has passed. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Whether they may start; asked when the first thread is ready and later. @param needed there is more to do than it can take */
  isDue(needed: boolean): boolean {
    if (this.#state === 'due') return true;
    if (needed) {
      this.close();
      this.#state = 'due';
      return true;
    }
    this.#state ??= setTimeout(() => {
      this.#state = 'due';
      this.#onDue();
    }, ALONE_MS).unref();
    return false;
  }

  close(): void {
    if (typeof this.#state === 'object') clearTimeout(this.#state);
  }
}
