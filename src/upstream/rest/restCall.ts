import { PorticoError } from '../../base/errors/PorticoError.js';
import type { HeaderPairs, RestRequest, SubgraphCall } from '../SubgraphClient.js';

/** What a REST service is sent. */
export interface RestSending {
  /** What the request looks like to breakers of fields, retries and the sharing of calls. */
  readonly operation: SubgraphCall['operation'];
  readonly rest: RestRequest;
  /** What is sent of the headers that the rules forward. */
  readonly headers: HeaderPairs;
  /** What was sent before, where that may have changed what is read: no answer of an earlier call is shared then. Default: nothing. */
  readonly writes?: string | undefined;
}

/** A request to a REST service, for the call that needs it. */
export function restCall(
  { correlation, lifetime, epoch, route }: SubgraphCall,
  { operation, rest, headers, writes }: RestSending,
): SubgraphCall {
  const text = requestText(rest);
  const variablesJson = writes === undefined ? text : `${text}\n${writes}`;
  return { operation, variablesJson, headers, correlation, lifetime, epoch, route, rest };
}

/** All that tells a request to a service from others. */
export function requestText({ method, path, headers, body }: RestRequest): string {
  return `${method} ${path}\n${JSON.stringify(headers)}\n${body ?? ''}`;
}

/** Equal for calls that may share what they find: of the same asker, with the same headers, in the same state of the data. */
export function sharingKey(asker: string, { headers, epoch, route }: SubgraphCall): string {
  return JSON.stringify([asker, epoch, route?.group, headers]);
}

/** Values by lower-case name; without a prototype. */
export type HeaderLists = Readonly<Record<string, readonly string[]>>;

/** Headers as connectors and resolvers read them. */
export function headerLists(headers: HeaderPairs): HeaderLists {
  const lists = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of headers) (lists[name] ??= []).push(value);
  return lists;
}

/** Whose requests are counted together, and how many there may be for one client request. */
export interface RequestLimit {
  readonly subgraph: string;
  readonly source: string;
  readonly maxRequests: number;
}

/** Why no request is sent any more. @param who who wants to, and a verb: `its resolvers need` */
export function tooManyRequests(limit: RequestLimit, who: string): PorticoError {
  const message = `one operation may send ${limit.maxRequests} requests to ${limit.source}, and ${who} more`;
  return new PorticoError('REST_REQUEST_LIMIT_EXCEEDED', message, { details: { ...limit } });
}
