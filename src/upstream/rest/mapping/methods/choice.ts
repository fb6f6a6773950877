import { areEqual } from '../jsonValues.js';
import type { Method, MethodCall } from './Method.js';
import type { Step } from '../Evaluation.js';

/** What its argument makes of the input. */
export const echo: Method =
  ({ inputs }) =>
  (evaluation, frame, value, location) =>
    inputs[0]!(evaluation, frame, value, location);

/** The value of the first pair whose candidate equals the input. */
export const match: Method = (call) =>
  firstPair(call, (candidate) => (evaluation, frame, value, location) => {
    const made = candidate(evaluation, frame, value, location);
    return made !== undefined && areEqual(evaluation, made, value);
  });

/** The value of the first pair whose condition is true. */
export const matchIf: Method = (call) =>
  firstPair(
    call,
    (condition) => (evaluation, frame, value, location) => condition(evaluation, frame, value, location) === true,
  );

function firstPair(call: MethodCall, compileTest: (candidate: Step) => Step): Step {
  const cases = call.pairs.map(([candidate, result]) => ({ matches: compileTest(candidate!), result: result! }));
  return (evaluation, frame, value, location) => {
    for (const { matches, result } of cases) {
      if (matches(evaluation, frame, value, location) === true) return result(evaluation, frame, value, location);
    }
    return evaluation.report(`No pair of ->${call.name} fits`, location, call);
  };
}
