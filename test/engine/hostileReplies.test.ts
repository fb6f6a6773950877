import { afterEach, describe, expect, it } from 'vitest';

import type { InProcessAnswer } from '../../src/upstream/inProcessClient.js';
import type { SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';
import { entities, factsSdl, hostileGateway, usersSdl } from '../support/hostileGraph.js';
import type { Answer } from '../support/hostileGraph.js';
import { createTestGateway } from '../support/testGateway.js';
import type { TestAnswer, TestGateway } from '../support/testGateway.js';

/** A subgraph's answer is untrusted: one fault is one located error, and the rest of the answer survives (SHAPE-01 to 20). */

const gateways: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

function open(...args: Parameters<typeof hostileGateway>): TestGateway {
  const gateway = hostileGateway(...args);
  gateways.push(gateway);
  return gateway;
}

const codesOf = ({ errors }: TestAnswer): unknown[] => errors.map((error) => error.extensions['code']);
const pathsOf = ({ errors }: TestAnswer): unknown[] => errors.map((error) => error.path?.join('.'));

/** No answer may show that the gateway stumbled. */
function expectNoStumble(answer: TestAnswer): void {
  for (const { message, extensions } of answer.errors) {
    expect(message).not.toMatch(/TypeError|Cannot read|is not a function|is not iterable|undefined/);
    expect(extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
  }
}

const twoUsers = {
  data: {
    users: [
      { __typename: 'User', id: '1' },
      { __typename: 'User', id: '2' },
    ],
  },
};

const unusableReplies: readonly { readonly title: string; readonly reply: unknown }[] = [
  { title: 'nothing', reply: {} },
  { title: 'data: null', reply: { data: null } },
  { title: 'data: []', reply: { data: [] } },
  { title: 'data: "x"', reply: { data: 'x' } },
  { title: 'data: 42', reply: { data: 42 } },
  { title: 'data: false', reply: { data: false } },
  { title: 'errors: {}', reply: { errors: {} } },
  { title: 'errors: "x"', reply: { errors: 'x' } },
  { title: 'errors: [null]', reply: { errors: [null] } },
  { title: 'errors: [{}]', reply: { errors: [{}] } },
  { title: 'errors: [[1], 2, "x"]', reply: { errors: [[1], 2, 'x'] } },
  { title: 'errors: []', reply: { errors: [] } },
  { title: 'data: null with status 500', reply: { data: null, status: 500 } },
  { title: 'data: {} with status 503', reply: { data: {}, status: 503 } },
];

describe('SHAPE-01: a reply that is no GraphQL answer', () => {
  it.each(unusableReplies)('to a root fetch costs only its fields: $title', async ({ reply }) => {
    const answer = await open({ users: reply as InProcessAnswer }).execute('{ me { name } motto }');
    expect(answer.data).toEqual({ me: null, motto: 'fine' });
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(pathsOf(answer)).toContain('me');
    expectNoStumble(answer);
  });

  it.each(unusableReplies)('to an entity fetch costs only its fields: $title', async ({ reply }) => {
    const users = { data: { users: [{ __typename: 'User', id: '1', name: 'A' }, null] } };
    const answer = await open({ users, facts: reply as InProcessAnswer }).execute('{ users { name score } }');
    expect(answer.data).toEqual({ users: [{ name: 'A', score: null }, null] });
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(pathsOf(answer)).toContain('users.0.score');
    expectNoStumble(answer);
  });
});

describe('SHAPE-02: _entities of the wrong length', () => {
  const cases: readonly { readonly title: string; readonly list: unknown }[] = [
    { title: 'missing', list: undefined },
    { title: 'null', list: null },
    { title: 'not a list', list: { 0: { score: 1 } } },
    { title: 'text', list: 'ab' },
    { title: 'empty', list: [] },
    { title: 'one too few', list: [{ score: 1 }] },
    { title: 'one too many', list: [{ score: 1 }, { score: 2 }, { score: 3 }] },
  ];
  it.each(cases)('$title: no entity of the fetch is trusted, and others keep theirs', async ({ list }) => {
    const users = { data: { users: twoUsers.data.users.map((user) => ({ ...user, name: `N${user.id}` })) } };
    const answer = await open({ users, facts: { data: { _entities: list } } }).execute('{ users { name score } }');
    expect(answer.data).toEqual({
      users: [
        { name: 'N1', score: null },
        { name: 'N2', score: null },
      ],
    });
    expect(new Set(codesOf(answer))).toEqual(new Set(['SUBREQUEST_MALFORMED_RESPONSE']));
    expectNoStumble(answer);
  });
});

describe('SHAPE-03: an entity that is null', () => {
  const facts = entities(({ id }) => (id === '1' ? null : { __typename: 'User', score: 5, must: 6 }));

  it('gives null in nullable fields, without an error', async () => {
    const answer = await open({ users: twoUsers, facts }).execute('{ users { id score } }');
    expect(answer.data).toEqual({
      users: [
        { id: '1', score: null },
        { id: '2', score: 5 },
      ],
    });
    expect(answer.errors).toEqual([]);
  });

  it('takes the nearest nullable parent where the field is non-null', async () => {
    const answer = await open({ users: twoUsers, facts }).execute('{ users { id must } }');
    expect(answer.data).toEqual({ users: [null, { id: '2', must: 6 }] });
    expect(pathsOf(answer)).toEqual(['users.0.must']);
  });

  it('takes the whole answer where everything above is non-null', async () => {
    const users = { data: { strict: twoUsers.data.users } };
    const answer = await open({ users, facts }).execute('{ strict { must } motto }');
    expect(answer.data).toBeNull();
    expect(pathsOf(answer)).toEqual(['strict.0.must']);
  });

  it.each([[1], ['x'], [true], [[]], [[{ score: 1 }]]])(
    'is malformed where it should be an object: %j',
    async (wrong) => {
      const mixed = entities(({ id }) => (id === '1' ? wrong : { __typename: 'User', score: 5 }));
      const answer = await open({ users: twoUsers, facts: mixed }).execute('{ users { id score } }');
      expect(answer.data).toEqual({
        users: [
          { id: '1', score: null },
          { id: '2', score: 5 },
        ],
      });
      expect(answer.errors.length).toBeGreaterThan(0);
      expectNoStumble(answer);
    },
  );
});

describe('SHAPE-07: a wrong __typename', () => {
  it.each([
    ['Author'],
    ['Role'],
    ['Media'],
    ['User'],
    [7],
    [null],
    [undefined],
    [['Book']],
    ['__proto__'],
    ['constructor'],
  ])('of a union member nulls that member alone: %j', async (wrong) => {
    const media = [
      { __typename: 'Book', title: 'A', pages: 1 },
      { __typename: wrong, title: 'B', pages: 2 },
      { __typename: 'Film', title: 'C' },
    ];
    const answer = await open({ users: { data: { media } } }).execute(
      '{ media { __typename ... on Book { pages } ... on Film { title } } motto }',
    );
    expect(answer.data).toEqual({
      media: [{ __typename: 'Book', pages: 1 }, null, { __typename: 'Film', title: 'C' }],
      motto: 'fine',
    });
    expect(pathsOf(answer)).toEqual(['media.1']);
    expectNoStumble(answer);
  });

  it('that clients must not know is null, and its name is nowhere in the answer (AC-32)', async () => {
    const gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: `
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
            type Query { found: [Node] }
            interface Node { id: ID! }
            type Open implements Node { id: ID! }
            type TopSecret implements Node @inaccessible { id: ID! }
          `,
          answer: () => ({
            data: {
              found: [
                { __typename: 'Open', id: '1' },
                { __typename: 'TopSecret', id: '2' },
              ],
            },
          }),
        },
      },
      exposure: { mask: true, allowExtensions: new Set(['code']) },
    });
    gateways.push(gateway);
    for (const query of ['{ found { id } }', '{ found { __typename id } }', '{ found { ... on Open { id } } }']) {
      const answer = await gateway.execute(query);
      expect(answer.data, query).toMatchObject({ found: [{ id: '1' }, null] });
      expect(JSON.stringify([answer.data, answer.errors, answer.extensions])).not.toContain('TopSecret');
    }
  });

  it.each([['Book'], ['Nobody'], ['Named'], ['__proto__'], [1], [null], [{}], [['User']]])(
    'of an entity: that entity is not taken, and the known type stays: %j',
    async (wrong) => {
      const facts = entities(({ id }) => ({ __typename: id === '1' ? wrong : 'User', score: 3 }));
      const answer = await open({ users: twoUsers, facts }).execute('{ users { __typename id score } }');
      expect(answer.data).toEqual({
        users: [
          { __typename: 'User', id: '1', score: null },
          { __typename: 'User', id: '2', score: 3 },
        ],
      });
      expect(codesOf(answer)).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
      expect(pathsOf(answer)).toEqual(['users.0.score']);
    },
  );

  it("the interface's own name is the type of no object", async () => {
    const users = { data: { node: { __typename: 'Named', name: 'A' } } };
    const gateway = open({ users });
    expect((await gateway.execute('{ node { name } }')).data).toEqual({ node: { name: 'A' } });
    const named = await gateway.execute('{ node { kind: __typename name } motto }');
    expect(named.data).toEqual({ node: null, motto: 'fine' });
    expect(codesOf(named)).toEqual(['INVALID_VALUE']);
    expect(pathsOf(named)).toEqual(['node.kind']);
  });
});

describe('an interface object whose object type cannot be told', () => {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])`;
  const ask = async (answer: Answer): Promise<TestAnswer> => {
    const gateway = createTestGateway({
      subgraphs: {
        shop: {
          typeDefs: `${link} type Query { best: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! }`,
          answer,
        },
        types: {
          typeDefs: `${link} interface Media @key(fields: "id") { id: ID! } type Book implements Media @key(fields: "id") { id: ID! } type Query { one: Media }`,
          answer: () => ({ data: null, errors: [{ message: 'down' }] }),
        },
      },
    });
    gateways.push(gateway);
    return gateway.execute('{ best { id kind: __typename } }');
  };

  it('is null with the one error that explains it', async () => {
    const best = ['1', '2'].map((id) => ({ __typename: 'Media', id }));
    const answer = await ask(() => ({ data: { best } }));
    expect(answer.data).toEqual({ best: [null, null] });
    expect(answer.errors.map(({ message }) => message)).toEqual(['down']);
    expect(pathsOf(answer)).toEqual(['best.0.kind']);
  });
});

describe('SHAPE-09: more than was asked', () => {
  it('is not in the answer', async () => {
    const huge = 'x'.repeat(5_000_000);
    const extra = { extra: huge, password: 'secret', __proto__x: 1 };
    const users = { data: { users: [{ __typename: 'User', id: '1', ...extra }], ...extra, me: { id: '9' } } };
    const facts = entities(() => ({ __typename: 'User', score: 1, id: 'other', name: 'other', ...extra }));
    const answer = await open({ users, facts }).execute('{ users { id score } }');
    expect(answer).toEqual({
      data: { users: [{ id: '1', score: 1 }] },
      dataText: '{"users":[{"id":"1","score":1}]}',
      errors: [],
      extensions: undefined,
      cachePolicy: expect.anything() as unknown,
      headers: new Map(),
    });
  });

  it('cannot replace what another subgraph said', async () => {
    const users = { data: { users: [{ __typename: 'User', id: '1', name: 'right' }] } };
    const facts = entities(() => ({ __typename: 'User', score: 1, id: 'wrong', name: 'wrong' }));
    const answer = await open({ users, facts }).execute('{ users { name id score } }');
    expect(answer.data).toEqual({ users: [{ name: 'right', id: '1', score: 1 }] });
  });

  it('cannot speak for a subgraph that is asked later, whether that answers or fails', async () => {
    const extra = { score: 99, best: { id: '9', name: 'forged' } };
    const friends = [{ __typename: 'User', id: '2', ...extra }];
    const users = { data: { users: [{ __typename: 'User', id: '1', ...extra, friends }] } };
    const query = '{ users { id score best { id } friends { score } } }';
    const facts = entities(({ id }) => ({ __typename: 'User', score: Number(id), best: null }));
    const right = await open({ users, facts }).execute(query);
    expect(right.data).toEqual({ users: [{ id: '1', score: 1, best: null, friends: [{ score: 2 }] }] });
    const failing = await open({ users, facts: { data: null, errors: [{ message: 'down' }] } }).execute(query);
    expect(failing.data).toEqual({ users: [{ id: '1', score: null, best: null, friends: [{ score: null }] }] });
  });
});

describe('SHAPE-10: values that do not fit their type', () => {
  const wrong: readonly (readonly [field: string, value: unknown])[] = [
    ['age', 'x'],
    ['age', 1.5],
    ['age', 2 ** 40],
    ['age', {}],
    ['age', []],
    ['age', [1]],
    ['age', true],
    ['age', ''],
    ['height', 'tall'],
    ['height', {}],
    ['height', [1.5]],
    ['height', false],
    ['name', {}],
    ['name', ['x']],
    ['name', [null]],
    ['active', 'yes'],
    ['active', {}],
    ['active', []],
    ['role', 'ROOT'],
    ['role', 1],
    ['role', {}],
    ['role', '__proto__'],
    ['role', 'constructor'],
    ['id', {}],
    ['id', ['1']],
    ['id', 1.5],
    ['id', true],
    ['tags', 'x'],
    ['tags', { 0: 'x' }],
    ['tags', 7],
    ['friends', {}],
    ['friends', 'x'],
    ['friends', { __typename: 'User', id: '2' }],
  ];
  it.each(wrong)('%s: %j is null with an error, and its neighbours stay', async (field, value) => {
    const sub = field === 'friends' ? '{ id }' : '';
    const me = { __typename: 'User', id: '1', name: 'A', [field]: value };
    const neighbour = field === 'name' ? 'weight' : 'name';
    const answer = await open({ users: { data: { me: { weight: 3, ...me } } } }).execute(
      `{ me { ${neighbour} ${field} ${sub} } motto }`,
    );
    const kept = neighbour === 'name' ? { name: 'A' } : { weight: 3 };
    // id is non-null: its parent goes with it.
    const me2 = field === 'id' ? null : { ...kept, [field]: null };
    expect(answer.data).toEqual({ me: me2, motto: 'fine' });
    expect(pathsOf(answer)).toEqual([`me.${field}`]);
    expect(codesOf(answer)).toEqual(['INVALID_VALUE']);
    expectNoStumble(answer);
  });

  it.each([
    ['an object for a list', { users: {} }, '{ users { id } }', { users: null }],
    ['a list for an object', { me: [{ id: '1' }] }, '{ me { id } }', { me: null }],
    ['text for an object', { me: 'x' }, '{ me { name } }', { me: null }],
    [
      'a list in a list of objects',
      { users: [[{ id: '1' }], { id: '2' }] },
      '{ users { id } }',
      { users: [null, { id: '2' }] },
    ],
    ['an object in a list of lists', { grid: [{ id: '1' }] }, '{ grid { id } }', { grid: null }],
    ['too deep a list', { grid: [[[{ id: '1' }]]] }, '{ grid { id } }', { grid: null }],
  ])('%s is null with an error', async (_title, data, query, expected) => {
    const answer = await open({ users: { data } }).execute(query);
    expect(answer.data).toEqual(expected);
    expect(answer.errors).toHaveLength(1);
    expect(codesOf(answer)).toEqual(['INVALID_VALUE']);
    expectNoStumble(answer);
  });

  it('never shows the value that did not fit', async () => {
    const secret = 'hunter2';
    const data = { me: { id: { secret }, age: secret, role: secret, name: [secret] } };
    const answer = await open({ users: { data } }).execute('{ me { age role name } }');
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
});

describe('SHAPE-12: null where the schema says non-null', () => {
  const facts = (value: unknown): Answer =>
    entities(({ id }) => ({ __typename: 'User', must: id === '2' ? value : 1, matrix: id === '2' ? value : [[1]] }));

  it('in nested lists, across an entity jump: the null stops at the nearest nullable place, with one error', async () => {
    const grid = [
      [
        { __typename: 'User', id: '1' },
        { __typename: 'User', id: '2' },
      ],
      [{ __typename: 'User', id: '3' }],
    ];
    const answer = await open({ users: { data: { grid } }, facts: facts(null) }).execute('{ grid { id must } motto }');
    expect(answer.data).toEqual({ grid: null, motto: 'fine' });
    expect(pathsOf(answer)).toEqual(['grid.0.1.must']);
  });

  it.each([
    { value: [[1], null], path: 'users.1.matrix.1' },
    { value: [[1, null]], path: 'users.1.matrix.0.1' },
    { value: [[1, 'x']], path: 'users.1.matrix.0.1' },
    { value: [1], path: 'users.1.matrix.0' },
  ])('in a nested list of scalars: $value', async ({ value, path }) => {
    const answer = await open({ users: twoUsers, facts: facts(value) }).execute('{ users { id matrix } }');
    expect(answer.data).toEqual({
      users: [
        { id: '1', matrix: [[1]] },
        { id: '2', matrix: null },
      ],
    });
    expect(pathsOf(answer)).toEqual([path]);
  });
});

describe('SHAPE-13: errors with a hostile path', () => {
  const paths: readonly unknown[] = [
    ['_entities', 99, 'score'],
    ['_entities', -1],
    ['_entities', '0', 'score'],
    ['_entities'],
    ['elsewhere', 0],
    [],
    [null],
    [{}],
    'users.0',
    ['__proto__', 'polluted'],
    ['_entities', 0, '__proto__', 'polluted'],
    ['_entities', 0, 'constructor', 'prototype'],
    [1.5],
    [NaN],
    [['_entities']],
    Array.from({ length: 10_000 }, () => '_entities'),
    ['_entities', 0, 'score', 'deeper', 3],
    ['_entities', 1e9],
  ];
  it.each(paths.map((path) => ({ path, title: (JSON.stringify(path) ?? '').slice(0, 50) })))(
    'keep the message at the nearest place: $title',
    async ({ path }) => {
      const facts: Answer = (call) => ({ ...entities(() => null)(call), errors: [{ message: 'broken', path }] });
      const answer = await open({ users: twoUsers, facts }).execute('{ users { id score } motto }');
      expect(answer.data).toMatchObject({
        users: [
          { id: '1', score: null },
          { id: '2', score: null },
        ],
      });
      expect(answer.errors.some((error) => error.message === 'broken')).toBe(true);
      for (const error of answer.errors) expect(JSON.stringify(error.path ?? null).length).toBeLessThan(200);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  );
});

describe('SHAPE-14: floods of errors', () => {
  it.each([
    {
      title: '100,000 errors',
      errors: Array.from({ length: 100_000 }, (_, i) => ({ message: `e${i}`, path: ['users', 0, 'name'] })),
    },
    { title: '100,000 errors without a path', errors: Array.from({ length: 100_000 }, () => ({ message: 'e' })) },
    { title: 'a message of 1 MB', errors: [{ message: 'm'.repeat(1_000_000), path: ['users', 0] }] },
    { title: 'extensions of 5 MB', errors: [{ message: 'm', extensions: { code: 'C', big: 'x'.repeat(5_000_000) } }] },
    { title: 'a code of 1 MB', errors: [{ message: 'm', extensions: { code: 'C'.repeat(1_000_000) } }] },
  ])('$title: at most 100 kB more in the answer, and the data stays', async ({ errors }) => {
    const users = { data: { users: [{ __typename: 'User', id: '1', name: 'A' }] }, errors };
    const answer = await open({ users }).execute('{ users { id name } }');
    expect(answer.data).toEqual({ users: [{ id: '1', name: 'A' }] });
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.errors.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(answer.errors).length).toBeLessThan(100_000);
  });

  it('says how many were left out', async () => {
    const errors = Array.from({ length: 1_000 }, (_, i) => ({ message: `e${i}` }));
    const answer = await open({ users: { data: { users: null }, errors } }).execute('{ users { id } }');
    expect(answer.extensions).toEqual({ droppedErrors: 900 });
  });
});

describe('SHAPE-15: data and errors about the same place', () => {
  it('keeps both', async () => {
    const users = {
      data: { me: { __typename: 'User', id: '1', age: 5 } },
      errors: [{ message: 'late', path: ['me', 'age'] }],
    };
    const answer = await open({ users }).execute('{ me { x: age } }');
    expect(answer.data).toEqual({ me: { x: 5 } });
    expect(answer.errors.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'late', path: ['me', 'x'] },
    ]);
  });

  it('keeps an error about a field that nobody asked', async () => {
    const users = { data: { me: { id: '1' } }, errors: [{ message: 'odd', path: ['me', 'unasked'] }] };
    const answer = await open({ users }).execute('{ me { id } }');
    expect(answer.data).toEqual({ me: { id: '1' } });
    expect(answer.errors.map((error) => error.message)).toEqual(['odd']);
  });

  it('keeps an error about a field that only the gateway asked, at the object it belongs to', async () => {
    const users = {
      data: { users: [{ __typename: 'User', id: '1', weight: 3 }] },
      errors: [{ message: 'odd', path: ['users', 0, 'weight'] }],
    };
    const facts = entities(() => ({ __typename: 'User', heavy: false }));
    const answer = await open({ users, facts }).execute('{ list: users { heavy } }');
    expect(answer.data).toEqual({ list: [{ heavy: false }] });
    expect(pathsOf(answer)).toEqual(['list.0']);
  });

  it('adds no completion error where an error explains the null', async () => {
    const facts: Answer = (call) => ({
      ...entities(({ id }) => (id === '1' ? null : { __typename: 'User', must: 2 }))(call),
      errors: [{ message: 'why', path: ['_entities', 0, 'must'] }],
    });
    const answer = await open({ users: twoUsers, facts }).execute('{ users { id must } }');
    expect(answer.data).toEqual({ users: [null, { id: '2', must: 2 }] });
    expect(answer.errors.map(({ message, path }) => [message, path?.join('.')])).toEqual([['why', 'users.0.must']]);
  });
});

describe('SHAPE-17: inputs of @requires that failed', () => {
  const users = (weight: unknown, errors?: unknown): InProcessAnswer => ({
    data: {
      users: [
        { __typename: 'User', id: '1', weight },
        { __typename: 'User', id: '2', weight: 200 },
      ],
    },
    errors,
  });
  const facts = entities(({ weight }) => ({
    __typename: 'User',
    score: 1,
    heavy: typeof weight === 'number' && weight > 100,
  }));

  it('a null is sent as null', async () => {
    const gateway = open({ users: users(null), facts });
    const answer = await gateway.execute('{ users { heavy } }');
    expect(answer.data).toEqual({ users: [{ heavy: false }, { heavy: true }] });
    expect(gateway.calls[1]?.variables['representations']).toMatchObject([{ weight: null }, { weight: 200 }]);
  });

  const noScale = [{ message: 'no scale', path: ['users', 0, 'weight'] }];

  it('with an error: what depends on it is not asked for, and the one error stands where the client asked', async () => {
    const gateway = open({ users: users(null, noScale), facts });
    const answer = await gateway.execute('{ users { id heavy } }');
    expect(answer.data).toEqual({
      users: [
        { id: '1', heavy: null },
        { id: '2', heavy: true },
      ],
    });
    expect(pathsOf(answer)).toEqual(['users.0.heavy']);
    expect(answer.errors[0]!.message).toBe('no scale');
    expect(gateway.calls[1]?.variables['representations']).toEqual([{ __typename: 'User', id: '2', weight: 200 }]);
  });

  it('with an error at a field that the client asked for, too: it is told there', async () => {
    const answer = await open({ users: users(null, noScale), facts }).execute('{ users { w: weight heavy } }');
    expect(answer.data).toEqual({
      users: [
        { w: null, heavy: null },
        { w: 200, heavy: true },
      ],
    });
    expect(pathsOf(answer)).toEqual(['users.0.w']);
  });
});

describe('many and equal entities', () => {
  it('10,000 entities go out in one call and come back in order', async () => {
    const list = Array.from({ length: 10_000 }, (_, i) => ({ __typename: 'User', id: String(i) }));
    const gateway = open({
      users: { data: { users: list } },
      facts: entities(({ id }) => ({ __typename: 'User', score: Number(id) })),
    });
    const answer = await gateway.execute('{ users { id score } }');
    expect(gateway.calls).toHaveLength(2);
    const got = (answer.data as { users: { id: string; score: number }[] }).users;
    expect(got).toHaveLength(10_000);
    expect(got.every(({ id, score }, i) => id === String(i) && score === i)).toBe(true);
  });

  it('equal representations are sent once and answer all', async () => {
    const list = Array.from({ length: 1_000 }, (_, i) => ({ __typename: 'User', id: String(i % 3) }));
    const gateway = open({
      users: { data: { users: list } },
      facts: entities(({ id }) => ({ __typename: 'User', score: Number(id) })),
    });
    const answer = await gateway.execute('{ users { id score } }');
    expect(gateway.calls[1]?.variables['representations']).toHaveLength(3);
    expect((answer.data as { users: { score: number }[] }).users.every(({ score }, i) => score === i % 3)).toBe(true);
  });

  it('an error about a shared entity is reported at each of its places, up to a cap', async () => {
    const list = Array.from({ length: 500 }, () => ({ __typename: 'User', id: '1' }));
    const facts: Answer = () => ({
      data: { _entities: [{ __typename: 'User', score: null }] },
      errors: [{ message: 'no', path: ['_entities', 0, 'score'] }],
    });
    const answer = await open({ users: { data: { users: list } }, facts }).execute('{ users { score } }');
    expect(answer.errors).toHaveLength(100);
    expect(answer.errors[42]).toMatchObject({ message: 'no', path: ['users', 42, 'score'] });
    expect(answer.extensions).toEqual({ droppedErrors: 400 });
  });

  it('a list with nothing to look up makes no call', async () => {
    const gateway = open({ users: { data: { users: [null, null] } } });
    expect((await gateway.execute('{ users { score } }')).data).toEqual({ users: [null, null] });
    expect(gateway.calls).toHaveLength(1);
  });

  it.each([[undefined], [null], ['']])(
    'an entity whose key is %j asks nothing for itself and keeps its siblings',
    async (id) => {
      const gateway = open({
        users: {
          data: {
            users: [
              { __typename: 'User', id },
              { __typename: 'User', id: '2' },
            ],
          },
        },
        facts: entities((rep) => ({ __typename: 'User', score: rep['id'] === '2' ? 2 : 0 })),
      });
      const answer = await gateway.execute('{ users { score } }');
      expect((answer.data as { users: unknown[] }).users[1]).toEqual({ score: 2 });
      expectNoStumble(answer);
    },
  );
});

describe('a reply that others hold too', () => {
  it('is never written to', async () => {
    const freeze = <Value>(value: Value): Value => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    const data = { users: [{ __typename: 'User', id: '1', friends: [{ __typename: 'User', id: '2' }] }] };
    const shared: SubgraphReply = {
      data: freeze(data),
      errors: undefined,
      extensions: undefined,
      status: 200,
      headers: {},
      shared: true,
    };
    const client: SubgraphClient = {
      name: 'users',
      execute: () => Promise.resolve(shared),
      close: () => Promise.resolve(),
    };
    const frozen = createTestGateway({
      subgraphs: {
        users: { typeDefs: usersSdl, client },
        facts: {
          typeDefs: factsSdl,
          answer: entities(({ id }) => ({
            __typename: 'User',
            score: Number(id),
            best: { score: 3 },
          })),
        },
      },
    });
    gateways.push(frozen);
    const query = '{ users { id score best { score } friends { score } } }';
    const expected = { users: [{ id: '1', score: 1, best: { score: 3 }, friends: [{ score: 2 }] }] };
    expect((await frozen.execute(query)).data).toEqual(expected);
    expect((await frozen.execute(query)).data).toEqual(expected);
  });
});

describe('SHAPE-18: a subgraph that wants the text of the query, which it has', () => {
  it('gets it once, and its error is one of its fields', async () => {
    const message = 'PersistedQueryNotFound';
    const users: InProcessAnswer = {
      errors: [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    };
    const gateway = open({ users });
    const answer = await gateway.execute('{ users { id } }');
    expect(answer.errors.map((error) => [error.message, error.path])).toEqual([[message, ['users']]]);
    expect(gateway.calls).toHaveLength(1);
  });
});
