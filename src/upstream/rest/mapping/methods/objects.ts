import { isJsonObject } from '../../../../base/kit/isJsonObject.js';
import type { JsonObject } from '../jsonValues.js';
import type { Method } from './Method.js';
import { refuse } from './Method.js';

/** A list of `{ key, value }`, in the order of the object. */
export const entries: Method = listing((object, keys) => keys.map((key) => ({ key, value: object[key] })));
export const keys: Method = listing((_object, names) => names);
export const values: Method = listing((object, names) => names.map((key) => object[key]));

function listing(list: (object: JsonObject, keys: readonly string[]) => readonly unknown[]): Method {
  return (call) => (evaluation, _frame, value, location) => {
    if (!isJsonObject(value)) return refuse(evaluation, call, location, 'an object', value);
    const names = Object.keys(value);
    evaluation.spend(names.length);
    return list(value, names);
  };
}
