import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { MappingPath, PathHead, PathStep, Span } from '../../../supergraph/connect/mapping/Mapping.js';
import type { Compilers } from './Compilers.js';
import type { Evaluation, Location, Locals, Step } from './Evaluation.js';
import { typeName } from './jsonValues.js';
import { compileMethod } from './methods/compileMethod.js';

/** The end of a path: its value. */
const keep: Step = (_evaluation, _frame, value) => value;

/** A path: each step hands its value to the next, which was compiled before it. */
export function compilePath(path: MappingPath, locals: ReadonlySet<string>, compilers: Compilers): Step {
  const known = localsOf(path.steps, locals);
  let next = path.set === undefined ? keep : compilers.set(path.set, known.at(-1)!);
  for (let index = path.steps.length - 1; index >= 0; index--) {
    const step = path.steps[index]!;
    const isOptional = path.steps[index + 1]?.kind === 'optional';
    next = compileStep(step, isOptional, next, known[index]!, compilers);
  }
  const isOptional = path.steps[0]?.kind === 'optional';
  return compileHead(path.head, isOptional, next, locals, compilers);
}

/** Which names are bound before each step, and behind the last. */
function localsOf(steps: readonly PathStep[], around: ReadonlySet<string>): ReadonlySet<string>[] {
  const known = [around];
  for (const step of steps) {
    const name = boundName(step);
    known.push(name === undefined ? known.at(-1)! : new Set([...known.at(-1)!, name]));
  }
  return known;
}

function boundName(step: PathStep): string | undefined {
  if (step.kind !== 'method' || step.name !== 'as') return undefined;
  const [variable] = step.arguments ?? [];
  return variable?.kind === 'path' && variable.head.kind === 'variable' ? variable.head.name : undefined;
}

function compileHead(
  head: PathHead,
  isOptional: boolean,
  next: Step,
  locals: ReadonlySet<string>,
  compilers: Compilers,
): Step {
  switch (head.kind) {
    case 'dollar':
      return (evaluation, frame) => next(evaluation, frame, frame.value, frame.location);
    case 'at':
      return next;
    case 'key': {
      const key = compileKey(head.name, head, isOptional, next);
      return (evaluation, frame) => key(evaluation, frame, frame.value, frame.location);
    }
    case 'variable':
      return compileVariable(head.name, head, isOptional, next, locals);
    case 'expression':
    case 'literal': {
      const make = compilers.expression(head.kind === 'literal' ? head.literal : head.expression, locals);
      if (next === keep) return make;
      return (evaluation, frame, at, location) => {
        const value = make(evaluation, frame, at, location);
        return value === undefined ? undefined : next(evaluation, frame, value, location);
      };
    }
  }
}

function compileVariable(name: string, span: Span, isOptional: boolean, next: Step, locals: ReadonlySet<string>): Step {
  const location: Location = { parent: undefined, key: name };
  const isLocal = locals.has(name);
  return (evaluation, frame, _at, around) => {
    const value = isLocal ? localValue(frame.locals, name) : evaluation.variable(name);
    if (value !== undefined) return next(evaluation, frame, value, location);
    return isOptional ? undefined : evaluation.report(`There is no ${name} here`, around, span);
  };
}

function localValue(locals: Locals | undefined, name: string): unknown {
  for (let local = locals; local !== undefined; local = local.outer) if (local.name === name) return local.value;
  return undefined;
}

function compileStep(
  step: PathStep,
  isOptional: boolean,
  next: Step,
  locals: ReadonlySet<string>,
  compilers: Compilers,
): Step {
  switch (step.kind) {
    case 'key':
      return compileKey(step.name, step, isOptional, next);
    case 'optional':
      return (evaluation, frame, value, location) =>
        value === null ? undefined : next(evaluation, frame, value, location);
    case 'method': {
      if (step.name === 'as') return compileAs(step, next, locals, compilers);
      const inputs = (step.arguments ?? []).map((input) => compilers.expression(input, locals));
      const pairs = (step.arguments ?? []).map((input) =>
        input.kind === 'array' ? input.elements.map((element) => compilers.expression(element, locals)) : [],
      );
      const method = compileMethod(step, inputs, pairs);
      if (next === keep) return method;
      const key = `->${step.name}`;
      return (evaluation, frame, value, location) => {
        const result = method(evaluation, frame, value, location);
        return result === undefined ? undefined : next(evaluation, frame, result, { parent: location, key });
      };
    }
  }
}

/** `->as($name)`, `->as($name, value)`: the input goes on, with a name for the rest of the path. */
function compileAs(
  { arguments: inputs = [] }: Extract<PathStep, { kind: 'method' }>,
  next: Step,
  locals: ReadonlySet<string>,
  compilers: Compilers,
): Step {
  const [variable, expression] = inputs;
  const name = variable?.kind === 'path' && variable.head.kind === 'variable' ? variable.head.name : '';
  const make = expression === undefined ? keep : compilers.expression(expression, locals);
  return (evaluation, frame, value, location) => {
    const bound = make(evaluation, frame, value, location);
    return next(evaluation, { ...frame, locals: { name, value: bound, outer: frame.locals } }, value, location);
  };
}

/** `.name`: a property, or the list of properties of the elements of a list. */
function compileKey(name: string, span: Span, isOptional: boolean, next: Step): Step {
  const lookUp = (evaluation: Evaluation, value: unknown, location: Location): unknown => {
    if (Array.isArray(value)) {
      evaluation.spend(value.length);
      return evaluation.deeper(() =>
        value.map((element, key) => lookUp(evaluation, element, { parent: location, key }) ?? null),
      );
    }
    if (isJsonObject(value) && Object.hasOwn(value, name)) {
      const property = value[name];
      if (property !== undefined) return property;
    }
    if (isOptional) return undefined;
    return evaluation.report(`There is no "${name}" in ${typeName(value)}`, { parent: location, key: name }, span);
  };
  return (evaluation, frame, value, location) => {
    const property = lookUp(evaluation, value, location);
    if (property === undefined || next === keep) return property;
    return next(evaluation, frame, property, { parent: location, key: name });
  };
}
