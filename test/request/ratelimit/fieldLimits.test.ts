import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { Identity } from '../../../src/request/Identity.js';
import type { EngineSettings } from '../../../src/base/config/loadOptions.js';
import { handClock } from '../../support/handClock.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestAnswer, TestGateway } from '../../support/testGateway.js';

const SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@composeDirective"])
  @link(url: "https://specs.portico.dev/rateLimit/v0.1", import: ["@rateLimit"])
  @composeDirective(name: "@rateLimit")
${readFileSync('schema/directives.graphql', 'utf8')}
type Query {
  search(q: String = "all"): [Hit!] @rateLimit(max: 5, window: "10s")
  secret: String @authenticated @rateLimit(max: 1, window: "10s")
  total: Int! @rateLimit(max: 1, window: "10s")
  free: String
  node: Node
  many(ids: [ID!]): Int @rateLimit(max: 4, window: "10s", arrayLengthField: "ids")
}
type Mutation {
  login(email: String!): String @rateLimit(max: 5, window: "10s", identityArgs: ["email"], message: "Too many attempts")
  other: String
}
interface Node { id: ID! views: Int }
type Hit implements Node @key(fields: "id") { id: ID! views: Int @rateLimit(max: 1, window: "10s") }
type Page implements Node @key(fields: "id") { id: ID! views: Int }`;

function gatewayOf(rateLimit: EngineSettings['rateLimit'] = {}) {
  const clock = handClock();
  const resolvers = {
    Query: {
      search: () => [{ id: '1' }],
      secret: () => 'secret',
      total: () => 3,
      free: () => 'free',
      node: () => ({ __typename: 'Page', id: '1', views: 7 }),
      many: () => 1,
    },
    Mutation: { login: () => 'token', other: () => 'done' },
  };
  const gateway = createTestGateway({
    subgraphs: { shop: { typeDefs: SCHEMA, resolvers } },
    rateLimit,
    clock,
    limits: { maxRootFields: 50 },
  });
  return { clock, gateway };
}

const codesOf = ({ errors }: TestAnswer): unknown[] => errors.map(({ extensions }) => extensions['code']);

async function times(count: number, ask: () => Promise<TestAnswer>): Promise<TestAnswer[]> {
  const answers: TestAnswer[] = [];
  while (answers.length < count) answers.push(await ask());
  return answers;
}

function loginAs(gateway: TestGateway, email: string, identity = someone('ada')): Promise<TestAnswer> {
  return gateway.execute({ query: `mutation { login(email: "${email}") }`, identity });
}

describe('a limited field', () => {
  test('RL-01: five pass, the sixth is null with RATE_LIMITED and when to try again, and the subgraph is asked five times', async () => {
    const { gateway } = gatewayOf();
    const answers = await times(6, () => loginAs(gateway, 'a@b.c'));
    expect(answers.slice(0, 5).map(({ data }) => data)).toEqual(new Array(5).fill({ login: 'token' }));
    expect(answers[5]).toMatchObject({
      data: null,
      errors: [{ message: 'Too many attempts', path: ['login'], extensions: { code: 'RATE_LIMITED', retryAfter: 10 } }],
    });
    expect(gateway.calls).toHaveLength(5);
  });

  test('RL-02: a hundred at once are as many as five', async () => {
    const { gateway } = gatewayOf();
    const answers = await Promise.all(Array.from({ length: 100 }, () => loginAs(gateway, 'a@b.c')));
    expect(answers.filter(({ data }) => data !== null)).toHaveLength(5);
    expect(gateway.calls).toHaveLength(5);
  });

  test('RL-03: thirty aliases in one request are thirty executions: five are made', async () => {
    const { gateway } = gatewayOf();
    const logins = Array.from({ length: 30 }, (_, index) => `l${index}: login(email: "a@b.c")`).join(' ');
    const answer = await gateway.execute({ query: `mutation { ${logins} }`, identity: someone('ada') });
    const data = answer.data as Record<string, unknown>;
    expect(Object.values(data).filter((value) => value === 'token')).toHaveLength(5);
    expect(codesOf(answer)).toEqual(new Array(25).fill('RATE_LIMITED'));
    expect(gateway.calls[0]!.text.match(/login\(/g)).toHaveLength(5);
  });

  test('RL-03: hidden in fragments, spread twice under other names, counts as often as it is executed', async () => {
    const { gateway } = gatewayOf();
    const query = `query { ...A ...B } fragment A on Query { a: search(q: "1") { id } b: search(q: "2") { id } c: search(q: "3") { id } }
      fragment B on Query { d: search(q: "4") { id } e: search(q: "5") { id } f: search(q: "6") { id } ...A }`;
    const answer = await gateway.execute(query);
    expect(codesOf(answer)).toEqual(['RATE_LIMITED']);
    expect((answer.data as { f: unknown }).f).toBeNull();
  });

  test('RL-05: is not counted where @skip or @include leave it out, whether by a literal or a variable', async () => {
    const { gateway } = gatewayOf();
    const query = `query Q($no: Boolean = false) {
      a: search(q: "1") @include(if: $no) { id } b: search(q: "2") @skip(if: true) { id } free }`;
    await times(9, () => gateway.execute(query));
    const [answer] = await times(1, () => gateway.execute({ query, variables: { no: true } }));
    expect(answer!.errors).toEqual([]);
  });

  test('RL-05: is not counted where the caller may not have it anyway', async () => {
    const { gateway } = gatewayOf();
    await times(3, () => gateway.execute('{ secret free }'));
    const answer = await gateway.execute({ query: '{ secret }', identity: someone('ada') });
    expect(answer).toMatchObject({ data: { secret: 'secret' }, errors: [] });
  });

  test('RL-06: counts each identity by itself, anonymous ones by their address, and no header changes that', async () => {
    const { gateway } = gatewayOf();
    const search = (clientIp: string, headers = {}) =>
      gateway.execute({ query: '{ search { id } }', clientIp, headers });
    await times(5, () => search('203.0.113.7'));
    expect(codesOf(await search('203.0.113.7', { 'x-forwarded-for': '1.2.3.4', 'x-user': 'eve' }))).toEqual([
      'RATE_LIMITED',
    ]);
    expect((await search('203.0.113.8')).errors).toEqual([]);
    const asAda = () =>
      gateway.execute({ query: '{ search { id } }', clientIp: '203.0.113.7', identity: someone('ada') });
    expect((await asAda()).errors).toEqual([]);
  });

  test('TOOL-15: counts by the account that is attacked, whoever attacks it', async () => {
    const { gateway } = gatewayOf({
      policies: [
        { name: 'accounts', fields: ['Mutation.login'], max: 3, window: '10s', by: [], identityArgs: ['email'] },
      ],
    });
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, index) => loginAs(gateway, 'victim@b.c', someone(`attacker ${index}`))),
    );
    expect(answers.filter(({ data }) => data !== null)).toHaveLength(3);
    expect((await loginAs(gateway, 'other@b.c', someone('attacker 1'))).errors).toEqual([]);
  });

  test('is met by whoever names the type of an object, where the field of an interface is limited', async () => {
    const { gateway } = gatewayOf({ policies: [{ name: 'ids', fields: ['Node.id'], max: 2, window: '10s' }] });
    const viaTypes = '{ node { ... on Page { id } ... on Hit { id } } }';
    expect(codesOf(await gateway.execute('{ node { id } }'))).toEqual([]);
    expect(codesOf(await gateway.execute('{ search { id } }'))).toEqual([]);
    for (const query of ['{ node { id } }', viaTypes, '{ search { id } }', '{ node { ... on Page { x: id } } }'])
      expect(codesOf(await gateway.execute(query)), query).toContain('RATE_LIMITED');
  });

  test('is met below @defer as anywhere', async () => {
    const { gateway } = gatewayOf();
    const queries = ['{ ... @defer { search { id } } }', '{ ... @defer(if: false) { s: search { id } } }'];
    for (const query of [...queries, ...queries, queries[0]!])
      expect(codesOf(await gateway.execute(query)), query).toEqual([]);
    for (const query of queries) expect(codesOf(await gateway.execute(query)), query).toEqual(['RATE_LIMITED']);
  });

  test('takes nothing for a request that is refused as a whole', async () => {
    const { gateway } = gatewayOf({ policies: [{ name: 'all', max: 2, window: '1m' }] });
    const answers = await times(5, () => gateway.execute('{ search { id } }'));
    expect(answers.map(codesOf)).toEqual([[], [], ...new Array(3).fill(['RATE_LIMITED'])]);
    // Two of the five places were taken; somebody else's requests do not matter.
    const { headers } = await gateway.execute({ query: '{ search { id } }', identity: someone('grace') });
    expect(headers.get('ratelimit')).toContain('"Query.search";r=4');
    expect(answers[4]!.headers.get('ratelimit')).toContain('"Query.search";r=3');
  });

  test('RL-17: leaves its siblings alone, and bubbles where it may not be null', async () => {
    const { gateway } = gatewayOf();
    expect(await gateway.execute('{ total free }')).toMatchObject({ data: { total: 3, free: 'free' } });
    const nulled = await gateway.execute('{ total free }');
    expect(nulled).toMatchObject({ data: null });
    expect(codesOf(nulled)).toEqual(['RATE_LIMITED']);
    await times(5, () => gateway.execute('{ search { id } }'));
    expect(await gateway.execute('{ search { id } free }')).toMatchObject({ data: { search: null, free: 'free' } });
  });

  test('counts a list argument by its length', async () => {
    const { gateway } = gatewayOf();
    expect((await gateway.execute('{ many(ids: [1, 2, 3]) }')).errors).toEqual([]);
    expect(codesOf(await gateway.execute('{ many(ids: [1, 2]) }'))).toEqual(['RATE_LIMITED']);
    expect((await gateway.execute('{ many }')).errors).toEqual([]);
  });

  test('asked of an interface meets the limits of all types that may answer', async () => {
    const { gateway } = gatewayOf();
    expect((await gateway.execute('{ node { views } }')).errors).toEqual([]);
    expect(codesOf(await gateway.execute('{ node { views } }'))).toEqual(['RATE_LIMITED']);
  });

  test('passes again when its window has', async () => {
    const { gateway, clock } = gatewayOf();
    await gateway.execute('{ total }');
    clock.turn(9_999);
    expect(codesOf(await gateway.execute('{ total }'))).toEqual(['RATE_LIMITED']);
    clock.turn(2);
    expect((await gateway.execute('{ total }')).errors).toEqual([]);
  });

  test('CACHE-08: is charged for each of many that share one execution', async () => {
    const { gateway } = gatewayOf();
    const answers = await Promise.all(Array.from({ length: 7 }, () => gateway.execute('{ search { id } }')));
    expect(answers.filter(({ errors }) => errors.length > 0)).toHaveLength(2);
  });
});

describe('a limit of whole operations', () => {
  const policies = [{ name: 'all', max: 2, window: '1m' } as const];

  test('answers 429 with Retry-After, and asks nobody', async () => {
    const { gateway } = gatewayOf({ policies });
    await times(2, () => gateway.execute('{ free }'));
    const answer = await gateway.execute('{ free }');
    expect(answer.data).toBeUndefined();
    expect(answer.errors[0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', http: { status: 429 } });
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(gateway.calls).toHaveLength(2);
  });

  test('says what is left in the head, and in extensions when asked to; and nothing of anybody else', async () => {
    const { gateway } = gatewayOf({ policies, extensions: true });
    const answer = await gateway.execute({ query: '{ free search { id } }', identity: someone('ada') });
    expect(answer.headers.get('ratelimit-policy')).toBe('"all";q=2;w=60, "Query.search";q=5;w=10');
    expect(answer.headers.get('ratelimit')).toBe('"all";r=1;t=60, "Query.search";r=4;t=10');
    expect(answer.extensions).toEqual({
      rateLimit: [
        { policy: 'all', limit: 2, remaining: 1, resetSeconds: 60 },
        { policy: 'Query.search', limit: 5, remaining: 4, resetSeconds: 10 },
      ],
    });
    expect(JSON.stringify([...answer.headers, answer.extensions])).not.toContain('ada');
  });

  test('differs by plan, and by consumer more than by plan', async () => {
    const { gateway } = gatewayOf({
      policies: [
        { ...policies[0]!, plans: { pro: { max: 4 } }, consumers: { batch: { unlimited: true }, slow: { max: 1 } } },
      ],
    });
    const passes = async (subject: string, plan?: string): Promise<number> => {
      const identity = { ...someone(subject), plan };
      const answers = await times(6, () => gateway.execute({ query: '{ free }', identity }));
      return answers.filter(({ errors }) => errors.length === 0).length;
    };
    expect(await passes('ada')).toBe(2);
    expect(await passes('grace', 'pro')).toBe(4);
    expect(await passes('slow', 'pro')).toBe(1);
    expect(await passes('batch')).toBe(6);
  });

  test('is not lifted by a token whose subject is spelled like another credential', async () => {
    const consumers = { 'api_key:batch': { unlimited: true }, 'jwt:slow': { max: 1 } };
    const { gateway } = gatewayOf({ policies: [{ ...policies[0]!, consumers }] });
    const passes = async (identity: Identity): Promise<number> => {
      const answers = await times(6, () => gateway.execute({ query: '{ free }', identity }));
      return answers.filter(({ errors }) => errors.length === 0).length;
    };
    expect(await passes({ ...someone('batch'), kind: 'api_key' })).toBe(6);
    for (const subject of ['batch', 'api_key:batch', 'api_key\nbatch', '\nbatch'])
      expect(await passes(someone(subject))).toBe(2);
    expect(await passes(someone('slow'))).toBe(1);
    expect(await passes({ ...someone('slow'), kind: 'api_key' })).toBe(2);
  });

  test('is for operations of its names alone', async () => {
    const { gateway } = gatewayOf({ policies: [{ ...policies[0]!, max: 0, operations: ['Checkout'] }] });
    expect(codesOf(await gateway.execute('query Checkout { free }'))).toEqual(['RATE_LIMITED']);
    expect((await gateway.execute('query Other { free }')).errors).toEqual([]);
  });

  test('that is tried out counts and refuses nothing', async () => {
    const { gateway } = gatewayOf({ policies: [{ ...policies[0]!, dryRun: true }] });
    const answers = await times(4, () => gateway.execute('{ free }'));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(answers.map(({ headers }) => headers.get('ratelimit')!.match(/r=\d/)![0])).toEqual([
      'r=1',
      'r=0',
      'r=0',
      'r=0',
    ]);
  });
});

describe('a store that cannot be asked', () => {
  const broken = { spend: () => Promise.reject(new Error('no Redis')), adjust() {}, close: () => Promise.resolve() };

  test('RL-13: lets nothing through where that is declared, and counts here for the rest', async () => {
    const resolvers = { Query: { free: () => 'free', search: () => [] }, Mutation: { login: () => 'token' } };
    const gateway = createTestGateway({
      subgraphs: { shop: { typeDefs: SCHEMA, resolvers } },
      limiter: broken,
      rateLimit: {
        policies: [{ name: 'logins', fields: ['Mutation.login'], max: 9, window: '1m', onStoreFailure: 'deny' }],
      },
    });
    const refused = await loginAs(gateway, 'a@b.c');
    expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'RATE_LIMITER_UNAVAILABLE' } }] });
    const answers = await times(6, () => gateway.execute('{ search { id } }'));
    expect(answers.map(codesOf)).toEqual([[], [], [], [], [], ['RATE_LIMITED']]);
  });

  test('refuses whole operations with 503 where that is declared', async () => {
    const gateway = createTestGateway({
      subgraphs: { shop: { typeDefs: SCHEMA, resolvers: { Query: { free: () => 'free' } } } },
      limiter: broken,
      rateLimit: { policies: [{ name: 'all', max: 9, window: '1m', onStoreFailure: 'deny' }] },
    });
    expect((await gateway.execute('{ free }')).errors[0]!.extensions).toMatchObject({
      code: 'RATE_LIMITER_UNAVAILABLE',
      http: { status: 503 },
    });
  });
});
