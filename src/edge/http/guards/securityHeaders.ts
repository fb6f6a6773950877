/**
 * Sent with every answer, names and values alternating (what `writeHead` takes).
 *
 * The answers are data: a browser that is tricked into opening one as a page must neither guess a type nor run or frame anything.
 */
export const SECURITY_HEADERS: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy',
  'no-referrer',
];
