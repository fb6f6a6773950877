import { EventEmitter } from 'node:events';

import CircuitBreaker from 'opossum';

import type { Clock } from '../../base/kit/Clock.js';
import { circuitTransitions } from '../../base/telemetry/channels.js';
import type { CircuitState } from '../../base/telemetry/channels.js';

/** When a breaker opens, and when it closes again. */
export interface BreakerOptions {
  /** Default true. */
  readonly enabled: boolean;
  /** Share of failures in the window that opens it. Percent, default 50. */
  readonly errorThreshold: number;
  /** Calls in the window below which it never opens. Default 20. */
  readonly volumeThreshold: number;
  /** How far back it looks. Milliseconds, default 10,000. */
  readonly rollingWindowMs: number;
  /** How long it stays open before it lets probes through. Milliseconds, default 5000. */
  readonly resetTimeoutMs: number;
  /** Probes that a half-open one lets through. Default 3. */
  readonly halfOpenAttempts: number;
  /** Probes that must succeed before it closes. Default 2. */
  readonly requiredSuccesses: number;
  /** HTTP statuses that are failures: `503`, `5xx`. Default all 5xx. */
  readonly errorStatusCodes: readonly string[];
  /** `extensions.code`s of GraphQL errors that are failures. Default none. */
  readonly errorCodes: readonly string[];
}

export const DEFAULT_BREAKER_OPTIONS: BreakerOptions = {
  enabled: true,
  errorThreshold: 50,
  volumeThreshold: 20,
  rollingWindowMs: 10_000,
  resetTimeoutMs: 5000,
  halfOpenAttempts: 3,
  requiredSuccesses: 2,
  errorStatusCodes: ['5xx'],
  errorCodes: [],
};

/** What a breaker stands before. */
export interface BreakerScope {
  readonly subgraph: string;
  /** One of several endpoints. */
  readonly endpoint?: string | undefined;
  /** Calls that carry this field, as `Query.search`. */
  readonly coordinate?: string | undefined;
}

/** `neutral`: tells nothing about the subgraph (nobody waited any more, or the gateway itself refused). */
export type Outcome = 'success' | 'failure' | 'neutral';

/** The ticket of a call that is not let through. */
export const REFUSED = -1;
const BUCKETS = 10;
/** opossum opens above its threshold; ours is reached. */
const HAIR = 1e-9;
const FAILED = new Error('failed');

/**
 * A circuit breaker: opossum's rolling window and its judgement when to open, inside a state machine of our own.
 *
 * Calls do not run inside opossum; it is told how they ended. So calls that are refused, that nobody waits for any more, or that began
 * before the last change of state never reach its window: they neither dilute the rate nor close a half-open breaker (opossum counts
 * all of these). It has no timer: buckets turn and the pause ends when the next call looks at the clock, so thousands of breakers
 * cost nothing while they rest, and a test's clock turns everything.
 *
 * HOT: `admit` and `settle` once per attempt. Bench: bench/upstream.ts.
 */
export class Breaker {
  readonly scope: BreakerScope;
  readonly options: BreakerOptions;
  readonly #clock: Clock;
  readonly #rotation: EventEmitter;
  readonly #window: CircuitBreaker<[], never>;
  #state: CircuitState;
  /** Changes with every change of state: which state a call was let through in. */
  #era: number;
  #bucketEndsAt: number;
  readonly #bucketMs: number;
  #opensAgainAt: number;
  #probes: number;
  #successes: number;
  /** A failure was counted while there were too few calls to judge: a success may complete the number. */
  #awaitsVolume: boolean;

  constructor(scope: BreakerScope, options: BreakerOptions, clock: Clock) {
    this.scope = scope;
    this.options = options;
    this.#clock = clock;
    this.#rotation = new EventEmitter();
    this.#window = new CircuitBreaker(fail, {
      timeout: false,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: this.#rotation,
      rollingCountTimeout: options.rollingWindowMs,
      rollingCountBuckets: BUCKETS,
      volumeThreshold: options.volumeThreshold,
      errorThresholdPercentage: options.errorThreshold - HAIR,
    });
    // opossum's own listener starts its timer for the half-open state. Ours is the only one.
    this.#window.removeAllListeners('open');
    this.#window.on('open', () => this.#open());
    this.#state = 'closed';
    this.#era = 0;
    this.#bucketMs = options.rollingWindowMs / BUCKETS;
    this.#bucketEndsAt = clock.monotonic() + this.#bucketMs;
    this.#opensAgainAt = 0;
    this.#probes = 0;
    this.#successes = 0;
    this.#awaitsVolume = false;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Milliseconds until an open one lets a probe through; 0 when it is not open. */
  get retryInMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#opensAgainAt - this.#clock.monotonic()) : 0;
  }

  /** Whether `admit` would let a call through now; takes no place. */
  wouldAdmit(): boolean {
    switch (this.#state) {
      case 'closed':
      case 'forced_closed':
        return true;
      case 'open':
        return this.#clock.monotonic() >= this.#opensAgainAt;
      case 'half_open':
        return this.#probes < this.options.halfOpenAttempts;
      case 'forced_open':
        return false;
    }
  }

  /** Lets one call through, or gives REFUSED. Every ticket must come back by `settle`. */
  admit(): number {
    if (this.#state === 'closed' || this.#state === 'forced_closed') return this.#era;
    if (!this.wouldAdmit()) return REFUSED;
    if (this.#state === 'open') this.#become('half_open');
    this.#probes++;
    return this.#era;
  }

  /** How the call with this ticket ended. Calls let through before the last change of state change nothing. */
  settle(ticket: number, outcome: Outcome): void {
    if (ticket !== this.#era) return;
    if (this.#state === 'closed') this.#count(outcome);
    else if (this.#state === 'half_open') this.#judgeProbe(outcome);
  }

  /** Refuses every call until `release`. */
  forceOpen(): void {
    this.#become('forced_open');
  }

  /** Lets every call through, whatever happens, until `release`. */
  forceClosed(): void {
    this.#become('forced_closed');
  }

  /** Ends a forced state, or an open one: closed, with an empty window. */
  release(): void {
    this.#close();
  }

  /** Counts no more. */
  dispose(): void {
    this.#window.shutdown();
  }

  #count(outcome: Outcome): void {
    if (outcome === 'neutral') return;
    this.#turn();
    if (outcome === 'success') {
      // What opossum says to itself after a call that worked. Running one through it costs three promises and a microtask (1 µs a call).
      this.#window.emit('fire');
      this.#window.emit('success', undefined, 0);
    } else {
      // Failures are told synchronously and may open it here; see the constructor.
      this.#window.fire().catch(() => {});
    }
    if (this.#state !== 'closed' || (outcome === 'success' && !this.#awaitsVolume)) return;
    const { fires, failures } = this.#window.stats;
    this.#awaitsVolume = failures > 0 && fires < this.options.volumeThreshold;
    if (failures === 0 || this.#awaitsVolume) return;
    if ((failures / fires) * 100 >= this.options.errorThreshold - HAIR) this.#window.open();
  }

  #judgeProbe(outcome: Outcome): void {
    if (outcome === 'neutral') this.#probes--;
    else if (outcome === 'failure') this.#open();
    else if (++this.#successes >= this.options.requiredSuccesses) this.#close();
  }

  #open(): void {
    this.#opensAgainAt = this.#clock.monotonic() + this.options.resetTimeoutMs;
    this.#become('open');
  }

  #close(): void {
    this.#window.close();
    this.#clear();
    this.#become('closed');
  }

  #become(state: CircuitState): void {
    const from = this.#state;
    if (from === state) return;
    this.#state = state;
    this.#era++;
    this.#probes = 0;
    this.#successes = 0;
    if (!circuitTransitions.hasSubscribers) return;
    const { fires, failures } = this.#window.stats;
    circuitTransitions.publish({ ...this.scope, from, to: state, calls: fires, failures });
  }

  /** Moves the window to now. */
  #turn(): void {
    const now = this.#clock.monotonic();
    if (now < this.#bucketEndsAt) return;
    const passed = Math.floor((now - this.#bucketEndsAt) / this.#bucketMs) + 1;
    for (let bucket = Math.min(passed, BUCKETS); bucket > 0; bucket--) this.#rotation.emit('rotate');
    this.#bucketEndsAt += passed * this.#bucketMs;
  }

  #clear(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#rotation.emit('rotate');
    this.#awaitsVolume = false;
  }
}

/** opossum's action. What it throws is counted at once. */
function fail(): never {
  throw FAILED;
}
