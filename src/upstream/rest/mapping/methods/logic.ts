import type { Method } from './Method.js';
import { refuse } from './Method.js';

/** Arguments behind the one that decides are not looked at. */
export const and: Method = junction(false);
export const or: Method = junction(true);

function junction(decisive: boolean): Method {
  return (call) => (evaluation, frame, value, location) => {
    if (typeof value !== 'boolean') return refuse(evaluation, call, location, 'a boolean', value);
    let result = value;
    for (const input of call.inputs) {
      if (result === decisive) return decisive;
      const other = input(evaluation, frame, value, location);
      if (other === undefined) return undefined;
      if (typeof other !== 'boolean') return refuse(evaluation, call, location, 'booleans as arguments', other);
      result = other;
    }
    return result;
  };
}

export const not: Method = (call) => (evaluation, _frame, value, location) =>
  typeof value === 'boolean' ? !value : refuse(evaluation, call, location, 'a boolean', value);
