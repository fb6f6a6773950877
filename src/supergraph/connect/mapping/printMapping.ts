import type {
  Expression,
  Literal,
  Mapping,
  MappingPath,
  PathHead,
  PathStep,
  SelectionItem,
  SelectionSet,
} from './Mapping.js';

const IDENTIFIER = /^[A-Za-z_][0-9A-Za-z_]*$/;

/** A mapping as text, on one line, without comments. `parseSelection` reads the same mapping from it. */
export function printMapping({ root }: Pick<Mapping, 'root'>): string {
  return root.kind === 'path' ? printPath(root) : root.items.map(printItem).join(' ');
}

export function printPath({ head, steps, set }: MappingPath): string {
  const path = printHead(head) + steps.map(printStep).join('');
  return set === undefined ? path : `${path} ${printSet(set)}`;
}

function printSet({ items }: SelectionSet): string {
  return items.length === 0 ? '{ }' : `{ ${items.map(printItem).join(' ')} }`;
}

function printItem(item: SelectionItem): string {
  switch (item.kind) {
    case 'inline':
      return printPath(item.path);
    case 'group':
      return `${printKey(item.name.name)}: ${printSet(item.set)}`;
    case 'field':
      return item.aliased ? `${printKey(item.name.name)}: ${printPath(item.path)}` : printPath(item.path);
  }
}

function printHead(head: PathHead): string {
  switch (head.kind) {
    case 'dollar':
      return '$';
    case 'at':
      return '@';
    case 'variable':
      return head.name;
    case 'key':
      return printKey(head.name);
    case 'expression':
      return `$(${printExpression(head.expression)})`;
    case 'literal':
      return printLiteral(head.literal);
  }
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'key':
      return `.${printKey(step.name)}`;
    case 'optional':
      return '?';
    case 'method':
      return `->${step.name}${step.arguments === undefined ? '' : `(${printAll(step.arguments)})`}`;
  }
}

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'path':
      return printPath(expression);
    case 'chain':
      return expression.operands.map(printExpression).join(` ${expression.operator} `);
    default:
      return printLiteral(expression);
  }
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return quote(literal.value);
    case 'number':
      return literal.text;
    case 'constant':
      return String(literal.value);
    case 'array':
      return `[${printAll(literal.elements)}]`;
    case 'object':
      return `{${literal.properties.map(({ key, value }) => `${printKey(key.name)}: ${printExpression(value)}`).join(', ')}}`;
  }
}

function printAll(expressions: readonly Expression[]): string {
  return expressions.map(printExpression).join(', ');
}

/** A name as the mapping language has it: a string where it is no identifier. */
export function printKey(name: string): string {
  return IDENTIFIER.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
