/**
 * A value as part of a segment of a path, or of a name or value in a query: everything but letters, digits and `-_.~` (RFC 3986,
 * `unreserved`) is percent-encoded. Half of a pair of surrogates becomes U+FFFD.
 */
export function encodeForUrl(text: string): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(whole).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
