/**
 * Milliseconds that a `Retry-After` asks to wait (RFC 9110, 10.2.3): whole seconds, or an HTTP date.
 *
 * @param now wall time
 * @returns never negative; `undefined` for anything else than the two forms
 */
export function retryAfterMs(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // IMF-fixdate only: what other forms Date.parse reads is nobody's promise.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
