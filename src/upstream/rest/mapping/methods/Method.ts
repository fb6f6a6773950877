import type { Span } from '../../../../supergraph/connect/mapping/Mapping.js';
import type { MethodName } from '../../../../supergraph/connect/mapping/methods.js';
import type { Evaluation, Location, Step } from '../Evaluation.js';
import { typeName } from '../jsonValues.js';

/** What a method was called with, compiled. */
export interface MethodCall extends Span {
  readonly name: MethodName;
  readonly inputs: readonly Step[];
  /** The elements of those arguments that are written as lists. */
  readonly pairs: readonly (readonly Step[])[];
}

/** Compiles one call of a method; the step is given the method's input. */
export type Method = (call: MethodCall) => Step;

/** Reports that a method cannot take its input, or an argument. */
export function refuse(
  evaluation: Evaluation,
  call: MethodCall,
  location: Location,
  needs: string,
  found: unknown,
): undefined {
  const message = `->${call.name} needs ${needs}, not ${typeName(found)}`;
  return evaluation.report(message, { parent: location, key: `->${call.name}` }, call);
}
