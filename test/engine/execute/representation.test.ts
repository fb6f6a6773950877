import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { parseJson, writeJson } from '../../../src/base/kit/json.js';
import type { JsonObject } from '../../../src/engine/execute/json.js';
import { compileRepresent, readNames } from '../../../src/engine/execute/representation.js';
import type { RequiredSelection, Rewrite } from '../../../src/engine/plan/nodes.js';

afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

const possible = new Map([
  ['Media', new Set(['Book', 'Movie'])],
  ['Printed', new Set(['Book'])],
]);
const field = (read: string, selections?: readonly RequiredSelection[], write = read): RequiredSelection => ({
  kind: 'Field',
  read,
  write,
  selections,
});
const on = (typeCondition: string | undefined, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'Fragment',
  typeCondition,
  selections,
});
const represent = (object: JsonObject, requires: readonly RequiredSelection[], rewrites: readonly Rewrite[] = []) =>
  compileRepresent(requires, rewrites, possible)(object);

/** The federation specification, plainly: an object with the required fields, by the selections that fit its type. Throws when one is missing. */
function reference(object: JsonObject, requires: readonly RequiredSelection[]): JsonObject {
  const built: JsonObject = {};
  const type = object['__typename'];
  for (const each of requires) {
    if (each.kind === 'Fragment') {
      const fits =
        each.typeCondition === undefined ||
        each.typeCondition === type ||
        possible.get(each.typeCondition)?.has(type as string) === true;
      if (fits) deepAssign(built, reference(object, each.selections));
      continue;
    }
    if (!Object.hasOwn(object, each.read)) throw new Error('missing');
    const value = each.selections === undefined ? object[each.read] : descend(object[each.read], each.selections);
    deepAssign(built, { [each.write]: value });
  }
  return built;
}

function descend(value: unknown, selections: readonly RequiredSelection[]): unknown {
  if (Array.isArray(value)) return value.map((each) => descend(each, selections));
  return typeof value === 'object' && value !== null ? reference(value as JsonObject, selections) : value;
}

function deepAssign(target: JsonObject, source: JsonObject): void {
  for (const [key, value] of Object.entries(source)) {
    const known = target[key];
    if (Array.isArray(known) && Array.isArray(value)) {
      for (const [i, each] of known.entries())
        if (typeof each === 'object' && each !== null) deepAssign(each as JsonObject, value[i] as JsonObject);
    } else if (typeof known === 'object' && known !== null && typeof value === 'object')
      deepAssign(known as JsonObject, value as JsonObject);
    else target[key] = value;
  }
}

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
);
const tree = fc.letrec<{ object: JsonObject; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('object'), fc.array(tie('object'), { maxLength: 3 })),
  object: fc.record(
    {
      __typename: fc.constantFrom('Book', 'Movie', 'Person'),
      a: scalar,
      b: fc.array(scalar, { maxLength: 3 }),
      c: fc.option(tie('object')),
      d: fc.array(fc.option(tie('object')), { maxLength: 3 }),
    },
    { requiredKeys: ['__typename'] },
  ) as fc.Arbitrary<JsonObject>,
}));
const selections = fc.letrec<{ list: RequiredSelection[]; one: RequiredSelection }>((tie) => ({
  list: fc.array(tie('one'), { minLength: 1, maxLength: 4 }),
  one: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('__typename', 'a', 'b').map((name) => field(name)),
    fc.tuple(fc.constantFrom('c', 'd'), tie('list')).map(([name, list]) => field(name, list)),
    fc
      .tuple(fc.constantFrom(undefined, 'Book', 'Movie', 'Media', 'Printed', 'Unknown'), tie('list'))
      .map(([type, list]) => on(type, ...list)),
  ),
})).list;

describe('a representation', () => {
  it('is the text of the object that the federation specification describes, or tells that an input is missing', () => {
    fc.assert(
      fc.property(tree.object, selections, (object, list) => {
        const requires = [field('__typename'), ...list];
        const text = represent(object, requires);
        let expected: JsonObject | undefined;
        try {
          expected = reference(object, requires);
        } catch {
          expected = undefined;
        }
        if (expected === undefined) expect(typeof text).toBe('object');
        else expect(text).toBe(writeJson(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('names the place whose value was never delivered', () => {
    const inner = { a: 1 };
    const object = { __typename: 'Book', id: 1, c: { d: [{ a: 1, b: 1 }, inner] } };
    const requires = [field('__typename'), field('c', [field('d', [field('a'), field('b')])])];
    expect(represent(object, requires)).toEqual({ owner: inner, key: 'b' });
    expect((represent(object, requires) as { owner: object }).owner).toBe(inner);
    expect(represent(object, [field('__typename'), field('gone')])).toEqual({ owner: object, key: 'gone' });
  });

  it('is absent for an object of another type', () => {
    expect(represent({ __typename: 'Person', id: 1 }, [on('Media', field('__typename'), field('id'))])).toBeUndefined();
    expect(represent({ id: 1 }, [on('Media', field('__typename'), field('id'))])).toBeUndefined();
  });

  it('never takes what an object inherits for a value', () => {
    const object = { __typename: 'Book' };
    for (const key of ['constructor', 'toString', '__defineGetter__'])
      expect(represent(object, [field('__typename'), field(key)])).toEqual({ owner: object, key });
    const own = JSON.parse('{"__typename":"Book","constructor":"c"}') as JsonObject;
    expect(represent(own, [field('__typename'), field('constructor')])).toBe('{"__typename":"Book","constructor":"c"}');
  });

  it('writes under another name than it reads', () => {
    const object = { __typename: 'Book', req0_price: 7 };
    expect(represent(object, [field('__typename'), field('req0_price', undefined, 'price')])).toBe(
      '{"__typename":"Book","price":7}',
    );
  });

  it('keeps the digits of large integers, inside custom scalars too', () => {
    const object = parseJson(
      '{"__typename":"Book","id":12345678901234567890,"meta":{"n":[98765432109876543210],"x":1.5},"list":[9007199254740993]}',
    ) as JsonObject;
    expect(represent(object, [field('__typename'), field('id'), field('meta'), field('list')])).toBe(
      '{"__typename":"Book","id":12345678901234567890,"meta":{"n":[98765432109876543210],"x":1.5},"list":[9007199254740993]}',
    );
  });

  it('never writes Infinity', () => {
    const object = JSON.parse('{"__typename":"Book","a":1e400,"b":[-1e400],"m":{"x":1e400}}') as JsonObject;
    expect(represent(object, [field('__typename'), field('a'), field('b'), field('m')])).toBe(
      '{"__typename":"Book","a":null,"b":[null],"m":{"x":null}}',
    );
  });

  it('is right for more invented type names than it remembers', () => {
    const build = compileRepresent([field('__typename'), on('Book', field('id'))], [], possible);
    for (let i = 0; i < 1000; i++) expect(build({ __typename: `T${i}`, id: i })).toBe(`{"__typename":"T${i}"}`);
    expect(build({ __typename: 'Book', id: 1 })).toBe('{"__typename":"Book","id":1}');
  });
});

describe('input rewrites', () => {
  const requires = [on('Media', field('__typename'), field('id'), field('c', [field('a')]))];
  const object = { __typename: 'Book', id: '1', c: { a: 2 } };

  it('set the type name that an interface object is known by', () => {
    const rewrite: Rewrite = { kind: 'ValueSetter', path: ['... on Media', '__typename'], value: 'Media' };
    expect(represent(object, requires, [rewrite])).toBe('{"__typename":"Media","id":"1","c":{"a":2}}');
    const other: Rewrite = { kind: 'ValueSetter', path: ['... on Movie', '__typename'], value: 'Media' };
    expect(represent(object, requires, [other])).toBe('{"__typename":"Book","id":"1","c":{"a":2}}');
  });

  it('rename keys, also inside', () => {
    const rename: Rewrite = { kind: 'KeyRenamer', path: ['... on Book', 'c', 'a'], key: 'b"' };
    expect(represent(object, requires, [rename])).toBe('{"__typename":"Book","id":"1","c":{"b\\"":2}}');
  });
});

it('readNames gives what is read at the top, through fragments', () => {
  expect([
    ...readNames([field('a', [field('x')]), on('T', field('b', undefined, 'w'), on(undefined, field('c')))]),
  ]).toEqual(['a', 'b', 'c']);
});
