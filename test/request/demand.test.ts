import { describe, expect, test } from 'vitest';

import type { EngineSettings } from '../../src/base/config/loadOptions.js';
import { someone } from '../support/identities.js';
import { createTestGateway } from '../support/testGateway.js';
import type { TestAnswer, TestGatewayOptions } from '../support/testGateway.js';

const BOOKS = `
type Query {
  book: Book
  books(first: Int, last: Int): [Book] @listSize(slicingArguments: ["first", "last"], assumedSize: 5)
  page(first: Int = 4, filter: Filter): Page @listSize(slicingArguments: ["first"], sizedFields: ["items"])
  loose(first: Int): [Book] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  media: [Media]
  dear: String @cost(weight: 30)
  secret: [Book] @authenticated
}
input Filter { text: String @cost(weight: 2) and: [Filter!] }
type Page { items: [Book] total: Int }
type Book @key(fields: "id") { id: ID! next: Book related(first: Int!): [Book] @listSize(slicingArguments: ["first"]) genre: Genre }
enum Genre @cost(weight: 3) { PROSE VERSE }
type Film @cost(weight: 4) { id: ID! makers: [Maker] }
type Maker { name: String }
union Media = Book | Film
type Mutation { add(count: Int @cost(weight: 5)): Book }`;

const REVIEWS =
  'type Book @key(fields: "id") { id: ID! reviews: [Review] @listSize(assumedSize: 3) } type Review { stars: Int @cost(weight: 1) by: String }';

const book = { id: '1', genre: 'PROSE' };
const resolvers = {
  Query: {
    book: () => book,
    books: () => [book, book],
    page: (_: unknown, { first }: { first: number }) => ({ items: new Array(first).fill(book), total: 9 }),
    loose: () => [book],
    media: () => [
      { __typename: 'Film', id: '1', makers: [{ name: 'a' }, null] },
      { __typename: 'Book', ...book },
      null,
    ],
    dear: () => 'dear',
    secret: () => [book],
  },
  Book: { next: () => book, related: () => [book, book, book], __resolveReference: () => book },
  Mutation: { add: () => book },
};
const reviews = {
  Book: { __resolveReference: ({ id }: { id: string }) => ({ id }), reviews: () => [{ stars: 1, by: 'a' }] },
};

type Static = NonNullable<NonNullable<EngineSettings['demandControl']>['strategy']>['staticEstimated'];

function gatewayOf(
  staticEstimated: Static = {},
  more: Partial<TestGatewayOptions> = {},
  mode: 'enforce' | 'measure' = 'enforce',
) {
  return createTestGateway({
    subgraphs: { books: { typeDefs: BOOKS, resolvers }, reviews: { typeDefs: REVIEWS, resolvers: reviews } },
    demandControl: { enabled: true, mode, extensions: true, headers: true, strategy: { staticEstimated } },
    ...more,
  });
}

const codesOf = ({ errors }: TestAnswer): unknown[] => errors.map(({ extensions }) => extensions['code']);
const costOf = ({ extensions }: TestAnswer): unknown => extensions?.['cost'];

describe('the cost of an operation', () => {
  const gateway = gatewayOf({ max: 1_000_000 });
  test.each<[query: string, estimated: number, actual: number, variables?: Record<string, unknown>]>([
    ['{ book { id } }', 1, 1],
    ['{ book { id genre } }', 4, 4],
    ['{ book { next { next { id } } } }', 3, 3],
    ['{ books(first: 7) { id } }', 7, 2],
    ['query($n: Int) { books(first: $n) { id } }', 100, 2, { n: 100 }],
    ['query($n: Int = 8) { books(last: $n) { id } }', 8, 2],
    ['{ page { items { id } total } }', 1 + 4, 1 + 4],
    ['{ page(first: 2) { items { id genre } } }', 1 + 4 * (1 + 3), 1 + 2 * (1 + 3)],
    [
      '{ page(first: 20) { a: items { id } b: items { id } items { genre } } }',
      1 + 20 + 20 + 20 * 4,
      1 + 20 + 20 + 20 * 4,
    ],
    ['{ loose { id } }', 10, 1],
    ['{ books(first: 3) { related(first: 4) { id } } }', 3 * (1 + 4), 2 * (1 + 3)],
    ['{ book { reviews { stars by } } }', 1 + 3 * 2, 1 + 2],
    // The dearest type of each item is assumed: a film with ten makers; one film with one maker and one book came.
    ['{ media { ... on Film { makers { name } } ... on Book { id } } }', 10 * (4 + 10), 4 + 1 + 1],
    ['{ dear a: dear }', 60, 60],
    ['{ dear dear ... { dear } }', 30, 30],
    ['{ dear @skip(if: true) book @include(if: true) { id } }', 1, 1],
    ['query($no: Boolean = false) { dear @include(if: $no) book { id } }', 1, 1],
    // Input objects cost 1 each, and what is set in them its weight.
    ['{ page(first: 0, filter: { text: "a", and: [{ text: "b" }, {}] }) { total } }', 1 + 3 + 4, 1 + 3 + 4],
    [
      'query($f: Filter) { page(first: 0, filter: $f) { total } }',
      1 + 4,
      1 + 4,
      { f: { text: null, and: [{ text: 'b' }] } },
    ],
    ['mutation { add(count: 1) { id } }', 10 + 5 + 1, 10 + 5 + 1],
    ['mutation { add { id } }', 11, 11],
    ['{ __typename __schema { types { name } } }', 0, 0],
  ])('%s is estimated at %i and was %i', async (query, estimated, actual, variables = {}) => {
    const answer = await gateway.execute({ query, variables });
    expect(answer.errors).toEqual([]);
    expect(costOf(answer)).toEqual({ estimated, actual, max: 1_000_000 });
    expect(answer.headers.get('x-cost-estimated')).toBe(String(estimated));
    expect(answer.headers.get('x-cost-actual')).toBe(String(actual));
  });

  test('leaves out what the caller may not have', async () => {
    const query = '{ book { id } secret { id } }';
    expect(costOf(await gateway.execute(query))).toMatchObject({ estimated: 1, actual: 1 });
    expect(costOf(await gateway.execute({ query, identity: someone('ada') }))).toMatchObject({
      estimated: 11,
      actual: 2,
    });
  });

  test('is known to each of many that share one execution', async () => {
    const shared = gatewayOf({}, { dedupe: true });
    await shared.execute('{ books(first: 3) { id } }');
    const answers = await Promise.all(Array.from({ length: 4 }, () => shared.execute('{ books(first: 3) { id } }')));
    expect(answers.map(costOf)).toEqual(new Array(4).fill({ estimated: 3, actual: 2, max: 1000 }));
    expect(shared.calls).toHaveLength(2);
  });

  test("is nobody's business where demand control is off", async () => {
    const silent = createTestGateway({ subgraphs: { books: { typeDefs: BOOKS, resolvers } } });
    const answer = await silent.execute('{ books { id } }');
    expect(answer).toMatchObject({ data: {}, errors: [], extensions: undefined });
    expect([...answer.headers.keys()]).toEqual([]);
  });
});

describe('an operation that is estimated to cost too much', () => {
  // Armor's default, and the yardstick's.
  test.each([5000, 1000])(
    'TOOL-19: passes at %i points and is refused with one more, and nobody is asked',
    async (max) => {
      const gateway = gatewayOf({ max });
      const ask = (n: number) =>
        gateway.execute({ query: 'query($n: Int) { books(first: $n) { id } }', variables: { n } });
      expect((await ask(max)).errors).toEqual([]);
      const refused = await ask(max + 1);
      expect(refused.data).toBeUndefined();
      expect(refused.errors[0]!.extensions).toEqual({
        code: 'COST_ESTIMATED_TOO_EXPENSIVE',
        http: { status: 400 },
        cost: { estimated: max + 1, max },
      });
      expect(refused.errors[0]!.message).toContain(String(max));
      expect(refused.headers.get('x-cost-estimated')).toBe(String(max + 1));
      expect(gateway.calls).toHaveLength(1);
    },
  );

  test('DOS: a million times a million and more does not overflow', async () => {
    const gateway = gatewayOf({ max: 1e15 });
    const nested = (depth: number): string =>
      `books(first: 1000000) { ${'related(first: 2147483647) { '.repeat(depth)} id ${'} '.repeat(depth)} }`;
    const ask = async (depth: number) => (await gateway.execute(`{ ${nested(depth)} }`)).errors[0]?.extensions['cost'];
    expect(await ask(1)).toEqual({ estimated: 1e6 * (1 + 2147483647), max: 1e15 });
    expect(await ask(9)).toEqual({ estimated: Number.MAX_SAFE_INTEGER, max: 1e15 });
  });

  test.each([
    ['negative', -5, 0],
    ['the least Int', -2147483648, 0],
    ['zero', 0, 0],
    ['no value: what is assumed', undefined, 10],
    ['null: what is assumed', null, 10],
  ])('DOS: a slicing variable that is %s is no discount for the rest', async (_, n, items) => {
    const gateway = gatewayOf({ max: 1 });
    const query = 'query($n: Int) { loose(first: $n) { id } dear }';
    const answer = await gateway.execute({ query, variables: n === undefined ? {} : { n } });
    expect(answer.errors[0]!.extensions['cost']).toEqual({ estimated: 30 + items, max: 1 });
  });

  test('DOS: hides nothing in aliases, fragments, repeated spreads or conditions', async () => {
    const gateway = gatewayOf({ max: 89 });
    const texts = [
      '{ a: dear b: dear c: dear }',
      '{ ...A ...B } fragment A on Query { a: dear b: dear } fragment B on Query { ...A c: dear }',
      'query($yes: Boolean = true) { a: dear @include(if: $yes) b: dear @skip(if: false) ... @include(if: $yes) { c: dear } }',
    ];
    for (const text of texts) {
      const { errors } = await gateway.execute(text);
      expect(errors[0]!.extensions['cost'], text).toEqual({ estimated: 90, max: 89 });
    }
    expect((await gateway.execute({ query: texts[2]!, variables: { yes: false } })).errors).toEqual([]);
  });

  test('is answered in measure mode, and said to be too expensive', async () => {
    const gateway = gatewayOf({ max: 5 }, {}, 'measure');
    const answer = await gateway.execute('{ dear }');
    expect(answer).toMatchObject({ data: { dear: 'dear' }, errors: [] });
    expect(costOf(answer)).toEqual({ estimated: 30, actual: 30, max: 5 });
  });

  test('is decided anew with other variables, also when the document is known', async () => {
    const gateway = gatewayOf({ max: 50 });
    const ask = async (n: number) =>
      codesOf(await gateway.execute({ query: 'query($n: Int) { books(first: $n) { id } }', variables: { n } }));
    expect([await ask(50), await ask(51), await ask(1), await ask(1e9)]).toEqual([
      [],
      ['COST_ESTIMATED_TOO_EXPENSIVE'],
      [],
      ['COST_ESTIMATED_TOO_EXPENSIVE'],
    ]);
  });
});

describe('the budget of a subgraph', () => {
  const query = 'query($n: Int!) { book { id related(first: $n) { id reviews { stars by } } } dear }';
  const budgets = { subgraph: { all: { max: 1000 }, subgraphs: { reviews: { max: 60 } } } };

  test('leaves out that subgraph alone, with an error where its part would be', async () => {
    const gateway = gatewayOf({ max: 100_000, ...budgets });
    // Three reviews of two points for each of n books.
    expect((await gateway.execute({ query, variables: { n: 10 } })).errors).toEqual([]);
    gateway.calls.length = 0;
    const answer = await gateway.execute({ query, variables: { n: 11 } });
    expect(answer.data).toMatchObject({
      dear: 'dear',
      book: { id: '1', related: [{ id: '1', reviews: null }, {}, {}] },
    });
    expect(new Set(codesOf(answer))).toEqual(new Set(['SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE']));
    expect(answer.errors[0]).toMatchObject({ path: ['book', 'related', 0, 'reviews'] });
    expect(answer.errors[0]!.message).not.toContain('reviews');
    expect(gateway.calls.map(({ subgraph }) => subgraph)).toEqual(['books']);
  });

  test('is nothing in measure mode', async () => {
    const gateway = gatewayOf({ max: 100_000, ...budgets }, {}, 'measure');
    expect((await gateway.execute({ query, variables: { n: 999 } })).errors).toEqual([]);
  });

  test('goes by a list size of its own', async () => {
    const sizes = { listSize: 1000, subgraph: { all: {}, subgraphs: { books: { max: 5, listSize: 5 } } } };
    const gateway = gatewayOf({ max: 100_000, ...sizes });
    expect((await gateway.execute('{ loose { id } }')).errors).toEqual([]);
    expect(codesOf(await gateway.execute('{ a: loose { id } b: loose { id } }'))).toContain(
      'SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE',
    );
  });
});

describe('a list that needs one slicing argument', () => {
  test.each([
    ['none', '{ books { id } }'],
    ['two', '{ books(first: 1, last: 1) { id } }'],
    ['null', '{ books(first: null) { id } }'],
    ['a variable without a value', 'query($n: Int) { books(first: $n) { id } }'],
  ])('is refused with %s, and counted in measure mode', async (_, query) => {
    const refused = await gatewayOf().execute(query);
    expect(codesOf(refused)).toEqual(['COST_QUERY_PARSE_FAILURE']);
    expect(refused.errors[0]!.extensions['http']).toEqual({ status: 400 });
    expect(refused.errors[0]!.message).toContain('Query.books');
    expect((await gatewayOf({}, {}, 'measure').execute(query)).errors).toEqual([]);
  });

  test('is content with a default', async () => {
    expect((await gatewayOf().execute('{ page { total } }')).errors).toEqual([]);
  });

  test('needs none where it is left out', async () => {
    const gateway = gatewayOf();
    expect(
      (await gateway.execute('query($no: Boolean = false) { books @include(if: $no) { id } dear }')).errors,
    ).toEqual([]);
  });
});

describe('limits.max_list_size', () => {
  const limits = { maxListSize: 100 };
  const query = 'query($n: Int) { page(first: $n) { total } }';

  test('refuses more items in one slicing argument, with demand control or without', async () => {
    for (const gateway of [
      gatewayOf({ max: 1e9 }, { limits }),
      createTestGateway({ subgraphs: { books: { typeDefs: BOOKS, resolvers } }, limits }),
    ]) {
      expect((await gateway.execute({ query, variables: { n: 100 } })).errors).toEqual([]);
      const refused = await gateway.execute({ query, variables: { n: 101 } });
      expect(codesOf(refused)).toEqual(['MAX_LIST_SIZE_EXCEEDED']);
      expect(refused.errors[0]!.message).toBe('Query.page is asked for 101 items, at most 100 are allowed');
      expect(gateway.calls).toHaveLength(1);
    }
  });

  test('is told and passes with warn_only', async () => {
    const gateway = gatewayOf({ max: 1e9 }, { limits: { ...limits, warnOnly: true } });
    expect((await gateway.execute({ query, variables: { n: 101 } })).errors).toEqual([]);
  });
});
