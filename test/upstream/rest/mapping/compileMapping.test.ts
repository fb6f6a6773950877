import { describe, expect, it } from 'vitest';

import { methodNames } from '../../../../src/supergraph/connect/mapping/methods.js';
import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';
import { compileMapping } from '../../../../src/upstream/rest/mapping/compileMapping.js';
import type { CompiledMapping, CompileOptions } from '../../../../src/upstream/rest/mapping/compileMapping.js';

function compiled(text: string, options?: CompileOptions): CompiledMapping {
  const result = parseSelection(text);
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`);
  return compileMapping(result.value, options);
}

type Row = readonly [text: string, input: unknown, value: unknown, problem?: string];

function titleOf([text, input]: Row): string {
  return `${text} of ${typeof input === 'bigint' ? input : JSON.stringify(input)}`;
}

function check([text, input, value, problem]: Row): void {
  const result = compiled(text)(input, VARIABLES);
  expect(result.value).toEqual(value);
  expect(result.problems.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual(
    problem === undefined ? [] : [problem],
  );
}

const VARIABLES = {
  $args: { id: '7', list: [1, 2], nothing: null },
  $this: { id: 'x', place: { city: 'Bern' } },
  $status: 200,
};

describe('what a mapping makes', () => {
  const rows: readonly Row[] = [
    ['id name', { id: 1, name: 'a', other: true }, { id: 1, name: 'a' }],
    [
      'id name',
      [
        { id: 1, name: 'a' },
        { id: 2, name: null },
      ],
      [
        { id: 1, name: 'a' },
        { id: 2, name: null },
      ],
    ],
    ['title: name', { name: 'a' }, { title: 'a' }],
    ['a: b.c', { b: { c: 1 } }, { a: 1 }],
    ['a: b.c', { b: [{ c: 1 }, { c: 2 }] }, { a: [1, 2] }],
    ['a: b.c.d', { b: [{ c: [{ d: 1 }] }, { c: [] }] }, { a: [[1], []] }],
    ['$.results { id }', { results: [{ id: 1 }, { id: 2 }] }, [{ id: 1 }, { id: 2 }]],
    ['$.results', { results: [1] }, [1]],
    ['$', 5, 5],
    ['a.b { c }', { a: { b: { c: 1, d: 2 } } }, { c: 1 }],
    ['id a.b { c }', { id: 1, a: { b: { c: 2 } } }, { id: 1, c: 2 }],
    ['names: { first: f last: l }', { f: 'a', l: 'b' }, { names: { first: 'a', last: 'b' } }],
    ['friends: ids { id: $ }', { ids: [1, 2] }, { friends: [{ id: 1 }, { id: 2 }] }],
    ['a { b { up: $ } }', { a: { b: { c: 1 } } }, { a: { b: { up: { c: 1 } } } }],
    ['a: { b: c } a: { d: e }', { c: 1, e: 2 }, { a: { b: 1, d: 2 } }],
    ['a: b a: c', { b: [{ x: 1 }], c: [{ y: 2 }, 3] }, { a: [{ x: 1, y: 2 }, 3] }],
    ['id: $args.id city: $this.place.city', {}, { id: '7', city: 'Bern' }],
    ['s: $status', {}, { s: 200 }],
    ['"a-b": "c d".e', { 'c d': { e: 1 } }, { 'a-b': 1 }],
    ['t: $("text") n: $(-1.5) b: $(true) x: $(null)', {}, { t: 'text', n: -1.5, b: true, x: null }],
    ['a: $([b, 2, missing?])', { b: 1 }, { a: [1, 2, null] }],
    ['a: $({ "x y": b, gone: missing? })', { b: 1 }, { a: { 'x y': 1 } }],
    ['a: $("abc"->slice(1)->size)', {}, { a: 2 }],
    ['a: $(list.n)->map(@->add(1))', { list: [{ n: 1 }, { n: 2 }] }, { a: [2, 3] }],
    ['list { n all: $args.list }', { list: [{ n: 1 }] }, { list: [{ n: 1, all: [1, 2] }] }],
    ['a: list->map({ one: @, all: $.list })', { list: [1] }, { a: [{ one: 1, all: [1] }] }],
    ['author->echo([@.name, author.name, author { name }])', { author: { name: 'B' } }, ['B', 'B', { name: 'B' }]],
    ['a: b->as($x)->echo([$x.c, @.c])', { b: { c: 1 } }, { a: [1, 1] }],
    ['a: b->as($x, @.c) { d: $x e }', { b: { c: 1, e: 2 } }, { a: { d: 1, e: 2 } }],
    ['a: b->as($args)->echo($args)', { b: 1 }, { a: 1 }],
    ['a { b } c', { a: null, c: 1 }, { a: null, c: 1 }],
    ['a { id: $args.id b }', { a: null }, { a: { id: '7' } }],
    ['a { b }', { a: [null, { b: 1 }] }, { a: [null, { b: 1 }] }],
    ['a: b?.c d', { b: null, d: 1 }, { d: 1 }],
    ['a: b?.c d', { d: 1 }, { d: 1 }],
    ['a? d', { a: null, d: 1 }, { d: 1 }],
    ['a: $args.gone?.x', {}, {}],
    ['a: $(b ?? c ?? 3)', { b: null }, { a: 3 }],
    ['a: $(b ?? null)', {}, { a: null }],
    ['a: $(b ?! 3)', { b: null }, { a: null }],
    ['a: $(b ?! 3)', {}, { a: 3 }],
    ['id a { x }', { id: 1, a: {} }, { id: 1, a: {} }, 'a.x: There is no "x" in object'],
    ['id', 'text', 'text', 'id: There is no "id" in string'],
    ['id gone', { id: 1 }, { id: 1 }, 'gone: There is no "gone" in object'],
    ['list { id }', { list: [{ id: 1 }, {}] }, { list: [{ id: 1 }, {}] }, 'list.1.id: There is no "id" in object'],
    ['a: list.id', { list: [{ id: 1 }, {}] }, { a: [1, null] }, 'list.1.id: There is no "id" in object'],
    ['a: b.c', { b: null }, {}, 'b.c: There is no "c" in null'],
    ['a: $other.x', {}, {}, ': There is no $other here'],
    ['a: $args.gone', {}, {}, '$args.gone: There is no "gone" in object'],
    ['id $.a->echo(1) { b: $ }', { id: 1, a: [] }, { id: 1, b: 1 }],
    [
      'id $.a { b }',
      { id: 1, a: [{ b: 1 }] },
      { id: 1 },
      ': Expected an object whose fields can join others, not array',
    ],
    ['a: b a: c', { b: 1, c: 'x' }, { a: 'x' }, 'a: The mapping makes this field twice: number, then string'],
    ['', { a: 1 }, {}],
  ];
  for (const row of rows) it(titleOf(row), () => check(row));

  it('integers beyond doubles stay exact', () => {
    check(['id', { id: 9007199254740993n }, { id: 9007199254740993n }]);
    check(['a: id->add(1)', { id: 9007199254740993n }, { a: 9007199254740994n }]);
    check(['a: id->sub(9007199254740992)', { id: 9007199254740993n }, { a: 1 }]);
    check(['a: id->eq(9007199254740993)', { id: 9007199254740993n }, { a: true }]);
    check(['a: id->jsonStringify', { id: { x: 9007199254740993n } }, { a: '{"x":9007199254740993}' }]);
    check(['a: id->parseInt', { id: '9007199254740993' }, { a: 9007199254740993n }]);
  });
});

/** Every method, by name: the test below says when one has no row. */
const methodRows: readonly (readonly [name: string, rows: readonly Row[]])[] = [
  [
    'echo',
    [
      ['$->echo("x")', [1], 'x'],
      ['a->echo(["<", @, ">"])', { a: 1 }, ['<', 1, '>']],
      ['$->echo([1, 2]) { id: $ }', null, [{ id: 1 }, { id: 2 }]],
    ],
  ],
  [
    'map',
    [
      ['$->map(@.a)', [{ a: 1 }, { a: 2 }], [1, 2]],
      ['$->map(@->add(1))', 1, [2]],
      ['$->map(@.a)', [{}], [null], '->map.0.a: There is no "a" in object'],
    ],
  ],
  [
    'match',
    [
      ['$->match(["a", 1], ["b", 2])', 'b', 2],
      ['$->match(["a", 1], [@, "else"])', 'c', 'else'],
      ['$->match([{ a: [1] }, "same"])', { a: [1] }, 'same'],
      ['$->match(["a", 1])', 'c', undefined, ': No pair of ->match fits'],
    ],
  ],
  [
    'matchIf',
    [
      ['$->matchIf([@->gt(5), "big"], [true, "small"])', 7, 'big'],
      ['$->matchIf([@->gt(5), "big"], [true, "small"])', 2, 'small'],
      ['$->matchIf([1, "no"])', 2, undefined, ': No pair of ->matchIf fits'],
    ],
  ],
  [
    'first',
    [
      ['$->first', [1, 2], 1],
      ['$->first', 'äb', 'ä'],
      ['$->first', [], undefined],
      ['$->first', 5, 5, '->first: ->first needs a list or a string, not number'],
    ],
  ],
  [
    'last',
    [
      ['$->last', [1, 2], 2],
      ['$->last', 'a😀', '😀'],
      ['$->last', '', undefined],
    ],
  ],
  [
    'slice',
    [
      ['$->slice(1, 3)', [1, 2, 3, 4], [2, 3]],
      ['$->slice(1, 3)', 'hello', 'el'],
      ['$->slice(1)', [1, 2, 3], [2, 3]],
      ['$->slice(-5, 1)', [1, 2, 3], [1]],
      ['$->slice', [1], [1]],
      ['$->slice("a")', [1], undefined, '->slice: ->slice needs integers as arguments, not string'],
      ['$->slice(1)', 5, undefined, '->slice: ->slice needs a list or a string, not number'],
    ],
  ],
  [
    'size',
    [
      ['$->size', [1, 2], 2],
      ['$->size', 'a😀', 2],
      ['$->size', { a: 1 }, 1],
      ['$->size', null, undefined, '->size: ->size needs a list, a string or an object, not null'],
    ],
  ],
  [
    'entries',
    [
      [
        '$->entries',
        { a: 1, b: 2 },
        [
          { key: 'a', value: 1 },
          { key: 'b', value: 2 },
        ],
      ],
      ['$->entries { k: key }', { a: 1 }, [{ k: 'a' }]],
      ['$->entries', [], undefined, '->entries: ->entries needs an object, not array'],
    ],
  ],
  ['keys', [['$->keys', { a: 1, b: 2 }, ['a', 'b']]]],
  ['values', [['$->values', { a: 1, b: 2 }, [1, 2]]]],
  ['jsonStringify', [['$->jsonStringify', { a: [1, 'x', null] }, '{"a":[1,"x",null]}']]],
  [
    'jsonParse',
    [
      ['$->jsonParse', '{"a":1}', { a: 1 }],
      ['$->jsonParse', '{', undefined, ': ->jsonParse found no JSON'],
      ['$->jsonParse', 5, undefined, '->jsonParse: ->jsonParse needs a string, not number'],
    ],
  ],
  [
    'joinNotNull',
    [
      ['$->joinNotNull(", ")', ['a', null, 1, true], 'a, 1, true'],
      ['$->joinNotNull(",")', 'a', 'a'],
      ['$->joinNotNull(",")', null, ''],
      ['$->joinNotNull(",")', [[1]], undefined, '->joinNotNull: ->joinNotNull needs a list of scalars, not array'],
      ['$->joinNotNull(1)', [1], undefined, '->joinNotNull: ->joinNotNull needs a string as argument, not number'],
    ],
  ],
  [
    'filter',
    [
      ['$->filter(@.on->eq(true))', [{ on: true }, { on: false }], [{ on: true }]],
      ['$->filter(@->gt(1))', 2, [2]],
      ['$->filter(@)', [1], undefined, '0.->filter: ->filter needs a condition that is true or false, not number'],
    ],
  ],
  [
    'find',
    [
      ['$->find(@->gt(1))', [1, 2, 3], 2],
      ['$->find(@->gt(5))', [1], undefined],
    ],
  ],
  [
    'get',
    [
      ['$->get(1)', [1, 2], 2],
      ['$->get(-1)', [1, 2], 2],
      ['$->get(0)', [null], null],
      ['$->get(1)', 'abc', 'b'],
      ['$->get("a")', { a: 1 }, 1],
      ['$->get("b")', { a: 1 }, undefined, ': ->get finds no such property'],
      ['$->get(5)', [1], undefined, ': ->get finds no element 5 among 1'],
      ['$->get("a")', [1], undefined, '->get: ->get needs an integer to look up in a array, not string'],
    ],
  ],
  [
    'has',
    [
      ['$->has("a")', { a: null }, true],
      ['$->has("b")', { a: null }, false],
      ['$->has(-1)', [1], true],
      ['$->has(1)', [1], false],
    ],
  ],
  [
    'toString',
    [
      ['$->toString', 1.5, '1.5'],
      ['$->toString', true, 'true'],
      ['$->toString', null, ''],
      ['$->toString', [], undefined, '->toString: ->toString needs a scalar (there is ->jsonStringify), not array'],
    ],
  ],
  [
    'parseInt',
    [
      ['$->parseInt', '42', 42],
      ['$->parseInt(16)', 'fF', 255],
      ['$->parseInt', -3.9, -3],
      ['$->parseInt', '4x', undefined, ': ->parseInt found no integer in this string'],
      ['$->parseInt(99)', '1', undefined, '->parseInt: ->parseInt needs a base from 2 to 36, not number'],
    ],
  ],
  [
    'typeof',
    [
      ['$->typeof', [], 'array'],
      ['$->typeof', null, 'null'],
      ['$->typeof', {}, 'object'],
    ],
  ],
  [
    'eq',
    [
      ['$->eq(1)', 1, true],
      ['$->eq({ a: [1] })', { a: [1] }, true],
      ['$->eq("1")', 1, false],
    ],
  ],
  ['ne', [['$->ne(1)', 2, true]]],
  [
    'lt',
    [
      ['$->lt(2)', 1, true],
      ['$->lt("b")', 'a', true],
      ['$->lt(2)', 'a', undefined, ': ->lt compares two numbers or two strings, not string and number'],
    ],
  ],
  ['lte', [['$->lte(1)', 1, true]]],
  ['gt', [['$->gt(1)', 1, false]]],
  ['gte', [['$->gte(1)', 1, true]]],
  [
    'in',
    [
      ['$->in([1, 2])', 2, true],
      ['$->in([])', 2, false],
      ['$->in(1)', 2, undefined, '->in: ->in needs a list as argument, not number'],
    ],
  ],
  [
    'contains',
    [
      ['$->contains(2)', [1, 2], true],
      ['$->contains(2)', 2, undefined, '->contains: ->contains needs a list, not number'],
    ],
  ],
  [
    'and',
    [
      ['$->and(true, false)', true, false],
      ['$->and(gone)', false, false],
      ['$->and(1)', true, undefined, '->and: ->and needs booleans as arguments, not number'],
    ],
  ],
  [
    'or',
    [
      ['$->or(true)', false, true],
      ['$->or(false)', 1, undefined, '->or: ->or needs a boolean, not number'],
    ],
  ],
  ['not', [['$->not', true, false]]],
  [
    'add',
    [
      ['$->add(1, 2)', 1, 4],
      ['$->add("1")', 1, undefined, '->add: ->add needs numbers as arguments, not string'],
      ['$->add(9223372036854775807)', 1, undefined, ': ->add of these numbers has no result'],
    ],
  ],
  ['sub', [['$->sub(1.5)', 2, 0.5]]],
  ['mul', [['$->mul(3)', 9007199254740991, 27021597764222973n]]],
  [
    'div',
    [
      ['$->div(2)', 7, 3.5],
      ['$->div(0)', 7, undefined, ': ->div of these numbers has no result'],
    ],
  ],
  [
    'mod',
    [
      ['$->mod(2)', 7, 1],
      ['$->mod(0)', 7, undefined, ': ->mod of these numbers has no result'],
    ],
  ],
  ['as', [['a->as($x)->echo([$x, @])', { a: 1 }, [1, 1]]]],
];

describe('methods', () => {
  it('each has a row here', () => {
    expect(methodRows.map(([name]) => name).toSorted()).toEqual(methodNames.toSorted());
  });
  for (const row of methodRows.flatMap(([, rows]) => rows)) it(titleOf(row), () => check(row));
});

describe('what nobody can do with a mapping, whatever the service answers (F1)', () => {
  it('see what objects inherit', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'at']) {
      expect(compiled(`$."${name}"`)({}).value).toBeUndefined();
      expect(compiled(`$."${name}"`)('text').value).toBeUndefined();
      expect(compiled(`$->get("${name}")`)({}).value).toBeUndefined();
      expect(compiled(`$->has("${name}")`)({}).value).toBe(false);
      expect(compiled(`a: $${name}.x`)({}).value).toEqual({});
    }
    expect(compiled('$.length')([1, 2]).value).toEqual([null, null]);
  });

  it('change a prototype', () => {
    const evil: unknown = JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}');
    const texts = [
      '"__proto__"',
      '"__proto__": a',
      '$({"__proto__": a})',
      'a a: $',
      'id: a $.a { "__proto__" } a',
      'x: $->entries',
    ];
    for (const text of texts) {
      const { value } = compiled(text)(evil);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect((value as Record<string, unknown>)['polluted']).toBeUndefined();
    }
    const { value } = compiled('"__proto__": a')({ a: 1 });
    expect(JSON.stringify(value)).toBe('{"__proto__":1}');
  });

  it('change the input', () => {
    const input = { a: { b: 1 }, c: { d: 2 }, list: [{ x: 1 }], more: [{ y: 1 }] };
    const before = JSON.stringify(input);
    compiled('z: a z: c q: list q: more $.a { b } $.c { d } a: $.c a: $.a')(input);
    expect(JSON.stringify(input)).toBe(before);
  });

  it('make it work, or write, without end', () => {
    const doubled = `$${'->echo([@, @])'.repeat(60)}`;
    expect(compiled(doubled)(1)).toMatchObject({
      value: undefined,
      problems: [{ message: 'The mapping makes too much of this input', path: [] }],
    });
    expect(compiled(`${doubled}->jsonStringify`)(1).value).toBeUndefined();
    expect(compiled(`${doubled}->eq($)`)(1).value).toBe(false);
    const nested = '$->map($->map($->map($->map(@))))';
    expect(compiled(nested)(Array.from({ length: 1000 }, () => 1)).value).toBeUndefined();
    expect(
      compiled('$->map($->jsonStringify)')(Array.from({ length: 10_000 }, () => 'x'.repeat(100))).value,
    ).toBeUndefined();
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level++) deep = [deep];
    for (const text of ['a', '$.a', '$ { a }', '$->jsonStringify', '$->eq($([[]]))', 'x: $ x: $']) {
      expect(() => compiled(text)(deep)).not.toThrow();
    }
    expect(compiled('a')(deep)).toMatchObject({
      value: undefined,
      problems: [{ message: 'The input is nested deeper than 1000 levels' }],
    });
  });

  it('put a value of the service into a message', () => {
    const secret = 'S3CRET';
    const rows = [
      '$->add(1)',
      '$->get(9)',
      '$->entries',
      '$.a',
      '$->parseInt',
      '$->match(["x", 1])',
      '$->lt(1)',
      '$->jsonParse',
    ];
    for (const text of rows) expect(JSON.stringify(compiled(text)(secret).problems)).not.toContain(secret);
  });

  it('more than a hundred problems', () => {
    const input = Array.from({ length: 1000 }, () => ({}));
    expect(compiled('a')(input).problems).toHaveLength(100);
  });
});
