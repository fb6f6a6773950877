import type { VariableValues } from '../variables.js';

import { bounded } from './points.js';

/** A value of a program: a number that is known, or the register that will hold it. */
export type CostValue = number | Register;

/** Where a program keeps a value. */
export class Register {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Reads a number out of the variables of a request: finite, and no larger than MAX_POINTS. */
export type ReadNumber = (variables: VariableValues) => number;

type Instruction =
  | { readonly kind: 'read'; readonly read: ReadNumber }
  | { readonly kind: 'sum' | 'max'; readonly constant: number; readonly parts: readonly number[] }
  | { readonly kind: 'field'; readonly count: CostValue; readonly each: CostValue; readonly once: CostValue };

/**
 * Arithmetic that is left when everything is known but the variables: a list of instructions, each writing one register that later ones
 * read. What is shared in the operation is worked out once.
 *
 * HOT: `evaluate` runs once per request; most programs are a constant. Bench: bench/demandControl.ts.
 */
export class CostProgram {
  readonly #instructions: Instruction[] = [];
  #registers = new Float64Array(0);

  read(read: ReadNumber): CostValue {
    return this.#append({ kind: 'read', read });
  }

  sum(values: readonly CostValue[]): CostValue {
    const constant = values.reduce<number>((total, value) => (typeof value === 'number' ? total + value : total), 0);
    const parts = registersOf(values);
    if (parts.length === 0) return bounded(constant);
    if (parts.length === 1 && constant === 0) return values.find((value) => typeof value !== 'number')!;
    return this.#append({ kind: 'sum', constant, parts });
  }

  max(values: readonly CostValue[]): CostValue {
    const known = values.filter((value) => typeof value === 'number');
    const constant = known.length === 0 ? -Infinity : Math.max(...known);
    const parts = [...new Set(registersOf(values))];
    if (parts.length === 0) return constant;
    if (parts.length === 1 && known.length === 0) return values.find((value) => typeof value !== 'number')!;
    return this.#append({ kind: 'max', constant, parts });
  }

  /** `count` times `each`, and `once` besides. Neither `each` nor the whole is ever less than 0, whatever weights are. */
  field(count: CostValue, each: CostValue, once: CostValue): CostValue {
    if (typeof count === 'number' && typeof each === 'number' && typeof once === 'number')
      return price(count, each, once);
    return this.#append({ kind: 'field', count, each, once });
  }

  evaluate(result: CostValue, variables: VariableValues): number {
    if (typeof result === 'number') return result;
    const registers = this.#registers;
    for (let i = 0; i <= result.index; i++) {
      const instruction = this.#instructions[i]!;
      let value: number;
      switch (instruction.kind) {
        case 'read':
          value = instruction.read(variables);
          break;
        case 'sum': {
          value = instruction.constant;
          for (const part of instruction.parts) value += registers[part]!;
          break;
        }
        case 'max': {
          value = instruction.constant;
          for (const part of instruction.parts) if (registers[part]! > value) value = registers[part]!;
          break;
        }
        case 'field': {
          const { count, each, once } = instruction;
          value = price(valueOf(count, registers), valueOf(each, registers), valueOf(once, registers));
        }
      }
      registers[i] = bounded(value);
    }
    return registers[result.index]!;
  }

  #append(instruction: Instruction): Register {
    const register = new Register(this.#instructions.push(instruction) - 1);
    // Kept for all requests: an evaluation is never interrupted.
    if (this.#registers.length <= register.index) this.#registers = new Float64Array(2 * register.index + 8);
    return register;
  }
}

function price(count: number, each: number, once: number): number {
  return bounded(Math.max(0, count * Math.max(0, each) + once));
}

function registersOf(values: readonly CostValue[]): number[] {
  return values.flatMap((value) => (typeof value === 'number' ? [] : [value.index]));
}

function valueOf(value: CostValue, registers: Float64Array): number {
  return typeof value === 'number' ? value : registers[value.index]!;
}
