import { Refusal } from './Refusal.js';

/**
 * When claims end that are not a JWT's, by `exp` and `nbf`, in milliseconds of wall time; `Infinity` for never. Numbers as texts count:
 * headers have nothing else, and some servers write them in JSON too.
 *
 * Errors: a Refusal for what has ended, has not begun, or has times that nobody can read.
 */
export function validUntil(claims: Readonly<Record<string, unknown>>, now: number): number {
  const end = timeOf(claims, 'exp') ?? Infinity;
  const start = timeOf(claims, 'nbf') ?? -Infinity;
  if (end <= now) throw new Refusal('the credential has expired');
  if (start > now) throw new Refusal('the credential is not valid yet');
  return end;
}

const SECONDS = /^\d{1,15}(?:\.\d{1,9})?$/;

function timeOf(claims: Readonly<Record<string, unknown>>, name: 'exp' | 'nbf'): number | undefined {
  const value: unknown = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value * 1000;
  if (typeof value === 'string' && SECONDS.test(value)) return Number(value) * 1000;
  throw new Refusal(`the credential has an ${name} that is no time`);
}
