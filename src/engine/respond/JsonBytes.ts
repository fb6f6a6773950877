import { PorticoError } from '../../base/errors/PorticoError.js';

const FIRST_BYTES = 64 * 1024;
/** A buffer up to this size is kept for the next answer. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
/**
 * The longest answer. Entities that many places share are kept once, so a few kilobytes from subgraphs can stand for gigabytes of text:
 * friends of friends of friends.
 */
const MAX_BYTES = 100_000_000;

const QUOTE = 0x22;
/** Anything but printable ASCII without `"` and `\`. */
const NOT_PLAIN = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/;

/** Projections are synchronous: one buffer serves them all. */
let spare: Buffer | undefined;

/**
 * JSON text as bytes, written front to back.
 *
 * HOT: once per value of an answer. Texts built from strings cost two cons-strings a field, which the garbage collector copies around
 * and a flattening pass visits again; here each byte is written once. Bench: `npm run bench`, body "heavy", dedupe off (Node 20.20,
 * 2026-11-23: figures in bench/RESULTS.md).
 */
export class JsonBytes {
  /** Where the next byte goes; may be set back to take back what was written. */
  position = 0;
  #bytes: Buffer;

  constructor() {
    this.#bytes = spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
    spare = undefined;
  }

  /** A copy of everything written; the writer is not to be used again. */
  finish(): Buffer {
    const bytes = this.#bytes;
    // Small ones share Node's pool: a block of memory of its own, counted and given back, costs more than the copy.
    const done = Buffer.allocUnsafe(this.position);
    bytes.copy(done, 0, 0, this.position);
    if (bytes.length <= MAX_KEPT_BYTES) spare = bytes;
    return done;
  }

  /** A copy of what was written from `start` on. */
  copyFrom(start: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, start, this.position);
  }

  /** Ready JSON text: field names, brackets. */
  raw(part: Uint8Array): void {
    const { length } = part;
    if (this.position + length > this.#bytes.length) this.#grow(length);
    if (length > 64) {
      this.#bytes.set(part, this.position);
      this.position += length;
      return;
    }
    const bytes = this.#bytes;
    let at = this.position;
    for (let i = 0; i < length; i++) bytes[at++] = part[i]!;
    this.position = at;
  }

  byte(code: number): void {
    if (this.position === this.#bytes.length) this.#grow(1);
    this.#bytes[this.position++] = code;
  }

  /** JSON text of printable ASCII: numbers, literals. */
  ascii(text: string): void {
    const { length } = text;
    if (this.position + length > this.#bytes.length) this.#grow(length);
    const bytes = this.#bytes;
    let at = this.position;
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    this.position = at;
  }

  /** JSON text of any kind. */
  text(text: string): void {
    // At most three bytes for a UTF-16 unit.
    const room = text.length * 3;
    if (this.position + room > this.#bytes.length) this.#grow(room);
    this.position += this.#bytes.write(text, this.position, 'utf8');
  }

  /** A string value, escaped. */
  string(value: string): void {
    const { length } = value;
    if (length > 48) return this.#long(value);
    if (this.position + length + 2 > this.#bytes.length) this.#grow(length + 2);
    const bytes = this.#bytes;
    let at = this.position;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      // An escape, or more than one byte: rare, and JSON.stringify knows all about it.
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === 0x5c) return this.text(JSON.stringify(value));
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.position = at;
  }

  #long(value: string): void {
    if (NOT_PLAIN.test(value)) return this.text(JSON.stringify(value));
    const { length } = value;
    if (this.position + length + 2 > this.#bytes.length) this.#grow(length + 2);
    const bytes = this.#bytes;
    bytes[this.position] = QUOTE;
    bytes.write(value, this.position + 1, 'latin1');
    bytes[this.position + 1 + length] = QUOTE;
    this.position += length + 2;
  }

  #grow(room: number): void {
    const needed = this.position + room;
    if (this.position > MAX_BYTES || room > 4 * MAX_BYTES) throw tooLarge();
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.position);
    this.#bytes = bytes;
  }
}

function tooLarge(): PorticoError {
  return new PorticoError('ANSWER_TOO_LARGE', `The answer would be longer than ${MAX_BYTES} bytes`);
}
