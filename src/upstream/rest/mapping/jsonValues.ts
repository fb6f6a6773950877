import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { Evaluation } from './Evaluation.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** JSON's word for the type of a value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** The text of a scalar; '' for null; undefined for lists and objects. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'object' || value === undefined ? undefined : String(value as number | bigint | boolean);
}

/** Sets an own property, whatever its name. */
export function setProperty(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}

/** Equal by value. Numbers are equal when they are the same number, however they are held. */
export function areEqual(evaluation: Evaluation, a: unknown, b: unknown): boolean {
  evaluation.spend(1);
  if (a === b) return true;
  // oxlint-disable-next-line eqeqeq -- compares a bigint with a number by value
  if (isNumber(a) && isNumber(b)) return a == b;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      evaluation.deeper(() => a.every((element, index) => areEqual(evaluation, element, b[index])))
    );
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return evaluation.deeper(() => keys.every((key) => Object.hasOwn(b, key) && areEqual(evaluation, a[key], b[key])));
}

/** Spends what a value costs when it is written out: expressions can make small values that are huge as text. */
export function spendOn(evaluation: Evaluation, value: unknown): void {
  if (typeof value === 'string') return evaluation.spend(1 + value.length / 16);
  evaluation.spend(1);
  if (typeof value !== 'object' || value === null) return;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  evaluation.deeper(() => parts.forEach((part) => spendOn(evaluation, part)));
}
