import { isIP } from 'node:net';

import { z } from 'zod';

import { isOwnAnswerHeader } from '../../kit/answerHeaderNames.js';
import { CONNECTION_HEADERS } from '../../kit/connectionHeaders.js';
import { TOKEN } from '../../kit/httpText.js';

/** Any text but the empty one. */
export function text() {
  return z.string().min(1).meta({ must: 'be a text that is not empty' });
}

/** A header's name, in any case; gives lower case. */
export function headerName() {
  return z
    .string()
    .regex(TOKEN)
    .transform((name) => name.toLowerCase())
    .meta({ must: 'be the name of a header (letters, digits, hyphens)' });
}

/** The name of a header that rules may read and write; gives lower case. */
export function forwardableName() {
  return z
    .string()
    .regex(TOKEN)
    .transform((name) => name.toLowerCase())
    .refine((name) => !CONNECTION_HEADERS.has(name))
    .refine((name) => name !== 'x-request-id')
    .meta({
      must: 'be the name of a header that may be forwarded: not one of the connection (host, connection, te …), not one that the gateway sets (accept, content-type, x-request-id …)',
    });
}

/** The name of a header that rules may write into answers; gives lower case. */
export function answerHeaderName() {
  return z
    .string()
    .regex(TOKEN)
    .transform((name) => name.toLowerCase())
    .refine((name) => !isOwnAnswerHeader(name))
    .meta({
      must: 'be the name of a header that a subgraph may set: not one of the connection (host, connection, te …), not one that only the gateway can know (cache-control, etag, access-control-allow-origin, x-request-id …)',
    });
}

/** A header's value: visible ASCII, spaces and tabs. Everything else is read differently by different servers (RFC 9110, 5.5). */
export function headerValue() {
  return z
    .string()
    .regex(/^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/)
    .meta({ must: 'be a header value: visible ASCII characters, spaces only inside' });
}

/** A regular expression that a whole header name must match, without regard to case. */
export function namePattern() {
  return z
    .string()
    .min(1)
    .max(200)
    .refine(isRegularExpression)
    .meta({ must: 'be a regular expression of at most 200 characters' });
}

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Where a GraphQL endpoint is. */
export function httpUrl() {
  return z.string().refine(isHttpUrl).meta({
    must: 'be a URL that starts with http:// or https:// and has no user name or password',
    format: 'uri',
  });
}

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, hash } = new URL(value);
  return /^https?:$/.test(protocol) && /^https?:\/\//i.test(value) && username + password + hash === '';
}

/** Where a Redis is. Its password belongs into the URL, and the URL into a variable. */
export function redisUrl() {
  return z
    .string()
    .refine((value) => URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol))
    .meta({ must: 'be a URL that starts with redis:// or rediss://' });
}

/** An address or a network: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. */
export function network() {
  return z.string().refine(isNetwork).meta({ must: 'be an IP address or a network (10.0.0.0/8, fd00::/8)' });
}

function isNetwork(value: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && (prefix === undefined || Number(prefix) <= (family === 4 ? 32 : 128));
}

/** A file to read; relative paths start at the directory of the file that names them. */
export function filePath() {
  return z.string().min(1).meta({ kind: 'file', must: 'be the path of a file' });
}

/** A file to write: its directory must be there. */
export function outputPath() {
  return z.string().min(1).meta({ kind: 'output', must: 'be the path of a file' });
}

/** A cookie's name (RFC 6265, 4.1.1); its case counts. */
export function cookieName() {
  return z.string().max(100).regex(TOKEN).meta({ must: 'be the name of a cookie (letters, digits, _ and -)' });
}

/** The path of a URL, with a query string or without. */
export function urlPath() {
  return z
    .string()
    .regex(/^\/[\x21\x23-\x7e]*$/)
    .meta({ must: 'be a path that starts with / and has no spaces' });
}

/** A host's name: labels of letters, digits and hyphens (RFC 1123, 2.1); no address. */
export function hostName() {
  return z
    .string()
    .max(253)
    .regex(
      /^(?!\d+(?:\.\d+)*$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
    )
    .meta({ must: 'be the name of a host' });
}
