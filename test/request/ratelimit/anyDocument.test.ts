import fc from 'fast-check';
import { buildSchema, execute, parse, validate } from 'graphql';
import { afterAll, expect, test } from 'vitest';

import { createTestGateway } from '../../support/testGateway.js';

const SDL = 'type Query { search(q: String = "all"): String many(ids: [ID!]): Int free: String again: Query }';
const MAX = 1_000_000;
const policy = { max: MAX, window: '1h', by: [] };
const gateway = createTestGateway({
  subgraphs: {
    shop: {
      typeDefs: SDL,
      resolvers: { Query: { search: () => 'x', many: () => 1, free: () => 'free', again: () => ({}) } },
    },
  },
  rateLimit: {
    policies: [
      { name: 'search', fields: ['Query.search'], ...policy },
      { name: 'many', fields: ['Query.many'], arrayLengthField: 'ids', ...policy },
    ],
  },
  limits: { maxRootFields: 100, maxAliases: 200, maxDirectives: 200 },
});
afterAll(() => gateway.close());

const name = fc.constantFrom('a', 'b', 'c');
const guard = fc.constantFrom(
  '',
  '',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no) @skip(if: $no)',
  '@skip(if: false)',
);
const field = fc.oneof(
  fc.tuple(name, fc.constantFrom('search', 'search(q: "x")', 'search(q: $q)', 'free')),
  fc.tuple(
    fc.constantFrom('m', 'n'),
    fc.constantFrom('many', 'many(ids: [1, 2, 3])', 'many(ids: 4)', 'many(ids: $ids)', 'many(ids: [])'),
  ),
);
const { selection } = fc.letrec<{ selection: string; list: string }>((tie) => ({
  list: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }).map((each) => each.join(' ')),
  selection: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(field, guard).map(([[alias, asked], when]) => `${alias}: ${asked} ${when}`),
    fc.tuple(guard, tie('list')).map(([when, list]) => `... ${when} { ${list} }`),
    fc.tuple(guard, tie('list')).map(([when, list]) => `... on Query ${when} { ${list} }`),
    fc.tuple(name, guard, tie('list')).map(([alias, when, list]) => `again_${alias}: again ${when} { ${list} }`),
    guard.map((when) => `...F ${when}`),
    guard.map((when) => `...G ${when}`),
  ),
}));
const documents = fc.tuple(fc.array(selection, { minLength: 1, maxLength: 5 }), field, field).map(
  ([selections, f, g]) =>
    `query ($yes: Boolean! = true, $no: Boolean!, $q: String = "x", $ids: [ID!]) { ${selections.join(' ')} ...F ...G @skip(if: $no) }
       fragment F on Query { f: __typename ${f[0]}: ${f[1]} } fragment G on Query { again_a: again { ...F ${g[0]}: ${g[1]} } }`,
);
const variables = fc.record(
  { no: fc.boolean(), yes: fc.boolean(), ids: fc.array(fc.nat(5), { maxLength: 4 }) },
  { requiredKeys: ['no'] },
);

const schema = buildSchema(SDL);

/** How often graphql-js runs the resolvers; of `many`, by the length of its list. */
async function executions(text: string, given: Record<string, unknown>): Promise<{ search: number; many: number }> {
  const counts = { search: 0, many: 0 };
  const root = {
    search: () => (counts.search++, 'x'),
    many: ({ ids }: { ids?: readonly string[] | null }) => ((counts.many += Math.max(1, ids?.length ?? 0)), 1),
    free: () => 'free',
    again: () => root,
  };
  const { errors } = await execute({ schema, document: parse(text), rootValue: root, variableValues: given });
  expect(errors).toBeUndefined();
  return counts;
}

test('RL-03, RL-05: whatever is written, a limit counts what graphql-js executes', async () => {
  const left = { search: MAX, many: MAX };
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(documents, variables, async (query, given) => {
      fc.pre(validate(schema, parse(query)).length === 0);
      const expected = await executions(query, given);
      const { errors, headers } = await gateway.execute({ query, variables: given });
      expect(errors).toEqual([]);
      const standings = headers.get('ratelimit') ?? '';
      for (const each of ['search', 'many'] as const) {
        const now = Number(new RegExp(`"${each}";r=(\\d+)`).exec(standings)?.[1] ?? left[each]);
        expect(left[each] - now, `${each} in ${query}`).toBe(expected[each]);
        left[each] = now;
      }
      compared++;
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(20);
});
