import { describe, expect, it } from 'vitest';

import { outputShape } from '../../../../src/supergraph/connect/mapping/outputShape.js';
import type { OutputShape } from '../../../../src/supergraph/connect/mapping/outputShape.js';
import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';

function shape(text: string): string {
  const result = parseSelection(text);
  if (!result.ok) throw new Error(result.problem.message);
  return show(outputShape(result.value));
}

function show(of: OutputShape): string {
  if (of.kind === 'value') return '*';
  return `{${Array.from(of.fields.values(), (field) => `${field.name}:${show(field.shape)}`).join(' ')}}`;
}

describe('which fields a mapping makes', () => {
  const rows: readonly (readonly [text: string, makes: string])[] = [
    ['id name', '{id:* name:*}'],
    ['a: b.c { d e: f }', '{a:{d:* e:*}}'],
    ['id some.path { a b }', '{id:* a:* b:*}'],
    ['$.results { id }', '{id:*}'],
    ['$.results', '*'],
    ['names: { first: a last: b }', '{names:{first:* last:*}}'],
    ['a: $({ b: 1, c: { d: 2 } })', '{a:{b:* c:{d:*}}}'],
    ['a: $({ b: { c: 1 } }).b', '{a:{c:*}}'],
    ['a: list->map({ id: @ })->first', '{a:{id:*}}'],
    ['a: list->map(@ { x })->filter(@.x)', '{a:{x:*}}'],
    ['a: kind->match([1, { x: 1 }], [2, { y: 1 }], [@, null])', '{a:{x:* y:*}}'],
    ['a: kind->match([1, { x: 1 }], [2, 3])', '{a:*}'],
    ['a: object->entries', '{a:{key:* value:*}}'],
    ['a: object->entries { k: key }', '{a:{k:*}}'],
    ['a: $(b ?? { c: 1 })', '{a:*}'],
    ['a: $(b { c } ?? { d: 1 })', '{a:{c:* d:*}}'],
    ['a: { b: x } a: { c: y }', '{a:{b:* c:*}}'],
    ['a: $({ b: 1 })->echo(@)', '{a:{b:*}}'],
    ['a: b->jsonStringify', '{a:*}'],
    ['', '{}'],
  ];
  it.each(rows)('%s', (text, makes) => {
    expect(shape(text)).toBe(makes);
  });
});
