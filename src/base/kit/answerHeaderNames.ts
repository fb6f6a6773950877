import { CONNECTION_HEADERS } from './connectionHeaders.js';

/** What the gateway says of its own answers, as nobody else can: of the whole answer, its bytes, its caches and its readers. Lower case. */
const OWN: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'cache-control',
  'content-digest',
  'content-md5',
  'content-range',
  'content-security-policy',
  'date',
  'digest',
  'etag',
  'expires',
  'last-modified',
  'portico-degraded',
  'pragma',
  'ratelimit',
  'ratelimit-policy',
  'referrer-policy',
  'repr-digest',
  'x-content-type-options',
  'x-request-id',
]);

/** What makes a browser or a proxy do something: a pattern that happens to match it is no wish for it. */
const EFFECTIVE: ReadonlySet<string> = new Set([
  'alt-svc',
  'clear-site-data',
  'location',
  'proxy-status',
  'refresh',
  'retry-after',
  'server',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'www-authenticate',
]);

/** Several of them are not a list but a contradiction (RFC 9110, 5.3). */
const SINGLE: ReadonlySet<string> = new Set([
  'content-disposition',
  'location',
  'refresh',
  'retry-after',
  'server',
  'strict-transport-security',
  'x-frame-options',
]);

/** Whether rules may not write a header of that lower-case name into answers for clients. */
export function isOwnAnswerHeader(name: string): boolean {
  return OWN.has(name) || CONNECTION_HEADERS.has(name) || name.startsWith('access-control-');
}

/** Whether a rule must name it: no pattern matches it. */
export function needsItsName(name: string): boolean {
  return EFFECTIVE.has(name);
}

/** Whether an answer carries one value of it at most. */
export function isSingleValued(name: string): boolean {
  return SINGLE.has(name);
}
