import type { GatewayHTTPRequest } from '@apollo/server-gateway-interface';

import { newTrace, requestIdFrom } from '../edge/http/Exchange.js';
import type { CredentialedRequest, RequestContext, RequestTrace } from '../request/context.js';
import { correlationOf } from '../request/correlation.js';
import { anonymous } from '../request/Identity.js';
import type { Identity } from '../request/Identity.js';
import type { HeaderPairs } from '../upstream/SubgraphClient.js';
import { Lifetime } from '../base/kit/Lifetime.js';

/** The RequestContext of a request that came through an Apollo Server of the user's own. Its deadline starts with the execution. */
export class LibraryContext implements RequestContext, CredentialedRequest {
  readonly requestId: string;
  readonly lifetime: Lifetime;
  readonly correlation: HeaderPairs;
  /** Apollo Server does not say. */
  readonly clientIp: string | undefined;
  identity: Identity;
  identityToken?: string | undefined;
  /** Who is connected to a server of the user's own is not known here. */
  readonly isFromTrustedProxy = false;
  readonly answerHeaders: Array<readonly [name: string, value: string]>;
  readonly trace: RequestTrace;
  readonly #http: GatewayHTTPRequest | undefined;

  constructor(http: GatewayHTTPRequest | undefined, deadlineMs: number) {
    this.#http = http;
    this.requestId = requestIdFrom(this.header('x-request-id'));
    this.correlation = correlationOf(this.requestId, (name) => this.header(name));
    this.clientIp = undefined;
    this.identity = anonymous;
    this.answerHeaders = [];
    this.trace = newTrace();
    this.lifetime = new Lifetime(deadlineMs);
  }

  /** Apollo Server gives the query string and no path. */
  get url(): string {
    const url = this.#http?.url ?? '';
    const query = url.indexOf('?');
    return query < 0 ? '' : url.slice(query);
  }

  header(name: string): string | undefined {
    return this.#http?.headers.get(name) ?? undefined;
  }

  /** Apollo Server gets them joined: two in one are no credential either. */
  isRepeated(): boolean {
    return false;
  }

  *headerNames(): Iterable<string> {
    for (const [name] of this.#http?.headers ?? []) yield name.toLowerCase();
  }
}
