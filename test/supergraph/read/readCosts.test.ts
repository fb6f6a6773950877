import { describe, expect, test } from 'vitest';

import type { CostRules } from '../../../src/supergraph/model/CostRules.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

const LINK = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"${imports}])\n`;
const BOTH = LINK(', "@cost", "@listSize"');

function costsOf(subgraphs: Readonly<Record<string, string>>): CostRules {
  return readSupergraph(composeSdl(subgraphs)).costs;
}

/** The supergraph with its text changed: what composition does not write, others do. */
function changed(types: string, change: (sdl: string) => string): CostRules {
  const sdl = composeSdl({ a: BOTH + types });
  const text = change(sdl);
  expect(text).not.toBe(sdl);
  return readSupergraph(text).costs;
}

describe('@cost', () => {
  test('is read at fields, arguments, input fields, objects, scalars and enums', () => {
    const { weights } = costsOf({
      a: `${BOTH} type Query { a(x: Int @cost(weight: 3), in: In): A @cost(weight: 2) }
        input In { n: Int @cost(weight: 4) } type A @cost(weight: 5) { e: E s: S } enum E @cost(weight: 7) { X } scalar S @cost(weight: 8)`,
    });
    expect(Object.fromEntries(weights)).toEqual({
      'Query.a': 2,
      'Query.a(x:)': 3,
      'In.n': 4,
      A: 5,
      E: 7,
      S: 8,
    });
  });

  test('takes the largest of several subgraphs, also of those that say less than nothing', () => {
    const type = (weight: number): string => `${BOTH} type Query { a: Int @shareable @cost(weight: ${weight}) }`;
    expect(costsOf({ a: type(2), b: type(9), c: type(-4) }).weights.get('Query.a')).toBe(9);
  });

  test.each([
    [
      'under another name',
      LINK(', { name: "@cost", as: "@price" }, { name: "@listSize", as: "@length" }'),
      '@price',
      '@length',
    ],
    [
      "in federation's namespace",
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")\n',
      '@fed__cost',
      '@fed__listSize',
    ],
    [
      'by its own specification',
      `${LINK('')} @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"])
        directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
        directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION\n`,
      '@cost',
      '@listSize',
    ],
  ])('is known %s', (_, link, cost, listSize) => {
    const { weights, listSizes } = costsOf({
      a: `${link} type Query { a: [Int] ${cost}(weight: 6) ${listSize}(assumedSize: 3) }`,
    });
    expect(weights.get('Query.a')).toBe(6);
    expect(listSizes.get('Query.a')!.assumedSize).toBe(3);
  });

  test('is known in a namespace of the supergraph', () => {
    const { weights, listSizes } = changed(
      'type Query { a: [Int] @cost(weight: 6) @listSize(assumedSize: 3) }',
      (sdl) =>
        sdl
          .replace(
            '"https://specs.apollo.dev/cost/v0.1", import: ["@listSize"]',
            '"https://specs.apollo.dev/cost/v0.1", as: "price"',
          )
          .replaceAll('@listSize', '@price__listSize')
          .replaceAll('@cost', '@price'),
    );
    expect(weights.get('Query.a')).toBe(6);
    expect(listSizes.get('Query.a')!.assumedSize).toBe(3);
  });

  test('is read where @join__directive carries it, for each subgraph', () => {
    const { weights, listSizes } = changed(
      'type Query { a: [Int] @cost(weight: 1) @listSize(assumedSize: 1) }',
      (sdl) =>
        sdl
          .replace(
            '@cost(weight: 1)',
            '@join__directive(graphs: [A], name: "cost", args: { weight: 4 }) @join__directive(graphs: [A], name: "cost", args: { weight: 2 })',
          )
          .replace(
            '@listSize(assumedSize: 1)',
            '@join__directive(graphs: [A], name: "listSize", args: { assumedSize: 40, requireOneSlicingArgument: false })',
          ),
    );
    expect(weights.get('Query.a')).toBe(4);
    expect(listSizes.get('Query.a')).toMatchObject({ assumedSize: 40, requireOneSlicingArgument: false });
  });

  test("is nobody else's directive of the same name", () => {
    const { weights } = costsOf({
      a: `${LINK(', "@composeDirective"')} @link(url: "https://example.com/money/v1.0", import: ["@cost"]) @composeDirective(name: "@cost")
        directive @cost(weight: Int!) on FIELD_DEFINITION
        type Query { a: Int @cost(weight: 3) }`,
    });
    expect(weights.size).toBe(0);
  });

  test('that nobody understands is refused with its coordinate', () => {
    const types = 'type Query { a: [Int] @cost(weight: 6) @listSize(assumedSize: 3) }';
    const broken = (from: string, to: string) => () => changed(types, (sdl) => sdl.replace(from, to));
    expect(broken('weight: 6', 'weight: 9e99')).toThrow(/SUPERGRAPH_INVALID|Query\.a|weight/);
    const carried = (args: string) => `@join__directive(graphs: [A], name: "listSize", args: ${args})`;
    expect(broken('@listSize(assumedSize: 3)', carried('{ assumedSize: -3 }'))).toThrow(
      /Query\.a: assumedSize must be/,
    );
    expect(broken('@listSize(assumedSize: 3)', carried('{ sizedFields: ["a b{"] }'))).toThrow(
      /Query\.a: sizedFields must/,
    );
    expect(broken('@listSize(assumedSize: 3)', carried('{ slicingArguments: ["a-b"] }'))).toThrow(
      /slicingArguments must/,
    );
  });
});

describe('@listSize', () => {
  test('is read with its defaults, and with paths', () => {
    // Today's composition refuses paths at the directive itself.
    const carried =
      '@join__directive(graphs: [A], name: "listSize", args: { slicingArguments: ["first", "page.limit"], sizedFields: ["items", "page.items", "page { edges items }"] })';
    const { listSizes } = changed(
      'type Query { a(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["items"]) } type Page { items: [Int] }',
      (sdl) => sdl.replace('@listSize(slicingArguments: ["first"], sizedFields: ["items"])', carried),
    );
    expect(listSizes.get('Query.a')).toEqual({
      assumedSize: undefined,
      slicingArguments: [['first'], ['page', 'limit']],
      sizedFields: [['items'], ['page', 'items'], ['page', 'edges'], ['page', 'items']],
      requireOneSlicingArgument: true,
    });
  });

  test('of several subgraphs is merged', () => {
    const type = (args: string): string =>
      `${BOTH} type Query { a(x: Int, y: Int): [Int] @shareable @listSize(${args}) }`;
    const { listSizes } = costsOf({
      a: type('slicingArguments: ["x"], assumedSize: 3'),
      b: type('slicingArguments: ["y"], assumedSize: 5, requireOneSlicingArgument: false'),
    });
    expect(listSizes.get('Query.a')).toEqual({
      assumedSize: 5,
      slicingArguments: [['x'], ['y']],
      sizedFields: [],
      requireOneSlicingArgument: false,
    });
  });
});
