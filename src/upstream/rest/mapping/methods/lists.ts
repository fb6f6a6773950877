import { isJsonObject } from '../../../../base/kit/isJsonObject.js';
import { typeName } from '../jsonValues.js';
import type { Evaluation, Frame, Location, Step } from '../Evaluation.js';
import { characters } from './characters.js';
import type { Method, MethodCall } from './Method.js';
import { refuse } from './Method.js';

/** What its argument makes of each element; of something that is no list, a list of one. */
export const map: Method = ({ inputs, name }) => {
  const make = inputs[0]!;
  return (evaluation, frame, value, location) => {
    const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
    evaluation.spend(elements.length);
    const here: Location = { parent: location, key: `->${name}` };
    return elements.map((element, key) => make(evaluation, frame, element, { parent: here, key }) ?? null);
  };
};

/** The elements of which the argument says true; of something that is no list, a list of one or none. */
export const filter: Method = (call) => (evaluation, frame, value, location) => {
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  const kept: unknown[] = [];
  for (const [index, element] of elements.entries()) {
    const verdict = judge(call, evaluation, frame, element, { parent: location, key: index });
    if (verdict === undefined) return undefined;
    if (verdict) kept.push(element);
  }
  return kept;
};

/** The first element of which the argument says true. */
export const find: Method = (call) => (evaluation, frame, value, location) => {
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, element] of elements.entries()) {
    const verdict = judge(call, evaluation, frame, element, { parent: location, key: index });
    if (verdict === undefined) return undefined;
    if (verdict) return element;
  }
  return undefined;
};

/** Anything but true and false is a mistake, and no answer to the question. */
function judge(
  call: MethodCall,
  evaluation: Evaluation,
  frame: Frame,
  element: unknown,
  location: Location,
): boolean | undefined {
  evaluation.spend(1);
  const verdict = call.inputs[0]!(evaluation, frame, element, location);
  if (typeof verdict === 'boolean') return verdict;
  if (verdict !== undefined) refuse(evaluation, call, location, 'a condition that is true or false', verdict);
  return undefined;
}

export const first: Method = (call) => end(call, (elements) => elements[0]);
export const last: Method = (call) => end(call, (elements) => elements.at(-1));

/** Of an empty list or text there is none; something that is neither is its own first and last. */
function end(call: MethodCall, pick: (elements: readonly unknown[]) => unknown): Step {
  return (evaluation, _frame, value, location) => {
    if (Array.isArray(value)) return pick(value);
    if (typeof value === 'string') return pick(characters(evaluation, value));
    refuse(evaluation, call, location, 'a list or a string', value);
    return value;
  };
}

/** From `start` to before `end`; both default to all, and what is outside is left out. */
export const slice: Method = (call) => {
  const [start, finish] = call.inputs;
  return (evaluation, frame, value, location) => {
    const from = bound(call, start, evaluation, frame, value, location);
    const to = bound(call, finish, evaluation, frame, value, location);
    if (from === null || to === null) return undefined;
    if (Array.isArray(value)) {
      evaluation.spend(value.length);
      return value.slice(from ?? 0, to);
    }
    if (typeof value !== 'string') return refuse(evaluation, call, location, 'a list or a string', value);
    return characters(evaluation, value)
      .slice(from ?? 0, to)
      .join('');
  };
};

/** null where the argument is no integer. */
function bound(
  call: MethodCall,
  input: Step | undefined,
  evaluation: Evaluation,
  frame: Frame,
  value: unknown,
  location: Location,
): number | undefined | null {
  const made = input?.(evaluation, frame, value, location);
  if (made === undefined || made === null) return undefined;
  if (typeof made === 'number' && Number.isInteger(made)) return Math.max(made, 0);
  refuse(evaluation, call, location, 'integers as arguments', made);
  return null;
}

/** Elements of a list, characters of a text, properties of an object. */
export const size: Method = (call) => (evaluation, _frame, value, location) => {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return characters(evaluation, value).length;
  if (isJsonObject(value)) return Object.keys(value).length;
  return refuse(evaluation, call, location, 'a list, a string or an object', value);
};

/** An element by index (from the end when negative), a character likewise, or a property by name. */
export const get: Method = (call) => (evaluation, frame, value, location) => {
  const key = call.inputs[0]!(evaluation, frame, value, location);
  if (key === undefined) return undefined;
  if (isJsonObject(value)) {
    if (typeof key !== 'string') return refuse(evaluation, call, location, 'a name to look up in an object', key);
    if (Object.hasOwn(value, key)) return value[key];
    return evaluation.report(`->get finds no such property`, location, call);
  }
  const elements = elementsOf(evaluation, value);
  if (elements === undefined) return refuse(evaluation, call, location, 'a list, a string or an object', value);
  if (typeof key !== 'number' || !Number.isInteger(key)) {
    return refuse(evaluation, call, location, `an integer to look up in a ${typeName(value)}`, key);
  }
  const element = elements.at(key);
  return element ?? (key < elements.length && key >= -elements.length ? element : missing());

  function missing(): undefined {
    return evaluation.report(`->get finds no element ${String(key)} among ${elements!.length}`, location, call);
  }
};

/** Whether `->get` would find something. */
export const has: Method = (call) => (evaluation, frame, value, location) => {
  const key = call.inputs[0]!(evaluation, frame, value, location);
  if (key === undefined) return undefined;
  if (isJsonObject(value)) return typeof key === 'string' && Object.hasOwn(value, key);
  const elements = elementsOf(evaluation, value);
  if (elements === undefined || typeof key !== 'number' || !Number.isInteger(key)) return false;
  return key < elements.length && key >= -elements.length;
};

function elementsOf(evaluation: Evaluation, value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? characters(evaluation, value) : undefined;
}
