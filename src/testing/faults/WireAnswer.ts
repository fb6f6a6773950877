import { malformedError, readReply } from '../../upstream/http/readReply.js';
import { textOf } from '../../upstream/http/decodeBody.js';
import type { SubgraphReply } from '../../upstream/SubgraphClient.js';

/** An HTTP answer as it would come out of a socket. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @param body an object is sent as JSON; a text as it stands, as JSON when it looks like it */
export function wireAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  const isText = typeof body === 'string' || body === undefined;
  const text = isText ? (body ?? '') : JSON.stringify(body);
  const type = isText && !/^\s*[[{]/.test(text) ? 'text/html' : 'application/json';
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, headers: { 'content-type': type, ...lower }, body: Buffer.from(text) };
}

/** Judges it as the HTTP client does. Errors: as `readReply`, and SUBREQUEST_MALFORMED_RESPONSE for too many bytes. */
export function readWire(subgraph: string, { status, headers, body }: WireAnswer, maxBytes: number): SubgraphReply {
  if (body.length > maxBytes) throw malformedError(subgraph, status, `more than ${maxBytes} bytes`);
  return readReply(subgraph, status, headers, body);
}

/** Judges it as the client of a REST source does: any status is a reply. Errors: SUBREQUEST_MALFORMED_RESPONSE for too many bytes. */
export function readRestWire(subgraph: string, { status, headers, body }: WireAnswer, maxBytes: number): SubgraphReply {
  if (body.length > maxBytes) throw malformedError(subgraph, status, `more than ${maxBytes} bytes`);
  const data = body.length === 0 ? undefined : textOf(body);
  return { data, errors: undefined, extensions: undefined, status, headers, shared: false };
}
