import type { Expression, Mapping, MappingPath, PathHead, PathStep, SelectionSet, Span } from './Mapping.js';
import { methodFacts } from './methods.js';

/** A value from outside that a mapping reads. */
export interface VariableUse {
  /** `$args`, `$this`, `$batch`, …, or `$`: the input of the mapping, that is the body of a response in a `selection`. */
  readonly variable: string;
  /**
   * The properties that lead to what is read, lists left out (`$batch.id` and `$batch->map(@.id)` are both `['id']`). Empty: the value as
   * a whole.
   */
  readonly path: readonly string[];
  /** Where the mapping reads it. */
  readonly span: Span;
}

/**
 * Every value from outside that a mapping may read when it runs, in the order of the text, repeats included.
 *
 * Followed into sets (`$this { a b }` is two uses), through methods that hand on their input or its elements (`first`, `filter`, `map`),
 * and into `@`, `$` and variables bound by `->as`. A method that needs its input as a whole ends the path.
 */
export function variableUses({ root }: Pick<Mapping, 'root'>): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  const input: Origin = { variable: '$', path: [] };
  const scope: Scope = { dollar: input, at: input, locals: new Map() };
  if (root.kind === 'path') read(followPath(root, scope, uses), root, uses);
  else followSet(root, scope, uses);
  return uses;
}

/** Where a value came from; undefined for values that the mapping made itself. */
type Origin = { readonly variable: string; readonly path: readonly string[] } | undefined;

interface Scope {
  readonly dollar: Origin;
  readonly at: Origin;
  readonly locals: ReadonlyMap<string, Origin>;
}

function read(origin: Origin, span: Span, uses: VariableUse[]): void {
  if (origin === undefined) return;
  uses.push({ variable: origin.variable, path: origin.path, span: { start: span.start, end: span.end } });
}

function followSet(set: SelectionSet, scope: Scope, uses: VariableUse[]): void {
  for (const item of set.items) {
    if (item.kind === 'group') followSet(item.set, scope, uses);
    else read(followPath(item.path, scope, uses), item.path, uses);
  }
}

/** Where the value of a path comes from; what has been read by then is added to `uses`. */
function followPath(path: MappingPath, scope: Scope, uses: VariableUse[]): Origin {
  const mark = uses.length;
  let origin = followHead(path.head, scope, uses);
  let inner = scope;
  const left: Origin[] = [];
  for (const step of path.steps) {
    if (step.kind === 'key') {
      origin = origin && { variable: origin.variable, path: [...origin.path, step.name] };
    } else if (step.kind === 'method') {
      if (step.name === 'as') {
        inner = bind(inner, step, origin, uses);
        continue;
      }
      const made = followMethod(step, path, origin, inner, uses);
      if (made?.variable !== origin?.variable) left.push(origin);
      origin = made;
    }
  }
  if (path.set !== undefined) {
    followSet(path.set, { ...inner, dollar: origin, at: origin }, uses);
    left.push(origin);
    origin = undefined;
  }
  for (const each of left) readOnce(each, path, uses, mark);
  return origin;
}

/** A path that makes something else of a value (`$args.a { id: $this.id }`) looks at it all the same. */
function readOnce(origin: Origin, path: MappingPath, uses: VariableUse[], mark: number): void {
  if (uses.slice(mark).every(({ variable }) => variable !== origin?.variable)) read(origin, path, uses);
}

function followHead(head: PathHead, scope: Scope, uses: VariableUse[]): Origin {
  switch (head.kind) {
    case 'dollar':
      return scope.dollar;
    case 'at':
      return scope.at;
    case 'variable':
      return scope.locals.has(head.name) ? scope.locals.get(head.name) : { variable: head.name, path: [] };
    case 'key':
      return scope.dollar && { variable: scope.dollar.variable, path: [...scope.dollar.path, head.name] };
    case 'expression':
      return followExpression(head.expression, scope, uses);
    case 'literal':
      return followExpression(head.literal, scope, uses);
  }
}

type MethodStep = Extract<PathStep, { kind: 'method' }>;

/** `->as($name)` names its input, `->as($name, value)` what the second argument makes of it. */
function bind(scope: Scope, { arguments: inputs }: MethodStep, origin: Origin, uses: VariableUse[]): Scope {
  const [variable, value] = inputs ?? [];
  if (variable?.kind !== 'path' || variable.head.kind !== 'variable') return scope;
  const bound = value === undefined ? origin : followExpression(value, { ...scope, at: origin }, uses);
  return { ...scope, locals: new Map(scope.locals).set(variable.head.name, bound) };
}

function followMethod(step: MethodStep, path: MappingPath, origin: Origin, scope: Scope, uses: VariableUse[]): Origin {
  const { gives } = methodFacts(step.name);
  const inner: Scope = { ...scope, at: origin };
  const results = (step.arguments ?? []).map((input) => followExpression(input, inner, uses));
  if (gives === 'argument') return results[0];
  const ends = step.arguments ?? [];
  results.forEach((result, index) => read(result, ends[index]!, uses));
  if (gives === 'same') return origin;
  read(origin, { start: path.start, end: step.end }, uses);
  return undefined;
}

function followExpression(expression: Expression, scope: Scope, uses: VariableUse[]): Origin {
  switch (expression.kind) {
    case 'path':
      return followPath(expression, scope, uses);
    case 'chain':
      expression.operands.forEach((operand) => read(followExpression(operand, scope, uses), operand, uses));
      return undefined;
    case 'array':
      expression.elements.forEach((element) => read(followExpression(element, scope, uses), element, uses));
      return undefined;
    case 'object':
      expression.properties.forEach(({ value }) => read(followExpression(value, scope, uses), value, uses));
      return undefined;
    default:
      return undefined;
  }
}
