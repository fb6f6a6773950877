import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { Shape, copySpine, mergeInto } from '../../../src/engine/execute/Shape.js';
import { deepFreeze } from '../../support/runPlan.js';

/** The shape of a selection text such as `{ a b { c } }`. */
function shapeOf(text: string, spines: readonly string[] = []): Shape {
  const document = parse(text);
  const shape = new Shape();
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) shape.add(node.selectionSet, new Map());
  for (const path of spines) {
    let at: Shape | undefined = shape;
    at.spine = true;
    for (const key of path === '' ? [] : path.split('.')) {
      at = at?.fields.get(key);
      if (at !== undefined) at.spine = true;
    }
  }
  shape.freeze();
  return shape;
}

const json = (text: string) => JSON.parse(text) as JsonObject;
const merged = (shape: Shape, ...sources: JsonObject[]): JsonObject => {
  const target: JsonObject = {};
  for (const source of sources) mergeInto(target, structuredClone(source), shape);
  return target;
};

afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

const WIDE = '{ a b c o { a b c p { a b } } l { a b } m { a } }';
const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
const leaf = (keys: readonly string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, scalar])), { requiredKeys: [] });
/** Lists have the same length everywhere: two answers about one list agree on that. */
const answer = fc.record(
  {
    a: scalar,
    b: scalar,
    c: scalar,
    o: fc.option(fc.record({ a: scalar, b: scalar, p: fc.option(leaf(['a', 'b'])) }, { requiredKeys: [] })),
    l: fc.option(fc.array(fc.option(leaf(['a', 'b'])), { minLength: 3, maxLength: 3 })),
    m: fc.option(
      fc.array(fc.array(fc.option(leaf(['a'])), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 }),
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** The value of `mergeInto` by definition: the first that is neither null nor missing wins, level by level. */
function reference(known: unknown, value: unknown): unknown {
  if (known === undefined || known === null) return value === undefined ? known : value;
  if (Array.isArray(known) && Array.isArray(value)) return known.map((each, i) => reference(each, value[i]));
  if (typeof known === 'object' && typeof value === 'object' && value !== null && !Array.isArray(known)) {
    const all: JsonObject = { ...(known as JsonObject) };
    for (const key of Object.keys(value)) all[key] = reference(all[key], (value as JsonObject)[key]);
    return all;
  }
  return known;
}

describe('mergeInto', () => {
  const shape = shapeOf(WIDE);

  it('is what its definition says', () => {
    fc.assert(
      fc.property(answer, answer, (one, other) => {
        expect(merged(shape, one, other)).toEqual(reference(reference({}, one), other));
      }),
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(answer, answer, (one, other) => {
        expect(merged(shape, one, other, other, one)).toEqual(merged(shape, one, other));
      }),
    );
  });

  it('gives the same tree for disjoint parts in any order', () => {
    fc.assert(
      fc.property(answer, fc.infiniteStream(fc.boolean()), (whole, toFirst) => {
        const take = (value: unknown, keep: boolean): unknown => {
          if (Array.isArray(value)) return value.map((each) => take(each, keep));
          if (typeof value !== 'object' || value === null) return value;
          return Object.fromEntries(
            Object.entries(value)
              .filter(([key, each]) => (typeof each === 'object' && each !== null ? true : picked(key) === keep))
              .map(([key, each]) => [key, take(each, keep)]),
          );
        };
        const picks = new Map<string, boolean>();
        const picked = (key: string): boolean => {
          if (!picks.has(key)) picks.set(key, toFirst.next().value as boolean);
          return picks.get(key)!;
        };
        const [one, other] = [take(whole, true) as JsonObject, take(whole, false) as JsonObject];
        expect(merged(shape, one, other)).toEqual(merged(shape, other, one));
        expect(merged(shape, one, other)).toEqual(merged(shape, whole));
      }),
    );
  });

  it('never replaces a value by null, at any depth', () => {
    const values = (value: unknown, path = ''): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, each]) => values(each, `${path}.${key}`))
        : value === null || value === undefined
          ? []
          : [`${path}=${String(value)}`];
    fc.assert(
      fc.property(answer, answer, (one, other) => {
        expect(values(merged(shape, one, other))).toEqual(expect.arrayContaining(values(merged(shape, one))));
      }),
    );
  });

  it('takes no key outside the shape into objects it merges, whatever else is sent', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ maxDepth: 2 })), (source) => {
        const target: JsonObject = {};
        mergeInto(target, source, shape);
        expect(Object.keys(target).every((key) => shape.fields.has(key))).toBe(true);
      }),
    );
  });

  it.each(['{"__proto__":{"polluted":1},"a":1}', '{"o":{"__proto__":{"polluted":1},"a":1}}', '{"constructor":1}'])(
    'a reply cannot pollute: %s',
    (text) => {
      const target: JsonObject = json('{"o":{"b":2}}');
      mergeInto(target, json(text), shape);
      expect(({} as JsonObject)['polluted']).toBeUndefined();
      expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
      expect(Object.getPrototypeOf(target['o'])).toBe(Object.prototype);
      expect((target['o'] as JsonObject)['polluted']).toBeUndefined();
    },
  );

  it('fields named like inherited ones are merged like any other, and never read from the prototype', () => {
    const named = shapeOf('{ constructor toString { valueOf } hasOwnProperty }');
    expect(merged(named, {})).toEqual({});
    expect(Object.hasOwn(merged(named, json('{"constructor":"c"}')), 'constructor')).toBe(true);
    const target = merged(
      named,
      json('{"constructor":"c","toString":{}}'),
      json('{"toString":{"valueOf":1},"hasOwnProperty":2}'),
    );
    expect(Object.entries(target)).toEqual([
      ['constructor', 'c'],
      ['toString', { valueOf: 1 }],
      ['hasOwnProperty', 2],
    ]);
  });

  it('a list of another length changes nothing', () => {
    expect(merged(shape, { l: [{ a: 1 }] }, { l: [{ b: 1 }, { b: 2 }] })).toEqual({ l: [{ a: 1 }] });
    expect(merged(shape, { l: [{ a: 1 }] }, { l: 'no list' })).toEqual({ l: [{ a: 1 }] });
    expect(merged(shape, { o: { a: 1 } }, { o: [{ b: 1 }] })).toEqual({ o: { a: 1 } });
  });

  it('leaves a __typename that is known', () => {
    const typed = shapeOf('{ __typename a }');
    expect(merged(typed, { __typename: 'A' }, { __typename: 'B', a: 1 })).toEqual({ __typename: 'A', a: 1 });
  });
});

describe('copySpine', () => {
  it('a copy can be written along the spine while the original stays as it was', () => {
    fc.assert(
      fc.property(answer, answer, (original, more) => {
        const shape = shapeOf(WIDE, ['o.p', 'l', 'm']);
        const frozen = deepFreeze(structuredClone(original));
        const copy = copySpine(frozen, shape) as JsonObject;
        expect(copy).toEqual(original);
        mergeInto(copy, structuredClone(more), shape);
        expect(copy).toEqual(reference(original, more));
        expect(frozen).toEqual(original);
      }),
    );
  });

  it('copies nothing that nobody writes into', () => {
    const shape = shapeOf(WIDE, ['l']);
    const original = { o: { a: 1 }, l: [{ a: 1 }, null] };
    const copy = copySpine(original, shape) as typeof original;
    expect(copy).not.toBe(original);
    expect(copy.o).toBe(original.o);
    expect(copy.l[0]).not.toBe(original.l[0]);
    expect(copySpine(original, shapeOf(WIDE))).toBe(original);
  });

  it('an own __proto__ of a reply stays data', () => {
    const copy = copySpine(json('{"__proto__":{"polluted":1},"o":{}}'), shapeOf(WIDE, ['o'])) as JsonObject;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy['polluted']).toBeUndefined();
  });

  it('a reply without the spine gains no keys', () => {
    expect(Object.keys(copySpine({ a: 1 }, shapeOf(WIDE, ['o.p', 'l'])) as JsonObject)).toEqual(['a']);
  });
});
