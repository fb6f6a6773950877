import type { ChainExpression, Expression } from '../../../supergraph/connect/mapping/Mapping.js';
import type { Compilers } from './Compilers.js';
import type { Step } from './Evaluation.js';
import { setProperty } from './jsonValues.js';

export function compileExpression(expression: Expression, locals: ReadonlySet<string>, compilers: Compilers): Step {
  switch (expression.kind) {
    case 'path':
      return compilers.path(expression, locals);
    case 'chain':
      return compileChain(expression, locals, compilers);
    case 'array': {
      const elements = expression.elements.map((element) => compilers.expression(element, locals));
      return (evaluation, frame, at, location) => {
        evaluation.spend(elements.length + 1);
        return elements.map((element) => element(evaluation, frame, at, location) ?? null);
      };
    }
    case 'object': {
      const properties = expression.properties.map(
        ({ key, value }) => [key.name, compilers.expression(value, locals)] as const,
      );
      return (evaluation, frame, at, location) => {
        evaluation.spend(properties.length + 1);
        const object: Record<string, unknown> = {};
        for (const [name, make] of properties) {
          const value = make(evaluation, frame, at, location);
          if (value !== undefined) setProperty(object, name, value);
        }
        return object;
      };
    }
    default: {
      const { value } = expression;
      return () => value;
    }
  }
}

/** The first operand that has a value (`?!`), or one that is not null (`??`). What went wrong before it does not count. */
function compileChain(
  { operator, operands }: ChainExpression,
  locals: ReadonlySet<string>,
  compilers: Compilers,
): Step {
  const steps = operands.map((operand) => compilers.expression(operand, locals));
  const nullIsNothing = operator === '??';
  return (evaluation, frame, at, location) => {
    const before = evaluation.problems.length;
    let value: unknown;
    for (const step of steps) {
      const start = evaluation.problems.length;
      value = step(evaluation, frame, at, location);
      if (value === undefined || (nullIsNothing && value === null)) continue;
      evaluation.problems.splice(before, start - before);
      return value;
    }
    if (value === null) evaluation.problems.length = before;
    return value;
  };
}
