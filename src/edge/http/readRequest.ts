import type { IncomingMessage } from 'node:http';
import { isUtf8 } from 'node:buffer';

import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLRequest } from '@apollo/server';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { parseJson } from '../../base/kit/json.js';
import { checkCsrf } from './guards/csrf.js';
import { HttpRefusal } from './HttpRefusal.js';
import { bodyType } from './mediaTypes.js';

export interface ReadOptions {
  readonly maxBodyBytes: number;
  /** Of a document. Checked here because lexing it costs time already (see engine/operation/checkSource.ts). */
  readonly maxCharacters: number;
  /** Headers one of which a request must have when a browser would send it unasked; undefined switches the check off. */
  readonly csrfHeaders: readonly string[] | undefined;
}

/** Node counts header bytes by itself; a great number of tiny ones costs more than their bytes. */
const MAX_HEADERS = 100;
const ALLOW = { allow: 'GET, POST' };

/**
 * Refuses what can be refused by the head of an HTTP request, before its body is read. Gives the query string, question mark included.
 *
 * Errors: HttpRefusal. Source: GraphQL over HTTP, "Request"; RFC 9110.
 */
export function checkHead(raw: IncomingMessage, options: ReadOptions): string {
  if (raw.rawHeaders.length > MAX_HEADERS * 2)
    throw new HttpRefusal('HEADERS_TOO_LARGE', 'The request has too many headers');
  const isPost = raw.method === 'POST';
  if (!isPost && raw.method !== 'GET') throw new HttpRefusal('METHOD_NOT_ALLOWED', 'Use GET or POST', ALLOW);
  const contentType = raw.headers['content-type'];
  const type = bodyType(contentType);
  if (!isPost && contentType !== undefined && type !== 'json') {
    throw new HttpRefusal(
      'UNSUPPORTED_MEDIA_TYPE',
      'A GET request may not have a content-type other than application/json',
    );
  }
  if (options.csrfHeaders !== undefined) checkCsrf(raw.headers, options.csrfHeaders);
  const url = raw.url ?? '';
  const query = url.indexOf('?');
  const search = query < 0 ? '' : url.slice(query);
  if (!isPost) {
    checkSearch(search);
    return search;
  }
  if (type === 'unsupported') throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json');
  if (type === 'unsupported-charset') throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE', 'Send the request in UTF-8');
  const encoding = raw.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new HttpRefusal('UNSUPPORTED_MEDIA_TYPE', 'Send the request without content-encoding');
  }
  return search;
}

/** The body of a POST, parsed. Errors: HttpRefusal. */
export function parseBody(bytes: Buffer, { maxCharacters }: ReadOptions): unknown {
  const body = parseBytes(bytes);
  checkPersistedQuery(body);
  if (isJsonObject(body) && typeof body.query === 'string' && body.query.length > maxCharacters) {
    throw new HttpRefusal('MAX_CHARACTERS_EXCEEDED', `The document has more than ${maxCharacters} characters`);
  }
  return body;
}

/**
 * A request in Apollo Server's shape.
 *
 * HOT: a known document is answered without anybody looking at the headers here, so their map is made when asked for.
 */
export class ReadRequest implements HTTPGraphQLRequest {
  readonly method: string;
  readonly search: string;
  readonly body: unknown;
  readonly #raw: IncomingMessage;
  #headers: HeaderMap | undefined;

  /** @param body undefined for a GET */
  constructor(raw: IncomingMessage, search: string, body: unknown) {
    this.method = raw.method ?? '';
    this.search = search;
    this.body = body;
    this.#raw = raw;
    this.#headers = undefined;
  }

  get headers(): HeaderMap {
    return (this.#headers ??= headerMap(this.#raw));
  }
}

function parseBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new HttpRefusal('BAD_REQUEST', 'The request body is not valid UTF-8');
  try {
    // The last of several members with the same name wins, here as for everybody who reads the parsed body.
    return parseJson(bytes.toString('utf8'));
  } catch {
    throw new HttpRefusal('BAD_REQUEST', 'The request body is not valid JSON');
  }
}

/** Apollo Server checks the other members; this one it would index, or concatenate to a cache key, whatever its type. */
function checkPersistedQuery(body: unknown): void {
  if (!isJsonObject(body) || !isJsonObject(body.extensions) || !('persistedQuery' in body.extensions)) return;
  const { persistedQuery } = body.extensions;
  if (!isJsonObject(persistedQuery))
    throw new HttpRefusal('BAD_REQUEST', '`extensions.persistedQuery` must be an object');
  if (persistedQuery.version !== 1) throw new HttpRefusal('BAD_REQUEST', 'Unsupported persisted query version');
  const { sha256Hash } = persistedQuery;
  if (typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/.test(sha256Hash)) {
    throw new HttpRefusal(
      'BAD_REQUEST',
      '`extensions.persistedQuery.sha256Hash` must be a SHA-256 in lower-case hexadecimal',
    );
  }
}

function checkSearch(search: string): void {
  // A name may be written in escapes (`%65xtensions`): whoever reads the parameters decodes it.
  if (!search.includes('extensions=') && !search.includes('%')) return;
  const text = new URLSearchParams(search).get('extensions');
  if (text === null) return;
  let extensions: unknown;
  try {
    extensions = JSON.parse(text);
  } catch {
    return; // Apollo Server says what is wrong with it.
  }
  checkPersistedQuery({ extensions });
}

function headerMap({ headers }: IncomingMessage): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return map;
}
