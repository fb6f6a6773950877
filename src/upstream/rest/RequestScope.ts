import type { CallOrigin } from '../SubgraphClient.js';

import { LookUps } from './LookUps.js';
import type { RunBatch } from './LookUps.js';

/** What the calls of one client request share: look-ups that were made, and how many requests there were. */
export class RequestScope {
  readonly #lookUps = new Map<string, LookUps>();
  readonly #counts = new Map<string, number>();

  /** The look-ups of one kind. @param run makes them; of the call that comes first */
  lookUps(kind: string, run: RunBatch): LookUps {
    const known = this.#lookUps.get(kind);
    if (known !== undefined) return known;
    const made = new LookUps(run);
    this.#lookUps.set(kind, made);
    return made;
  }

  /** Counts one request; false when there were `max` already. */
  take(source: string, max: number): boolean {
    const count = this.#counts.get(source) ?? 0;
    if (count >= max) return false;
    this.#counts.set(source, count + 1);
    return true;
  }
}

/** The scopes of requests that are being executed. */
export class RequestScopes {
  readonly #scopes = new WeakMap<CallOrigin, RequestScope>();

  of(origin: CallOrigin | undefined): RequestScope {
    if (origin === undefined) return new RequestScope();
    const known = this.#scopes.get(origin);
    if (known !== undefined) return known;
    const made = new RequestScope();
    this.#scopes.set(origin, made);
    return made;
  }
}
