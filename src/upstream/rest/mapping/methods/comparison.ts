import { areEqual, isNumber, typeName } from '../jsonValues.js';
import type { Method } from './Method.js';
import { refuse } from './Method.js';

export const eq: Method = equality(true);
export const ne: Method = equality(false);
export const lt: Method = order((a, b) => a < b);
export const lte: Method = order((a, b) => a <= b);
export const gt: Method = order((a, b) => a > b);
export const gte: Method = order((a, b) => a >= b);

function equality(wanted: boolean): Method {
  return ({ inputs }) =>
    (evaluation, frame, value, location) => {
      const other = inputs[0]!(evaluation, frame, value, location);
      return other === undefined ? undefined : areEqual(evaluation, value, other) === wanted;
    };
}

/** Numbers with numbers, texts with texts (by UTF-16 code units). */
function order(holds: (a: number | bigint | string, b: number | bigint | string) => boolean): Method {
  return (call) => (evaluation, frame, value, location) => {
    const other = call.inputs[0]!(evaluation, frame, value, location);
    if (other === undefined) return undefined;
    if (isNumber(value) && isNumber(other)) return holds(value, other);
    if (typeof value === 'string' && typeof other === 'string') return holds(value, other);
    const found = `${typeName(value)} and ${typeName(other)}`;
    return evaluation.report(`->${call.name} compares two numbers or two strings, not ${found}`, location, call);
  };
}

/** `->in`: whether the list given as argument has the input. */
export const within: Method = (call) => (evaluation, frame, value, location) => {
  const list = call.inputs[0]!(evaluation, frame, value, location);
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) return refuse(evaluation, call, location, 'a list as argument', list);
  return list.some((element) => areEqual(evaluation, element, value));
};

/** Whether the input, a list, has the argument. */
export const contains: Method = (call) => (evaluation, frame, value, location) => {
  if (!Array.isArray(value)) return refuse(evaluation, call, location, 'a list', value);
  const wanted = call.inputs[0]!(evaluation, frame, value, location);
  if (wanted === undefined) return undefined;
  return value.some((element) => areEqual(evaluation, element, wanted));
};
