import type DataLoader from 'dataloader';

import type { CallOrigin } from '../SubgraphClient.js';

/** What the calls of one client request share: look-ups that were made, and how many requests there were. */
export class RequestScope {
  readonly #loaders = new Map<string, DataLoader<unknown, unknown, string>>();
  readonly #counts = new Map<string, number>();

  /** The loader for look-ups of one kind; made when it is first needed. */
  loader<Key, Value>(kind: string, make: () => DataLoader<Key, Value, string>): DataLoader<Key, Value, string> {
    const known = this.#loaders.get(kind);
    if (known !== undefined) return known as DataLoader<Key, Value, string>;
    const made = make();
    this.#loaders.set(kind, made as DataLoader<unknown, unknown, string>);
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
