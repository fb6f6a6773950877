import type { Clock } from '../../../base/kit/Clock.js';
import { systemClock } from '../../../base/kit/Clock.js';
import { notices, sheddings } from '../../../base/telemetry/channels.js';

export interface OverloadOptions {
  /** GraphQL requests in this process at the same time. Default 500. */
  readonly maxInFlight: number;
  /** Delay of the event loop beyond which nothing new is taken, in milliseconds; undefined: no matter. */
  readonly maxEventLoopLagMs: number | undefined;
  /** Share of the heap's limit in use beyond which nothing new is taken, 0 to 1; undefined: no matter. */
  readonly maxHeapShare: number | undefined;
}

/** How the process is doing. */
export interface OverloadSignals {
  /** Since the last call, in milliseconds. */
  lagMs(): number;
  /** 0 to 1. */
  heapShare(): number;
}

export type SheddingReason = 'in_flight' | 'event_loop' | 'heap';

/** Signals are looked at this often, when requests come; in milliseconds. */
const SAMPLE_MS = 250;
/** More refusals than this in a window are sustained shedding: balancers are told to go elsewhere (Apollo Router's figures). */
const ALLOWED_REFUSALS = 100;
const WINDOW_MS = 5000;
const UNREADY_MS = 10_000;

/**
 * Decides at the door whether a request is taken. One that is not costs next to nothing: its body is never parsed.
 *
 * Nothing runs by itself: state changes with the requests that come, so there is nothing to get stuck. No class of requests goes before
 * another. HOT: two comparisons and a clock reading per request.
 */
export class OverloadGuard {
  #options: OverloadOptions;
  readonly #signals: OverloadSignals;
  readonly #clock: Clock;
  #inFlight = 0;
  #sampledAt = -Infinity;
  #isLagging = false;
  /** One long pause is a garbage collection; two samples in a row are a condition. */
  #wasLagging = false;
  #isFull = false;
  #windowFrom = -Infinity;
  #refusals = 0;
  #unreadyUntil = -Infinity;

  constructor(options: OverloadOptions, signals: OverloadSignals, clock: Clock = systemClock) {
    this.#options = options;
    this.#signals = signals;
    this.#clock = clock;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** False for a while after sustained shedding. */
  get isReady(): boolean {
    return this.#clock.monotonic() >= this.#unreadyUntil;
  }

  reconfigure(options: OverloadOptions): void {
    this.#options = options;
  }

  /** Gives why a request is refused; undefined when it is taken: call `leave` when it has ended. */
  enter(): SheddingReason | undefined {
    const now = this.#clock.monotonic();
    if (now - this.#sampledAt >= SAMPLE_MS) this.#sample(now);
    const reason = this.#reason();
    if (reason === undefined) this.#inFlight++;
    else this.#refuse(now, reason);
    return reason;
  }

  /** Takes one back that was taken before and has left meanwhile. */
  enterAgain(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
  }

  #reason(): SheddingReason | undefined {
    if (this.#inFlight >= this.#options.maxInFlight) return 'in_flight';
    if (this.#isFull) return 'heap';
    return this.#isLagging && this.#wasLagging ? 'event_loop' : undefined;
  }

  #sample(now: number): void {
    const { maxEventLoopLagMs, maxHeapShare } = this.#options;
    this.#sampledAt = now;
    this.#wasLagging = this.#isLagging;
    this.#isLagging = maxEventLoopLagMs !== undefined && this.#signals.lagMs() > maxEventLoopLagMs;
    this.#isFull = maxHeapShare !== undefined && this.#signals.heapShare() > maxHeapShare;
  }

  #refuse(now: number, reason: SheddingReason): void {
    if (now - this.#windowFrom >= WINDOW_MS) {
      this.#windowFrom = now;
      this.#refusals = 0;
      const details = { reason, inFlight: this.#inFlight };
      if (notices.hasSubscribers) notices.publish({ level: 'warn', message: 'Overloaded, shedding requests', details });
    }
    if (++this.#refusals > ALLOWED_REFUSALS) this.#unreadyUntil = now + UNREADY_MS;
    if (sheddings.hasSubscribers) sheddings.publish({ reason, inFlight: this.#inFlight });
  }
}
