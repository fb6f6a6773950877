import type {
  Expression,
  Mapping,
  MappingPath,
  SelectionSet,
} from '../../../../src/supergraph/connect/mapping/Mapping.js';

/** What names mean at some place of a mapping. */
interface Names {
  readonly dollar: unknown;
  readonly at: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The mapping language straight from its description: no compiling, no limits, no messages. undefined is "no value".
 *
 * Written separately from src/upstream/rest/mapping, as its yardstick.
 */
export function naiveEvaluate(
  mapping: Mapping,
  input: unknown,
  variables: Readonly<Record<string, unknown>> = {},
): unknown {
  const names: Names = { dollar: input, at: input, variables };
  return mapping.root.kind === 'path' ? evaluatePath(mapping.root, names) : evaluateSet(mapping.root, input, names);
}

const isList = Array.isArray;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !isList(value);
const orNull = (value: unknown): unknown => (value === undefined ? null : value);

function evaluateSet(set: SelectionSet, value: unknown, names: Names): unknown {
  if (isList(value)) return value.map((element) => orNull(evaluateSet(set, element, names)));
  const inner: Names = { ...names, dollar: value, at: value };
  let output: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const item of set.items) {
    if (item.kind === 'inline') {
      const made = evaluatePath(item.path, inner);
      if (isRecord(made)) output = combine(output, made) as Record<string, unknown>;
      continue;
    }
    const made = item.kind === 'group' ? evaluateSet(item.set, value, inner) : evaluatePath(item.path, inner);
    if (made === undefined) continue;
    const field = Object.create(null) as Record<string, unknown>;
    field[item.name.name] = made;
    output = combine(output, field) as Record<string, unknown>;
  }
  return isRecord(value) || Object.keys(output).length > 0 ? output : value;
}

function combine(a: unknown, b: unknown): unknown {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a === null || b === null) return null;
  if (isRecord(a) && isRecord(b)) {
    const both = Object.create(null) as Record<string, unknown>;
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) both[key] = combine(own(a, key), own(b, key));
    return both;
  }
  if (isList(a) && isList(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => combine(a[index], b[index]));
  }
  return b;
}

function own(value: unknown, key: string): unknown {
  if (isList(value)) return value.map((element) => orNull(own(element, key)));
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function evaluatePath(path: MappingPath, names: Names): unknown {
  const { head } = path;
  let value: unknown;
  if (head.kind === 'dollar' || head.kind === 'at') value = names[head.kind];
  else if (head.kind === 'key') value = own(names.dollar, head.name);
  else if (head.kind === 'variable')
    value = Object.hasOwn(names.variables, head.name) ? names.variables[head.name] : undefined;
  else value = evaluate(literalOf(head), names);

  let variables = names.variables;
  for (const step of path.steps) {
    if (value === undefined) return undefined;
    const here: Names = { ...names, variables, at: value };
    if (step.kind === 'optional') value = value === null ? undefined : value;
    else if (step.kind === 'key') value = own(value, step.name);
    else if (step.name === 'as') {
      const [name, what] = step.arguments!;
      if (name!.kind !== 'path' || name!.head.kind !== 'variable') throw new Error('no name');
      variables = { ...variables, [name!.head.name]: what === undefined ? value : evaluate(what, here) };
    } else value = call(step.name, step.arguments ?? [], value, here);
  }
  if (value === undefined || path.set === undefined) return value;
  return evaluateSet(path.set, value, { ...names, variables });
}

function literalOf(head: MappingPath['head']): Expression {
  if (head.kind === 'literal') return head.literal;
  if (head.kind === 'expression') return head.expression;
  throw new Error(`a ${head.kind} is no expression`);
}

function evaluate(expression: Expression, names: Names): unknown {
  switch (expression.kind) {
    case 'path':
      return evaluatePath(expression, names);
    case 'chain': {
      const isNothing = (value: unknown): boolean =>
        value === undefined || (expression.operator === '??' && value === null);
      const made = expression.operands.map((operand) => evaluate(operand, names));
      const index = made.findIndex((value) => !isNothing(value));
      return made.at(index);
    }
    case 'array':
      return expression.elements.map((element) => orNull(evaluate(element, names)));
    case 'object': {
      const object = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of expression.properties) {
        const made = evaluate(value, names);
        if (made !== undefined) object[key.name] = made;
      }
      return object;
    }
    default:
      return expression.value;
  }
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  const sorted = (value: unknown): unknown =>
    isList(value)
      ? value.map(sorted)
      : isRecord(value)
        ? Object.keys(value)
            .toSorted()
            .map((key) => [key, sorted(value[key])])
        : [typeof value, String(value)];
  return (
    isList(a) === isList(b) && isRecord(a) === isRecord(b) && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
  );
}

function call(name: string, inputs: readonly Expression[], value: unknown, names: Names): unknown {
  const argument = (index: number, at: unknown = value): unknown => evaluate(inputs[index]!, { ...names, at });
  const all = (): unknown[] => inputs.map((_, index) => argument(index));
  const elements: unknown[] = isList(value) ? value : [value];
  const text = (scalar: unknown): string | undefined =>
    scalar === null ? '' : typeof scalar === 'object' ? undefined : String(scalar);
  const sequence = isList(value) ? value : typeof value === 'string' ? [...value] : undefined;
  const pick = (index: unknown): unknown => (Number.isInteger(index) ? sequence?.at(index as number) : undefined);
  const numbers = (operate: (a: number, b: number) => number): unknown => {
    const operands = [value, ...all()];
    if (!operands.every((operand) => typeof operand === 'number')) return undefined;
    let result = operands[0]!;
    for (const operand of operands.slice(1)) {
      result = operate(result, operand);
      if (!Number.isFinite(result)) return undefined;
    }
    return result;
  };
  const compare = (holds: (order: number) => boolean): unknown => {
    const other = argument(0);
    if (typeof value !== typeof other || (typeof value !== 'number' && typeof value !== 'string')) return undefined;
    return holds((value as number) < (other as number) ? -1 : (value as number) > (other as number) ? 1 : 0);
  };
  const verdicts = (): boolean[] | undefined => {
    const made = elements.map((element) => argument(0, element));
    return made.every((verdict) => typeof verdict === 'boolean') ? made : undefined;
  };

  switch (name) {
    case 'echo':
      return argument(0);
    case 'map':
      return elements.map((element) => orNull(argument(0, element)));
    case 'filter': {
      const kept = verdicts();
      return kept && elements.filter((_, index) => kept[index]);
    }
    case 'find': {
      for (const element of elements) {
        const verdict = argument(0, element);
        if (typeof verdict !== 'boolean') return undefined;
        if (verdict) return element;
      }
      return undefined;
    }
    case 'match':
    case 'matchIf': {
      for (const pair of inputs) {
        if (pair.kind !== 'array') continue;
        const candidate = evaluate(pair.elements[0]!, { ...names, at: value });
        const fits = name === 'match' ? candidate !== undefined && same(candidate, value) : candidate === true;
        if (fits) return evaluate(pair.elements[1]!, { ...names, at: value });
      }
      return undefined;
    }
    case 'first':
      return sequence === undefined ? value : sequence[0];
    case 'last':
      return sequence === undefined ? value : sequence.at(-1);
    case 'slice': {
      const bounds = all().map((bound) => (bound === null ? undefined : bound));
      if (!bounds.every((bound) => bound === undefined || Number.isInteger(bound))) return undefined;
      const [from = 0, to = Infinity] = bounds.map((bound) =>
        bound === undefined ? undefined : Math.max(0, bound as number),
      );
      const part = sequence?.filter((_, index) => index >= from && index < to);
      return typeof value === 'string' ? part?.join('') : part;
    }
    case 'size':
      return sequence?.length ?? (isRecord(value) ? Object.keys(value).length : undefined);
    case 'entries':
      return isRecord(value) ? Object.entries(value).map(([key, each]) => ({ key, value: each })) : undefined;
    case 'keys':
      return isRecord(value) ? Object.keys(value) : undefined;
    case 'values':
      return isRecord(value) ? Object.values(value) : undefined;
    case 'get': {
      const key = argument(0);
      if (isRecord(value)) return typeof key === 'string' ? own(value, key) : undefined;
      return pick(key);
    }
    case 'has': {
      const key = argument(0);
      if (key === undefined) return undefined;
      if (isRecord(value)) return typeof key === 'string' && Object.hasOwn(value, key);
      return pick(key) !== undefined;
    }
    case 'jsonStringify':
      return JSON.stringify(value);
    case 'jsonParse':
      try {
        return JSON.parse(value as string) as unknown;
      } catch {
        return undefined;
      }
    case 'joinNotNull': {
      const separator = argument(0);
      const texts = elements.filter((element) => element !== null).map(text);
      if (typeof separator !== 'string' || texts.includes(undefined)) return undefined;
      return texts.join(separator);
    }
    case 'toString':
      return text(value);
    case 'typeof':
      return value === null ? 'null' : isList(value) ? 'array' : typeof value;
    case 'eq':
    case 'ne': {
      const other = argument(0);
      return other === undefined ? undefined : same(value, other) === (name === 'eq');
    }
    case 'in': {
      const list = argument(0);
      return isList(list) ? list.some((element) => same(element, value)) : undefined;
    }
    case 'contains': {
      const wanted = isList(value) ? argument(0) : undefined;
      return wanted === undefined ? undefined : (value as unknown[]).some((element) => same(element, wanted));
    }
    case 'lt':
      return compare((order) => order < 0);
    case 'lte':
      return compare((order) => order <= 0);
    case 'gt':
      return compare((order) => order > 0);
    case 'gte':
      return compare((order) => order >= 0);
    case 'not':
      return typeof value === 'boolean' ? !value : undefined;
    case 'and':
    case 'or': {
      if (typeof value !== 'boolean') return undefined;
      for (const operand of [value, ...inputs]) {
        const made = typeof operand === 'boolean' ? operand : evaluate(operand, { ...names, at: value });
        if (typeof made !== 'boolean') return undefined;
        if (made === (name === 'or')) return made;
      }
      return name === 'and';
    }
    case 'add':
      return numbers((a, b) => a + b);
    case 'sub':
      return numbers((a, b) => a - b);
    case 'mul':
      return numbers((a, b) => a * b);
    case 'div':
      return numbers((a, b) => a / b);
    case 'mod':
      return numbers((a, b) => a % b);
    case 'parseInt': {
      const base = inputs.length === 0 ? 10 : argument(0);
      if (!Number.isInteger(base) || (base as number) < 2 || (base as number) > 36) return undefined;
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      const digits = String(typeof value === 'number' ? Math.trunc(value) : value).toLowerCase();
      const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base as number);
      if (!new RegExp(`^[+-]?[${alphabet}]+$`).test(digits)) return undefined;
      return Number.parseInt(digits, base as number);
    }
    default:
      throw new Error(`no ->${name}`);
  }
}
