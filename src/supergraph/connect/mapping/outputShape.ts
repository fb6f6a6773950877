import type { Expression, Key, Mapping, MappingPath, SelectionSet } from './Mapping.js';
import { methodFacts } from './methods.js';

/** What a mapping makes, as far as its text tells. Whether an object is one or a list of them depends on the input. */
export type OutputShape = ObjectShape | ValueShape;

/** An object (or a list of objects) with these fields. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, OutputField>;
}

/** Anything: a scalar, a list, or an object whose properties are not known. */
export interface ValueShape {
  readonly kind: 'value';
}

export interface OutputField {
  readonly name: string;
  readonly shape: OutputShape;
  /** Where the mapping names it. */
  readonly key: Key;
}

const VALUE: ValueShape = { kind: 'value' };

/** The tree of fields that a mapping produces. Alternatives (`->match`, `??`) are laid over each other. */
export function outputShape({ root }: Pick<Mapping, 'root'>): OutputShape {
  return root.kind === 'path' ? pathShape(root) : setShape(root);
}

function setShape(set: SelectionSet): ObjectShape {
  const fields = new Map<string, OutputField>();
  for (const item of set.items) {
    if (item.kind === 'inline') {
      const inner = pathShape(item.path);
      if (inner.kind === 'object') inner.fields.forEach((field) => addField(fields, field));
      continue;
    }
    const shape = item.kind === 'group' ? setShape(item.set) : pathShape(item.path);
    addField(fields, { name: item.name.name, key: item.name, shape });
  }
  return { kind: 'object', fields };
}

function pathShape({ head, steps, set }: MappingPath): OutputShape {
  if (set !== undefined) return setShape(set);
  let shape: OutputShape = VALUE;
  if (head.kind === 'expression') shape = expressionShape(head.expression);
  if (head.kind === 'literal') shape = expressionShape(head.literal);
  for (const step of steps) {
    if (step.kind === 'optional') continue;
    if (step.kind === 'key') {
      shape = (shape.kind === 'object' ? shape.fields.get(step.name)?.shape : undefined) ?? VALUE;
      continue;
    }
    shape = methodShape(step.name, step.arguments ?? [], shape);
  }
  return shape;
}

function methodShape(
  name: Parameters<typeof methodFacts>[0],
  inputs: readonly Expression[],
  input: OutputShape,
): OutputShape {
  switch (methodFacts(name).gives) {
    case 'same':
      return input;
    case 'argument':
      return isAt(inputs[0]) ? input : expressionShape(inputs[0]!);
    case 'cases':
      return together(
        inputs.flatMap((pair) => (pair.kind === 'array' ? [pair.elements[1]!] : [])),
        input,
      );
    case 'entries':
      return ENTRIES;
    case 'other':
      return VALUE;
  }
}

function expressionShape(expression: Expression, input: OutputShape = VALUE): OutputShape {
  switch (expression.kind) {
    case 'path':
      return isAt(expression) ? input : pathShape(expression);
    case 'chain':
      return together(expression.operands, input);
    case 'array':
      return together(expression.elements, input);
    case 'object':
      return {
        kind: 'object',
        fields: new Map(
          expression.properties.map(({ key, value }) => [
            key.name,
            { name: key.name, key, shape: expressionShape(value, input) },
          ]),
        ),
      };
    default:
      return VALUE;
  }
}

/** One shape for what may be any of these; `null` says nothing about the others. */
function together(expressions: readonly Expression[], input: OutputShape): OutputShape {
  let all: OutputShape | undefined;
  for (const expression of expressions) {
    if (expression.kind === 'constant' && expression.value === null) continue;
    const shape = expressionShape(expression, input);
    all = all === undefined ? shape : merge(all, shape);
  }
  return all ?? VALUE;
}

function merge(a: OutputShape, b: OutputShape): OutputShape {
  if (a.kind === 'value' || b.kind === 'value') return VALUE;
  const fields = new Map(a.fields);
  b.fields.forEach((field) => addField(fields, field));
  return { kind: 'object', fields };
}

/** A field named twice is both: objects are merged when the mapping runs. */
function addField(fields: Map<string, OutputField>, field: OutputField): void {
  const before = fields.get(field.name);
  fields.set(field.name, before === undefined ? field : { ...before, shape: merge(before.shape, field.shape) });
}

function isAt(expression: Expression | undefined): boolean {
  return (
    expression?.kind === 'path' &&
    expression.head.kind === 'at' &&
    expression.steps.length === 0 &&
    expression.set === undefined
  );
}

const entryField = (name: string): [string, OutputField] => [
  name,
  { name, key: { name, start: 0, end: 0 }, shape: VALUE },
];
const ENTRIES: ObjectShape = { kind: 'object', fields: new Map([entryField('key'), entryField('value')]) };
