import { cookiesOf } from '../../base/kit/cookiesOf.js';

/** The value of a cookie in a `Cookie` header; the first one counts when there are several. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  return cookiesOf(header, name)[0];
}
