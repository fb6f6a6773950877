/**
 * A plan that has run this long, ms, is slow. Ordinary plans take a few ms and the largest some hundred: operations that exhaust the
 * planner until its deadline would otherwise hold up all others as soon as there are as many of them as places.
 */
const SLOW_MS = 500;

/** Counts the plans under way: `size` at the same time, and as many again that turned out slow. */
export class PlanPlaces {
  readonly #size: number;
  readonly #onSlow: () => void;
  #taken = 0;
  #slow = 0;

  /** `onSlow` is called when a slow plan has given its place to others. */
  constructor(size: number, onSlow: () => void) {
    this.#size = size;
    this.#onSlow = onSlow;
  }

  get free(): boolean {
    return this.#taken < this.#size;
  }

  /** Threads that can be busy now. */
  get threads(): number {
    return this.#size + this.#slow;
  }

  /** Takes a place; call the result when the plan is over. */
  take(): () => void {
    this.#taken += 1;
    let slow = false;
    const timer = setInterval(() => {
      if (this.#slow >= this.#size) return;
      clearInterval(timer);
      slow = true;
      this.#slow += 1;
      this.#taken -= 1;
      this.#onSlow();
    }, SLOW_MS);
    return () => {
      clearInterval(timer);
      if (slow) this.#slow -= 1;
      else this.#taken -= 1;
    };
  }
}
