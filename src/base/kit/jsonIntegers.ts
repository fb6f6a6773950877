const LARGEST_SAFE = String(Number.MAX_SAFE_INTEGER);
/** A shorter run of digits is always safe. */
const SUSPECT_DIGITS = LARGEST_SAFE.length;

/**
 * Whether a valid JSON text holds an integer (no fraction, no exponent) beyond ±(2^53 - 1) outside strings.
 *
 * A run of 16 digits crosses an index that is a multiple of 16, so only every 16th character is looked at. Quoted ids are ruled out by
 * the character before them; digits in the middle of a string by walking the quotes, at most once over the whole text.
 */
export function holdsUnsafeInteger(text: string): boolean {
  let walked = 0;
  let stringEnd = -1;
  for (let at = SUSPECT_DIGITS - 1; at < text.length; at += SUSPECT_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    at = end;
    if (end - start < SUSPECT_DIGITS || !mayBeNumberToken(text, start, end)) continue;
    if (end - start === SUSPECT_DIGITS && text.slice(start, end) <= LARGEST_SAFE) continue;
    while (stringEnd < start) {
      const opening = text.indexOf('"', walked);
      if (opening < 0 || opening > start) return true;
      stringEnd = closingQuote(text, opening);
      walked = stringEnd + 1;
    }
  }
  return false;
}

/**
 * Reads a text that `JSON.parse` has accepted, with unsafe integers as `bigint`. Recursive: the caller bounds the depth.
 */
export function readKeepingIntegers(text: string): unknown {
  let at = 0;

  function value(): unknown {
    skipSpace();
    switch (text.charCodeAt(at)) {
      case 0x7b:
        return object();
      case 0x5b:
        return array();
      case 0x22:
        return string();
      case 0x74:
        at += 4;
        return true;
      case 0x66:
        at += 5;
        return false;
      case 0x6e:
        at += 4;
        return null;
      default:
        return number();
    }
  }

  function object(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    at++;
    skipSpace();
    while (text.charCodeAt(at) !== 0x7d) {
      const key = string();
      skipSpace();
      at++;
      const member = value();
      if (key === '__proto__') {
        Object.defineProperty(result, key, { value: member, writable: true, enumerable: true, configurable: true });
      } else {
        result[key] = member;
      }
      skipToNext();
    }
    at++;
    return result;
  }

  function array(): unknown[] {
    const result: unknown[] = [];
    at++;
    skipSpace();
    while (text.charCodeAt(at) !== 0x5d) {
      result.push(value());
      skipToNext();
    }
    at++;
    return result;
  }

  function string(): string {
    const opening = at;
    const closing = closingQuote(text, opening);
    at = closing + 1;
    const raw = text.slice(opening + 1, closing);
    return raw.includes('\\') ? (JSON.parse(text.slice(opening, at)) as string) : raw;
  }

  function number(): number | bigint {
    const start = at;
    let isInteger = true;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (isDigit(code) || code === 0x2d || code === 0x2b) continue;
      if (code !== 0x2e && (code | 0x20) !== 0x65) break;
      isInteger = false;
    }
    const token = text.slice(start, at);
    const read = Number(token);
    return isInteger && !Number.isSafeInteger(read) ? BigInt(token) : read;
  }

  function skipSpace(): void {
    while (isSpace(text.charCodeAt(at))) at++;
  }

  /** To the next item, or to the closing bracket. */
  function skipToNext(): void {
    skipSpace();
    if (text.charCodeAt(at) === 0x2c) {
      at++;
      skipSpace();
    }
  }

  return value();
}

function mayBeNumberToken(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end);
  if (after === 0x2e || (after | 0x20) === 0x65) return false;
  if (start === 0) return true;
  const before = text.charCodeAt(start - 1);
  return before === 0x3a || before === 0x5b || before === 0x2c || before === 0x2d || isSpace(before);
}

/** The index of the quote that closes the string opened at `opening`. */
function closingQuote(text: string, opening: number): number {
  let at = opening;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
