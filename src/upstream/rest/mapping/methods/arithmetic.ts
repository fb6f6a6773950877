import { isNumber } from '../jsonValues.js';
import type { Method } from './Method.js';
import { refuse } from './Method.js';

/** The result; undefined where there is none, such as a division by zero. */
type Operation = (a: number, b: number) => number;
type BigOperation = (a: bigint, b: bigint) => bigint;

/** Integers stay exact beyond ±(2^53 - 1), up to 64 bits. */
const LARGEST = 2n ** 63n - 1n;

function arithmetic(operate: Operation, operateExactly: BigOperation | undefined): Method {
  const calculate = (a: number | bigint, b: number | bigint): number | bigint | undefined => {
    const result = operate(Number(a), Number(b));
    if (!Number.isFinite(result)) return undefined;
    if (operateExactly === undefined || !isInteger(a) || !isInteger(b)) return result;
    if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(result)) return result || 0;
    const exact = operateExactly(BigInt(a), BigInt(b));
    if (exact > LARGEST || exact < -LARGEST) return undefined;
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  };
  return (call) => (evaluation, frame, value, location) => {
    if (!isNumber(value)) return refuse(evaluation, call, location, 'a number', value);
    let result: number | bigint | undefined = value;
    for (const input of call.inputs) {
      const other = input(evaluation, frame, value, location);
      if (other === undefined) return undefined;
      if (!isNumber(other)) return refuse(evaluation, call, location, 'numbers as arguments', other);
      result = calculate(result, other);
      if (result === undefined) {
        return evaluation.report(`->${call.name} of these numbers has no result`, location, call);
      }
    }
    return result;
  };
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

export const add = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
export const sub = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);
export const mul = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
);
/** Of integers too a fraction. */
export const div = arithmetic((a, b) => a / b, undefined);
/** The remainder, with the sign of the input. */
export const mod = arithmetic(
  (a, b) => a % b,
  (a, b) => a % b,
);
