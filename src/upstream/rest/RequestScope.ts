import { randomUUID } from 'node:crypto';

import type { CallOrigin, SubgraphReply } from '../SubgraphClient.js';

import { LookUps } from './LookUps.js';
import type { RunBatch } from './LookUps.js';

/** What the calls of one client request share: look-ups that were made, and how many requests there were. */
export class RequestScope {
  readonly #lookUps = new Map<string, LookUps>();
  readonly #counts = new Map<string, number>();
  readonly #replies = new Map<string, Promise<SubgraphReply>>();
  #writes = '';

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

  /** Changes with each request of this client request that may have changed something; nobody else's is equal. */
  get writes(): string {
    return this.#writes;
  }
  wrote(): void {
    this.#writes = randomUUID();
  }

  /** The reply to a request that reads; the same one is sent once. */
  once(key: string, send: () => Promise<SubgraphReply>): Promise<SubgraphReply> {
    const known = this.#replies.get(key);
    if (known !== undefined) return known;
    const reply = send();
    this.#replies.set(key, reply);
    return reply;
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
