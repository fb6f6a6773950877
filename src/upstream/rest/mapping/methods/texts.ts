import { parseJson, writeJson } from '../../../../base/kit/json.js';
import { isNumber, scalarText, spendOn, typeName } from '../jsonValues.js';
import type { Method } from './Method.js';
import { refuse } from './Method.js';

export const jsonStringify: Method = () => (evaluation, _frame, value) => {
  spendOn(evaluation, value);
  return writeJson(value);
};

/** Depth and integers as in answers of services. */
export const jsonParse: Method = (call) => (evaluation, _frame, value, location) => {
  if (typeof value !== 'string') return refuse(evaluation, call, location, 'a string', value);
  evaluation.spend(1 + value.length / 16);
  try {
    return parseJson(value, MAX_PARSED_DEPTH);
  } catch {
    return evaluation.report('->jsonParse found no JSON', location, call);
  }
};

const MAX_PARSED_DEPTH = 500;

/** Scalars as text with the argument between them, nulls left out; something that is no list as text. */
export const joinNotNull: Method = (call) => (evaluation, frame, value, location) => {
  const separator = call.inputs[0]!(evaluation, frame, value, location);
  if (separator === undefined) return undefined;
  if (typeof separator !== 'string') return refuse(evaluation, call, location, 'a string as argument', separator);
  const texts: string[] = [];
  for (const element of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
    if (element === null) continue;
    const text = scalarText(element);
    if (text === undefined) return refuse(evaluation, call, location, 'a list of scalars', element);
    evaluation.spend(1 + (text.length + separator.length) / 16);
    texts.push(text);
  }
  return texts.join(separator);
};

/** '' for null. */
export const toText: Method = (call) => (evaluation, _frame, value, location) =>
  scalarText(value) ?? refuse(evaluation, call, location, 'a scalar (there is ->jsonStringify)', value);

/** An integer in base 2 to 36, default 10; of a number, its part before the point. */
export const parseInteger: Method = (call) => (evaluation, frame, value, location) => {
  if (!isNumber(value) && typeof value !== 'string') {
    return refuse(evaluation, call, location, 'a string or a number', value);
  }
  let base = 10;
  if (call.inputs.length > 0) {
    const made = call.inputs[0]!(evaluation, frame, value, location);
    if (made === undefined) return undefined;
    if (typeof made !== 'number' || !Number.isInteger(made) || made < 2 || made > 36) {
      return refuse(evaluation, call, location, 'a base from 2 to 36', made);
    }
    base = made;
  }
  const text = typeof value === 'number' ? wholePart(value) : String(value);
  const integer = toInteger(text, base);
  return integer ?? evaluation.report(`->parseInt found no integer in this ${typeName(value)}`, location, call);
};

/** In digits, which `String` does not use for large numbers. */
function wholePart(value: number): string {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '';
}

/** 64 bits have at most 64 digits. */
const INTEGER = /^[+-]?[0-9a-z]{1,64}$/i;

function toInteger(text: string, base: number): number | bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const isNegative = text.startsWith('-');
  let result = 0n;
  for (const digit of text.replace(/^[+-]/, '')) {
    const value = Number.parseInt(digit, 36);
    if (value >= base) return undefined;
    result = result * BigInt(base) + BigInt(value);
  }
  if (result >= 2n ** 63n) return undefined;
  const signed = isNegative ? -result : result;
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

export const typeOf: Method = () => (_evaluation, _frame, value) => typeName(value);
