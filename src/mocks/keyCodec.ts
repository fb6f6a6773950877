import { hashText } from './Draw.js';

/** Ordinals of objects that are known by a key nobody made up here begin here. */
const FOREIGN_FIRST = 1_000_000;
/** Where keys are texts: so many that two hardly ever meet. */
const WIDE = 2 ** 39;
/** Where they are numbers or days: what fits an Int with room for children, and a date. */
const NARROW = 2 ** 26;

/**
 * How the ordinal of an entity is written as a value of a key field, and read back. What can be read back needs no memory: a key that
 * another process handed out names the same object here.
 */
export interface KeyCodec {
  encode(ordinal: number): unknown;
  /** undefined for a value that `encode` never gives. */
  decode(value: unknown): number | undefined;
}

const number: KeyCodec = {
  encode: (ordinal) => ordinal,
  decode: (value) => (typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined),
};

/** `text(7)` is what stands before and after the number. */
function around(before: string, after = '', pad = 1): KeyCodec {
  return {
    encode: (ordinal) => `${before}${String(ordinal).padStart(pad, '0')}${after}`,
    decode(value) {
      const text = String(value);
      if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
      const digits = text.slice(before.length, text.length - after.length);
      const ordinal = Number(digits);
      const isOurs = /^\d{1,15}$/.test(digits) && ordinal > 0 && String(ordinal).padStart(pad, '0') === digits;
      return isOurs ? ordinal : undefined;
    },
  };
}

const FIRST_DAY = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;

const date: KeyCodec = {
  encode: (ordinal) => new Date(FIRST_DAY + ordinal * DAY_MS).toISOString().slice(0, 10),
  decode: (value) => dayOf(value, /^\d{4}-\d\d-\d\d$/),
};

const dateTime: KeyCodec = {
  encode: (ordinal) => new Date(FIRST_DAY + ordinal * DAY_MS).toISOString(),
  decode: (value) => dayOf(value, /T00:00:00\.000Z$/),
};

function dayOf(value: unknown, shape: RegExp): number | undefined {
  if (typeof value !== 'string' || !shape.test(value)) return undefined;
  const ordinal = (Date.parse(value) - FIRST_DAY) / DAY_MS;
  return Number.isInteger(ordinal) && ordinal > 0 ? ordinal : undefined;
}

/** Chosen by the scalar, and for texts by the name of the field. undefined: values of this scalar tell objects apart badly. */
export function keyCodec(scalar: string, field: string): KeyCodec | undefined {
  if (
    scalar === 'Int' ||
    scalar === 'Float' ||
    /^(big|long|unsigned|positive|nonnegative)?int(eger)?$|^long$/i.test(scalar)
  )
    return number;
  if (scalar === 'Boolean') return undefined;
  if (/^(local)?date$/i.test(scalar)) return date;
  if (/date|time/i.test(scalar)) return dateTime;
  const hint = scalar === 'String' ? field : scalar;
  if (/uuid|guid/i.test(hint)) return around('00000000-0000-4000-8000-', '', 12);
  if (/e-?mail/i.test(hint)) return around('user', '@example.com');
  if (/^(url|uri|href|link)$|Ur[li]$/i.test(hint)) return around('https://example.com/');
  if (/^(slug|handle|username|login)$/i.test(hint)) return around(`${hint.toLowerCase()}-`);
  return around('');
}

/** Whether it can write ordinals beyond the range of an Int. */
export function isWide(codec: KeyCodec): boolean {
  return typeof codec.encode(1) === 'string' && codec !== date && codec !== dateTime;
}

/** The ordinal of an object that is known by these texts alone. */
export function foreignOrdinal(text: string, wide: boolean): number {
  return FOREIGN_FIRST + (hashText(text) % ((wide ? WIDE : NARROW) - FOREIGN_FIRST));
}
