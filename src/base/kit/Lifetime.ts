import type { Clock } from './Clock.js';

/** Why a lifetime ended before its work was done. */
export type LifetimeEnd = 'deadline' | 'cancelled';

/** Who is told of the end. */
export interface LifetimeWatcher {
  /** Called once at most, and not after `close`. */
  onLifetimeEnd(end: LifetimeEnd): void;
}

const nobody: LifetimeWatcher = { onLifetimeEnd: () => {} };

/**
 * The time a piece of work may take, and the news that nobody waits for it any more.
 *
 * A request has one; each subgraph call gets a child with what is left, at most its own limit. Cheaper than an
 * AbortController with `AbortSignal.timeout` (bench: libraries.md 3f, 26 against 60 µs a call): watchers are a plain array, and where there
 * is one per call they are the objects that there are anyway.
 *
 * Units: milliseconds on the monotonic clock: `performance.now()`, unless a Clock is given (a test turns it by hand).
 */
export class Lifetime implements LifetimeWatcher {
  /** When it ends by itself, on its clock. `Infinity` when it never does. */
  readonly endsAt: number;
  /** Whether its deadline is its own, earlier than that of the lifetime it is a part of. */
  readonly isPart: boolean;
  /** Set once, when it ended early or by its deadline. */
  ended: LifetimeEnd | undefined;
  #watchers: LifetimeWatcher[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopClock: (() => void) | undefined;
  #parent: Lifetime | undefined;
  /** Absent for the machine's. */
  readonly #clock: Clock | undefined;

  /**
   * @param timeoutMs how long it lasts; `Infinity` for no limit. The timer is armed at once and never keeps the process alive.
   * @param clock default: the machine's, without the detour
   * @param isPart see the property
   * @param now what its clock shows, for who has just looked
   */
  constructor(timeoutMs: number, clock?: Clock, isPart = false, now = readClock(clock)) {
    this.#clock = clock;
    this.isPart = isPart;
    this.endsAt = now + timeoutMs;
    this.ended = undefined;
    this.#watchers = undefined;
    this.#timer = undefined;
    this.#stopClock = undefined;
    this.#parent = undefined;
    if (timeoutMs === Infinity) return;
    if (clock !== undefined) this.#stopClock = clock.schedule(() => this.end('deadline'), timeoutMs);
    else {
      this.#timer = setTimeout(() => this.end('deadline'), Math.max(0, timeoutMs));
      this.#timer.unref();
    }
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.endsAt - readClock(this.#clock));
  }

  /** Ends it now. The first end wins; watchers are told once, in the order they came. */
  end(reason: LifetimeEnd): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    this.#release();
    const watchers = this.#watchers;
    if (watchers === undefined) return;
    for (const watcher of watchers) watcher.onLifetimeEnd(reason);
    this.#watchers = undefined;
  }

  /** The end of the lifetime it is a part of. */
  onLifetimeEnd(reason: LifetimeEnd): void {
    this.end(reason);
  }

  /** Tells `watcher` when it ends (at once if it already has). */
  watch(watcher: LifetimeWatcher): void {
    if (this.ended !== undefined) watcher.onLifetimeEnd(this.ended);
    else if (this.#watchers === undefined) this.#watchers = [watcher];
    else this.#watchers.push(watcher);
  }

  /** Takes a watcher off again. */
  unwatch(watcher: LifetimeWatcher): void {
    const watchers = this.#watchers;
    if (watchers === undefined) return;
    const at = watchers.lastIndexOf(watcher);
    if (at < 0) return;
    // While it ends the list is being read: taking one out would skip the next.
    if (this.ended !== undefined) watchers[at] = nobody;
    else if (at === watchers.length - 1) watchers.pop();
    else watchers.splice(at, 1);
  }

  /** As `watch`, for a function. Gives a function that takes it off again. */
  onEnd(listener: (end: LifetimeEnd) => void): () => void {
    const watcher: LifetimeWatcher = { onLifetimeEnd: listener };
    this.watch(watcher);
    return () => this.unwatch(watcher);
  }

  /** A lifetime inside this one: ends when this one ends, or after `timeoutMs`. Close it when the work is done. */
  child(timeoutMs: number): Lifetime {
    return this.shorter(timeoutMs) ?? this.#child(this.remainingMs(), this.isPart);
  }

  /** The same, where it makes a difference: undefined when this one ends no later anyway. */
  shorter(timeoutMs: number): Lifetime | undefined {
    const now = readClock(this.#clock);
    return this.endsAt - now <= timeoutMs ? undefined : this.#child(timeoutMs, true, now);
  }

  #child(timeoutMs: number, isPart: boolean, now?: number): Lifetime {
    const child = new Lifetime(timeoutMs, this.#clock, isPart, now);
    child.#parent = this;
    this.watch(child);
    return child;
  }

  /** Another lifetime on the same clock, which knows nothing of this one: of work that several wait for. */
  another(timeoutMs: number): Lifetime {
    return new Lifetime(timeoutMs, this.#clock);
  }

  /** The work is done: drops the timer and all watchers without telling them. */
  close(): void {
    this.#release();
    // While it ends they are being told.
    if (this.ended === undefined) this.#watchers = undefined;
  }

  #release(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#stopClock?.();
    this.#stopClock = undefined;
    this.#parent?.unwatch(this);
    this.#parent = undefined;
  }
}

function readClock(clock: Clock | undefined): number {
  return clock === undefined ? performance.now() : clock.monotonic();
}
