import type { HeaderPairs } from '../upstream/SubgraphClient.js';

/** W3C trace context and B3 (single and multi), with what each may look like: anything else is not handed on. */
const TRACE_HEADERS: ReadonlyArray<readonly [name: string, shape: RegExp]> = [
  ['traceparent', /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/],
  ['tracestate', /^[\x20-\x7e]{1,512}$/],
  ['b3', /^(?:[01d]|[\da-f]{16,32}-[\da-f]{16}(?:-[01d](?:-[\da-f]{16})?)?)$/i],
  ['x-b3-traceid', /^[\da-f]{16,32}$/i],
  ['x-b3-spanid', /^[\da-f]{16}$/i],
  ['x-b3-parentspanid', /^[\da-f]{16}$/i],
  ['x-b3-sampled', /^(?:[01]|true|false)$/],
  ['x-b3-flags', /^[01]$/],
];

/**
 * What every subgraph call says about the request it belongs to, without any rule: the request id, and the client's trace context. Never
 * part of a sharing key. `baggage` is not among it: it may hold anything, so it needs a rule.
 */
export function correlationOf(requestId: string, header: (name: string) => string | undefined): HeaderPairs {
  const pairs: Array<readonly [string, string]> = [['x-request-id', requestId]];
  for (const [name, shape] of TRACE_HEADERS) {
    const value = header(name);
    if (value !== undefined && shape.test(value)) pairs.push([name, value]);
  }
  return pairs;
}
