import type { Adjustment, Group, Spending } from '../../request/ratelimit/Limiter.js';

/** JSON has no Infinity: `null` stands for it. */
export interface WiredSpending extends Pick<Spending, 'granted'> {
  readonly standings: ReadonlyArray<{
    readonly remaining: number;
    readonly retryAfterMs: number | null;
    readonly resetMs: number;
    readonly at: number;
  }>;
}

/** What the primary tells a serving process. With `connection` comes a socket. */
export type PrimaryMessage =
  | { readonly kind: 'connection'; readonly id: number }
  /** Say that you are leaving; connections still come. */
  | { readonly kind: 'drain' }
  /** Serve this from now on. */
  | { readonly kind: 'supergraph'; readonly sdl: string }
  /** What came of a `spend`. */
  | { readonly kind: 'spent'; readonly id: number; readonly spendings: readonly WiredSpending[] }
  /** No connection comes any more: finish and exit. */
  | { readonly kind: 'shutdown' };
/** What a serving process tells the primary. */
export type ServingMessage =
  | { readonly kind: 'received'; readonly id: number }
  /** It starts and has no supergraph of its own. */
  | { readonly kind: 'supergraph-wanted' }
  /** Charge these to the limits of this machine. */
  | { readonly kind: 'spend'; readonly id: number; readonly groups: readonly Group[] }
  /** Correct what was charged. */
  | { readonly kind: 'adjust'; readonly adjustments: readonly Adjustment[] }
  /** It takes connections. */
  | { readonly kind: 'ready' }
  /** It serves by another configuration now. */
  | { readonly kind: 'config'; readonly text: string }
  /** It takes no more. */
  | { readonly kind: 'leaving' };

/** Set for serving processes: where the primary listens for them. */
export const ORIGIN_VARIABLE = 'PORTICO_SERVING_ORIGIN';

/** Set for serving processes: the configuration in use (see ServingOptions.configText). */
export const CONFIG_VARIABLE = 'PORTICO_SERVING_CONFIG';

/** Set for serving processes: the configuration that the primary found (see findConfig). */
export const FOUND_CONFIG_VARIABLE = 'PORTICO_SERVING_FOUND_CONFIG';

/** Set for serving processes: where the primary serves mocks, as JSON. */
export const MOCKS_VARIABLE = 'PORTICO_SERVING_MOCKS';
