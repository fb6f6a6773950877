import type { IncomingHttpHeaders } from 'node:http';

import { HttpRefusal } from '../HttpRefusal.js';
import { isFormType } from '../mediaTypes.js';

/** Headers that no foreign page can set without the browser asking first; Apollo's clients send one of them. */
export const PREFLIGHT_HEADERS: readonly string[] = ['x-apollo-operation-name', 'apollo-require-preflight'];

/**
 * Refuses requests that a foreign page could make a browser send with its cookies ("simple" requests of the Fetch standard).
 *
 * A request is safe when the browser has to ask (preflight) before it sends it: because of its content type, or of one of
 * `requiredHeaders`. GET requests have no content type, so they need the header.
 */
export function checkCsrf(headers: IncomingHttpHeaders, requiredHeaders: readonly string[]): void {
  if (!isFormType(headers['content-type'])) return;
  for (const name of requiredHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return;
  }
  throw new HttpRefusal(
    'BAD_REQUEST',
    'This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Send a content-type of application/json ' +
      `or a non-empty value for one of these headers: ${requiredHeaders.join(', ')}`,
  );
}
