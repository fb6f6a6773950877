import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import type { ErrorCode } from '../../../base/errors/codes.js';

/** How long an operation that cost a worker is refused, ms. */
const REFUSED_MS = 60_000;

/** Operations that overran or crashed the planner: refused at once for a minute, or one query would cost a worker per request. */
export class Refusals {
  readonly #now: () => number;
  readonly #refused = new LRUCache<string, { readonly until: number; readonly code: ErrorCode; readonly why: string }>({
    max: 1_000,
  });

  /** @param now milliseconds on any steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(text: string, code: ErrorCode, why: string): void {
    this.#refused.set(digest(text), { until: this.#now() + REFUSED_MS, code, why });
  }

  /** The error for this operation, while it is refused. */
  find(text: string): PorticoError | undefined {
    if (this.#refused.size === 0) return undefined;
    const key = digest(text);
    const refusal = this.#refused.get(key);
    if (refusal === undefined) return undefined;
    if (this.#now() >= refusal.until) {
      this.#refused.delete(key);
      return undefined;
    }
    return new PorticoError(refusal.code, `Refused for a minute: ${refusal.why}`);
  }
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}
