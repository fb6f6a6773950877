import { describe, expect, it } from 'vitest';

import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';
import { variableUses } from '../../../../src/supergraph/connect/mapping/variableUses.js';

function uses(text: string): string[] {
  const result = parseSelection(text);
  if (!result.ok) throw new Error(result.problem.message);
  return variableUses(result.value).map(({ variable, path }) => [variable, ...path].join('.'));
}

describe('which values from outside a mapping reads', () => {
  const rows: readonly (readonly [text: string, reads: readonly string[]])[] = [
    ['id name', ['$.id', '$.name']],
    ['a: b.c { d e: f.g }', ['$.b.c.d', '$.b.c.f.g']],
    ['$.results { id }', ['$.results.id']],
    ['id: $args.id', ['$args.id']],
    ['$args.input { a b: c.d }', ['$args.input.a', '$args.input.c.d']],
    ['x: $this { a { b } c }', ['$this.a.b', '$this.c']],
    ['x: { y: $this.a z: q }', ['$this.a', '$.q']],
    ['$batch.id', ['$batch.id']],
    ['$batch { id sku: code }', ['$batch.id', '$batch.code']],
    ['ids: $batch->map(@.id)->joinNotNull(",")', ['$batch.id']],
    ['ids: $batch->map({ key: @.id, at: @.place.name })', ['$batch.id', '$batch.place.name']],
    ['$batch->filter(@.open->eq(true))->first.id', ['$batch.open', '$batch.id']],
    ['ids: $([$args.a, $args.b ?? $config.c])', ['$args.a', '$args.b', '$config.c']],
    ['a: $args.list->jsonStringify', ['$args.list']],
    ['a: $args.list->slice(0, $args.count) { id }', ['$args.count', '$args.list.id']],
    ['a: list->map($args.x)', ['$.list', '$args.x']],
    ['$args.a { id: $this.id }', ['$this.id', '$args.a']],
    ['a { }', ['$.a']],
    ['$($args.x) { y: $(1) }', ['$args.x']],
    ['a: $this.x->echo(1)', ['$this.x']],
    ['a: kind->match([$args.k, b], [@, $])', ['$args.k', '$.b', '$.kind', '$', '$.kind']],
    ['a: $this.x->as($x)->echo($x.y)', ['$this.x.y']],
    ['a: $this.x->as($x)->echo(1) { b: $x.z }', ['$this.x.z']],
    ['a: $this->as($x, @.y)->echo($x.z)', ['$this.y.z']],
    ['a: $request.headers.authorization->first s: $status', ['$request.headers.authorization', '$status']],
    ['$(1)', []],
    ['items { id parent: $ }', ['$.items.id', '$.items']],
  ];
  it.each(rows)('%s', (text, reads) => {
    expect(uses(text)).toEqual(reads);
  });

  it('and where', () => {
    const text = 'id: $args.id other: $this.x->size';
    const result = parseSelection(text);
    if (!result.ok) throw new Error(result.problem.message);
    expect(variableUses(result.value).map(({ span }) => text.slice(span.start, span.end))).toEqual([
      '$args.id',
      '$this.x->size',
    ]);
  });
});
