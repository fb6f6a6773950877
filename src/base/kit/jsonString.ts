/**
 * A string as JSON text.
 *
 * HOT: once per string of an answer and per key of a representation. Short strings are scanned in JavaScript, which is cheaper than the
 * call into JSON.stringify; anything that needs an escape (or may be a lone surrogate) is left to it.
 */
export function jsonString(value: string): string {
  const { length } = value;
  if (length > 64) return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code <= 0xdfff)) return JSON.stringify(value);
  }
  return `"${value}"`;
}

// oxlint-disable-next-line no-control-regex -- exactly the characters that JSON must escape
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;
