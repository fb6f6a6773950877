/** The longest a timer can be. */
const LONG_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive while something is awaited that has no socket. All of the gateway's own timers let the process end, and a test
 * runner that awaits a hanging request would end with it, in the middle of the test.
 */
export class KeepAlive {
  #holders = 0;
  #timer: NodeJS.Timeout | undefined;

  async during<Result>(work: Promise<Result>): Promise<Result> {
    if (this.#holders++ === 0) this.#timer = setInterval(() => {}, LONG_MS);
    try {
      return await work;
    } finally {
      if (--this.#holders === 0) clearInterval(this.#timer);
    }
  }
}
