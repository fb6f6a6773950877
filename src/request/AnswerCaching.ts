import type { CallOrigin, HeaderPairs, SubgraphReply } from '../upstream/SubgraphClient.js';

import type { RestFetch } from '../base/telemetry/channels.js';
import { readCacheControl } from './cacheControl.js';
import type { CachePolicy, RequestContext, RequestTrace } from './context.js';

/**
 * Adds up what the subgraphs of one execution say about keeping their answers (RFC 9111): the shortest time, the narrowest scope. Notes REST calls
 * for the trace.
 *
 * A subgraph that says nothing allows nothing. HOT: one per execution, `replied` once per call.
 */
export class AnswerCaching implements CallOrigin {
  readonly request: unknown;
  #maxAge: number | undefined;
  #isPrivate: boolean;
  readonly #hasIdentity: boolean;
  readonly #trace: RequestTrace;

  constructor(request: unknown, { identity, trace }: Pick<RequestContext, 'identity' | 'trace'>) {
    this.request = request;
    // Subgraphs may know who asks from headers of any name.
    this.#hasIdentity = identity.kind !== 'anonymous';
    this.#trace = trace;
    this.#maxAge = undefined;
    this.#isPrivate = false;
  }

  /** For the log and the metrics: many look-ups in many calls are the N+1 problem. */
  askedRest({ source, lookUps, requests }: RestFetch): void {
    const uses = (this.#trace.rest ??= new Map());
    const use = uses.get(source);
    if (use === undefined) uses.set(source, { lookUps, calls: requests });
    else {
      use.lookUps += lookUps;
      use.calls += requests;
    }
  }

  replied(sent: HeaderPairs, { headers }: SubgraphReply): void {
    const text = headers['cache-control'];
    const rules = readCacheControl(typeof text === 'string' ? text : text?.join());
    const age = Number(headers['age'] ?? 0);
    const maxAge = Math.max(0, rules.maxAge - (age > 0 ? Math.ceil(age) : 0));
    if (this.#maxAge === undefined || maxAge < this.#maxAge) this.#maxAge = maxAge;
    // What was asked with somebody's credentials is for nobody else unless the subgraph says so (RFC 9111, 3.5).
    if (rules.scope === 'private' || (rules.scope === undefined && (this.#hasIdentity || sent.some(isCredential))))
      this.#isPrivate = true;
    if (headers['vary'] !== undefined && varies(String(headers['vary']), sent)) this.#isPrivate = true;
  }

  /**
   * @param isStorable false for mutations and for answers with errors: nobody keeps those, whatever the subgraphs say
   * @returns undefined when no subgraph was asked
   */
  policy(isStorable: boolean): CachePolicy | undefined {
    if (!isStorable) return { maxAge: 0, scope: 'PRIVATE' };
    if (this.#maxAge === undefined) return undefined;
    return { maxAge: this.#maxAge, scope: this.#isPrivate ? 'PRIVATE' : 'PUBLIC' };
  }
}

/**
 * Whether an answer would have been another with other headers of those that were sent (RFC 9110, 12.5.5). Caches in front of us cannot know
 * by which headers of the client those were made.
 */
function varies(vary: string, sent: HeaderPairs): boolean {
  const names = vary.split(',').map((name) => name.trim().toLowerCase());
  return names.includes('*') || sent.some(([name]) => names.includes(name));
}

function isCredential([name]: readonly [name: string, value: string]): boolean {
  return name === 'authorization' || name === 'cookie';
}
