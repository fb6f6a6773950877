import { describe, expect, it } from 'vitest';

import type { ConnectVersion, Mapping } from '../../../../src/supergraph/connect/mapping/Mapping.js';
import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';
import { printMapping } from '../../../../src/supergraph/connect/mapping/printMapping.js';

function mapping(text: string, specVersion?: ConnectVersion): Mapping {
  const result = parseSelection(text, { specVersion });
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`);
  return result.value;
}

function problem(text: string, specVersion?: ConnectVersion): string {
  const result = parseSelection(text, { specVersion });
  if (result.ok) throw new Error(`${text} is understood as ${printMapping(result.value)}`);
  return `${result.problem.line}:${result.problem.column} ${result.problem.message}`;
}

describe('what the mapping language understands', () => {
  const asWritten = [
    'id',
    'id name description',
    'id author { name }',
    'title: name',
    'a: b.c',
    'a: b.c { d e: f }',
    'a: b { c }',
    'names: { first: firstName last: lastName }',
    '$.results { id }',
    '$.results',
    '$.results->first',
    'author.name',
    'id some.nested.path { a b }',
    'id friends: friend_ids { id: $ }',
    'id: $args.id',
    'x: $args { a b }',
    '"quoted key"',
    'a: "quoted key"."another one".c',
    '"alias-in-quotes": a',
    '$("text")',
    '$(-1.5)',
    '$([1, 2, {a: true, "b c": null}])',
    'a: $({a: 1, b: $args.b})',
    'a: $(b.c)->map(@.d)',
    'a: list->slice(0, 5)->map({value: @, all: $.list})',
    'kind: type->match(["dog", "Canine"], [@, "Exotic"])',
    '$(["a", "b"]->first)',
    '$(1->add(2, 3)->mul(4))',
    '$({a: 1}.a)',
    'a: b?.c?->first d?',
    'a? { b }',
    '$(a ?? b ?? "c")',
    '$(a ?! b)',
    '$(a? ?? b)',
    '$->echo(true)',
    'a: @',
    'a { }',
    '$batch.id->joinNotNull(",")',
    'true false null: null',
    '',
  ];
  it.each(asWritten)('%s', (text) => {
    expect(printMapping(mapping(text))).toBe(text);
  });

  it('white space, commas at the end, comments and single quotes make no difference', () => {
    const text = `
      # the name
      name :first . name # not the last
      a: b -> slice ( 0 , 2 , ) other:
        $( [ 'it\\'s' , "two\\nlines" , ] )
    `;
    expect(printMapping(mapping(text))).toBe('name: first.name a: b->slice(0, 2) other: $(["it\'s", "two\\nlines"])');
  });

  it('a text that is one path has that path as its root, one with names is a set', () => {
    expect(mapping('$.a { b }').root.kind).toBe('path');
    expect(mapping('a.b { c }').root.kind).toBe('path');
    expect(mapping('a { b }').root.kind).toBe('set');
    expect(mapping('$.a { b } c').root.kind).toBe('set');
  });

  it('every node says where it stands', () => {
    const text = ' id  other: a.b->first { c }  ';
    const { root } = mapping(text);
    if (root.kind !== 'set') throw new Error('no set');
    expect(root.items.map(({ start, end }) => text.slice(start, end))).toEqual(['id', 'other: a.b->first { c }']);
    const [, second] = root.items;
    if (second?.kind !== 'field') throw new Error('no field');
    const { path } = second;
    const parts = [path, path.head, ...path.steps, path.set!];
    expect(parts.map(({ start, end }) => text.slice(start, end))).toEqual([
      'a.b->first { c }',
      'a',
      '.b',
      '->first',
      '{ c }',
    ]);
  });

  it('integers that a double cannot hold stay exact', () => {
    expect(mapping('$(9007199254740993)').root).toMatchObject({
      head: { expression: { kind: 'number', value: 9007199254740993n } },
    });
  });
});

describe('what it refuses', () => {
  const rows: readonly (readonly [text: string, says: string])[] = [
    ['a { b', '1:3 This "{" has no "}"'],
    ['a }', '1:3 Expected a field, $variable, $, @ or $( … ) but found "}"'],
    ['a\nb.', '2:3 Expected a name or a string behind "." but found the end'],
    ['.a', '1:1 A path cannot start with ".": write "$."'],
    ['a: ->first', '1:4 A method needs an input: write "$->" or "@->"'],
    ['a: [1]', '1:4 A list among fields is written $([ … ])'],
    ['a: 1', '1:4 A number among fields is written $(1)'],
    ['a: "x', '1:4 This string has no end'],
    ['a->frist', '1:4 There is no method ->frist; did you mean ->first?'],
    ['a->first(1)', '1:4 ->first takes no arguments, not 1'],
    ['a->slice(1, 2, 3)', '1:4 ->slice takes 0 to 2 arguments, not 3'],
    ['a->map', '1:4 ->map takes 1 argument, not 0'],
    ['a->and()', '1:4 ->and takes at least 1 argument, not 0'],
    ['a->as(b)', '1:7 ->as takes the name of a variable first: ->as($name)'],
    ['a->match(1)', '1:10 ->match takes pairs: [candidate, value]'],
    ['a->matchIf([true])', '1:12 ->matchIf takes pairs: [condition, value]'],
    ['a->', `1:4 Expected a method's name behind "->" but found the end`],
    ['id $.a', '1:4 "$.a" has no name among other fields: give it one ("name: $.a") or take parts of it ("{ … }")'],
    ['$.a id', '1:1 "$.a" has no name among other fields: give it one ("name: $.a") or take parts of it ("{ … }")'],
    ['a { b.c }', '1:5 "b.c" has no name among other fields: give it one ("name: b.c") or take parts of it ("{ … }")'],
    ['a { b, c }', '1:6 Fields are not separated by commas here: leave it out'],
    ['a ...b { c }', '1:3 Spreads ("...") are of connect/v0.4; here, a path with { … } and no alias does the same'],
    ['$(a ?? b ?! c)', '1:10 "?!" cannot follow "??": put one of the two into $( … )'],
    ['a ?? b', '1:3 "??" belongs into an expression: write $(a ?? b)'],
    ['$(1', '1:4 Expected ")" but found the end'],
    ['$([1 2])', '1:6 Expected "," or "]" but found "2"'],
    ['$({a})', '1:5 Expected ":" behind "a" but found "}"'],
    ['$({1: 2})', `1:4 Expected a property's name but found "1"`],
    ['a: %', '1:4 Expected a field, $variable, $, @ or $( … ) but found "%"'],
    ['a? ? b', '1:4 "?" is written once'],
  ];
  it.each(rows)('%j: %s', (text, says) => {
    expect(problem(text)).toBe(says);
  });

  it('operators of 0.3 where the schema links an older version', () => {
    expect(problem('a?.b', '0.2')).toBe('1:2 "?" is of connect/v0.3, and this schema links v0.2');
    expect(problem('$(a ?? b)', '0.1')).toBe('1:5 "??" is of connect/v0.3, and this schema links v0.1');
  });

  it('what is too deep, too long or has too many steps, at once and without running out of stack', () => {
    expect(problem('a{'.repeat(20_000))).toContain('64 levels deep');
    expect(problem(`$(${'['.repeat(20_000)}`)).toContain('64 levels deep');
    expect(problem(`$${'->echo($'.repeat(10_000)}`)).toContain('64 levels deep');
    expect(problem('a'.repeat(100_001))).toContain('100000 characters');
    expect(problem(`a${'.b'.repeat(201)}`)).toContain('200 steps');
  });
});
