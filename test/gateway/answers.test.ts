import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerOptions, ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';

import { createApolloServer } from '../../src/edge/apollo/createApolloServer.js';
import { requestContextKey } from '../../src/edge/http/Exchange.js';
import { resultBody } from '../../src/edge/http/stringifyResult.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { LibraryContext } from '../../src/gateway/LibraryContext.js';
import type { GraphQLReply } from '../../src/request/context.js';
import { fakeGateway } from '../support/fakeGateway.js';
import { AnswerData } from '../../src/engine/respond/AnswerData.js';

const servers: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

type Extra = Pick<ApolloServerOptions<BaseContext>, 'formatError' | 'plugins'>;

const HEADERS = new HeaderMap([
  ['content-type', 'application/json'],
  ['x-request-id', 'id-1'],
]);

/** The bytes that a server sends for one query; null prototype objects and formatting included. */
async function bytes(server: ApolloServer, query: string, context: () => BaseContext = () => ({})): Promise<string> {
  const { body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers: HEADERS, search: '', body: { query } },
    context: async () => context(),
  });
  if (body.kind !== 'complete') throw new Error('not a single answer');
  // The server of our edge hands the result itself through.
  return typeof body.string === 'string' ? body.string : resultBody(body.string).toString();
}

/** The same gateway behind a plain server, behind one with serverOptions, and behind ours. */
async function threeDoors(reply: Partial<GraphQLReply>, extra: Extra = {}): Promise<Record<string, string>> {
  const whole: GraphQLReply = { data: undefined, errors: [], extensions: undefined, ...reply };
  const answers: Record<string, string> = {};
  for (const door of ['plain', 'options', 'ours']) {
    const gateway = fakeGateway({ handle: async () => whole });
    const server: ApolloServer =
      door === 'ours'
        ? (createApolloServer({ gateway, limits: DEFAULT_LIMITS, ...(extra as object) }) as unknown as ApolloServer)
        : new ApolloServer({
            gateway,
            nodeEnv: 'production',
            ...(door === 'options' ? gateway.serverOptions() : {}),
            ...extra,
            plugins: [...(door === 'options' ? gateway.serverOptions().plugins : []), ...(extra.plugins ?? [])],
          });
    await server.start();
    servers.push(server);
    const context =
      door === 'ours' ? () => ({ [requestContextKey]: new LibraryContext(undefined, 10_000) }) : undefined;
    answers[door] = await bytes(server, '{ hello user { id } }', context);
  }
  return answers;
}

async function sameBytes(reply: Partial<GraphQLReply>, extra: Extra = {}): Promise<string> {
  const { plain, options, ours } = await threeDoors(reply, extra);
  expect(options).toBe(plain);
  expect(ours).toBe(plain);
  return plain!;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a plugin may do what it likes with a result
const editing = (edit: (result: { data?: any; errors?: any; extensions?: any }) => void): ApolloServerPlugin => ({
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        if (response.body.kind === 'single') edit(response.body.singleResult);
      },
    };
  },
});

const DATA = '{"hello":"wörld \u2028 😀","user":{"id":"1","tags":[1,2.5,true,null]}}';
const located = new GraphQLError('no', {
  path: ['user', 'name'],
  extensions: { code: 'SUBGRAPH_TIMEOUT', requestId: 'id-1' },
});

describe('the bytes of an answer', () => {
  it('are the same behind a plain ApolloServer, with serverOptions, and behind our edge', async () => {
    expect(await sameBytes({ data: AnswerData.of(DATA) })).toBe(`{"data":${DATA}}\n`);
  });

  it.each<[string, Partial<GraphQLReply>, string]>([
    ['null data and an error', { data: AnswerData.of('null'), errors: [located] }, '"data":null}'],
    ['partial data', { data: AnswerData.of('{"user":null}'), errors: [located] }, '"data":{"user":null}}'],
    [
      'extensions',
      { data: AnswerData.of('{"a":1}'), extensions: { cost: { actual: 7 } } },
      '"extensions":{"cost":{"actual":7}}}',
    ],
    ['empty data', { data: AnswerData.of('{}') }, '{"data":{}}'],
    ['a request error', { errors: [located] }, '{"errors":['],
    [
      'a root field called __proto__',
      { data: AnswerData.of('{"__proto__":{"x":1},"constructor":2}') },
      '"__proto__":{"x":1}',
    ],
  ])('are the same for %s', async (_name, reply, part) => {
    expect(await sameBytes(reply)).toContain(part);
  });

  it('are not made by parsing and serialising again unless somebody looked', async () => {
    // Not how JSON.stringify writes it: the text itself must have come through.
    const { options, ours } = await threeDoors({ data: AnswerData.of('{ "n": 1.50 }') });
    expect(options).toBe('{"data":{ "n": 1.50 }}\n');
    expect(ours).toBe(options);
  });

  it('keep integers beyond 2^53 where the serialiser is ours, also when a plugin looked', async () => {
    const reply = { data: AnswerData.of('{"n":9007199254740993}') };
    const untouched = await threeDoors(reply);
    expect([untouched['options'], untouched['ours']]).toEqual(Array(2).fill('{"data":{"n":9007199254740993}}\n'));
    const looked = await threeDoors(reply, {
      plugins: [editing(({ data }) => void JSON.stringify(Object.keys(data)))],
    });
    expect(looked['ours']).toBe('{"data":{"n":9007199254740993}}\n');
    // A serialiser that cannot write it must at least not throw.
    expect(JSON.parse(looked['plain']!)).toHaveProperty('data.n');
  });
});

describe('what plugins do to an answer reaches the client, behind every door:', () => {
  it.each<[string, Parameters<typeof editing>[0], string]>([
    ['replace data', (r) => (r.data = { other: 1 }), '{"data":{"other":1}}\n'],
    ['remove data', (r) => delete r.data, '{}\n'],
    ['null data', (r) => (r.data = null), '{"data":null}\n'],
    ['set a root field', (r) => (r.data.hello = 'x'), '{"data":{"hello":"x","user":{"id":"1"}}}\n'],
    ['add a root field', (r) => (r.data.more = 1), '{"data":{"hello":"w","user":{"id":"1"},"more":1}}\n'],
    ['delete a root field', (r) => delete r.data.hello, '{"data":{"user":{"id":"1"}}}\n'],
    [
      'define a root field',
      (r) => Object.defineProperty(r.data, 'hello', { value: 'd', enumerable: true }),
      '{"data":{"hello":"d","user":{"id":"1"}}}\n',
    ],
    ['edit far inside', (r) => (r.data.user.id = '2'), '{"data":{"hello":"w","user":{"id":"2"}}}\n'],
    ['only read', (r) => void r.data.user.id, '{"data":{"hello":"w","user":{"id":"1"}}}\n'],
    ['spread', (r) => (r.data = { ...r.data, hello: 1 }), '{"data":{"hello":1,"user":{"id":"1"}}}\n'],
    ['ask with in', (r) => 'hello' in r.data && (r.data.hello = 'in'), '{"data":{"hello":"in","user":{"id":"1"}}}\n'],
    [
      'add extensions',
      (r) => (r.extensions = { trace: 1 }),
      '{"data":{"hello":"w","user":{"id":"1"}},"extensions":{"trace":1}}\n',
    ],
    [
      'add errors',
      (r) => (r.errors = [{ message: 'm', extensions: { requestId: 'id-1' } }]),
      '{"errors":[{"message":"m","extensions":{"requestId":"id-1"}}],"data":{"hello":"w","user":{"id":"1"}}}\n',
    ],
  ])('%s', async (_name, edit, expected) => {
    const dataText = '{"hello":"w","user":{"id":"1"}}';
    expect(await sameBytes({ data: AnswerData.of(dataText) }, { plugins: [editing(edit)] })).toBe(expected);
  });

  it('formatError changes errors and may hide them', async () => {
    const formatError = () => ({ message: 'hidden', extensions: { requestId: 'id-1' } });
    const text = await sameBytes({ data: AnswerData.of('{"user":null}'), errors: [located] }, { plugins: [] });
    expect(text).toContain('SUBGRAPH_TIMEOUT');
    const { plain, options } = await threeDoors(
      { data: AnswerData.of('{"user":null}'), errors: [located] },
      { formatError },
    );
    expect(plain).toBe('{"errors":[{"message":"hidden","extensions":{"requestId":"id-1"}}],"data":{"user":null}}\n');
    expect(options).toBe(plain);
  });

  it('a plugin sees ordinary data: keys, entries, JSON, spread, equality', async () => {
    let seen: unknown;
    await threeDoors(
      { data: AnswerData.of('{"b":1,"a":{"c":[1]}}') },
      {
        plugins: [
          editing(({ data }) => {
            seen = [
              Object.keys(data),
              Object.entries(data),
              JSON.stringify(data),
              { ...data },
              data.missing,
              'a' in data,
              Array.isArray(data),
            ];
          }),
        ],
      },
    );
    expect(seen).toEqual([
      ['b', 'a'],
      [
        ['b', 1],
        ['a', { c: [1] }],
      ],
      '{"b":1,"a":{"c":[1]}}',
      { b: 1, a: { c: [1] } },
      undefined,
      true,
      false,
    ]);
  });

  it('an answer shared by several requests is edited for one of them only', async () => {
    const reply: GraphQLReply = { data: AnswerData.of('{"user":{"id":"1"}}'), errors: [], extensions: { a: 1 } };
    let first = true;
    const gateway = fakeGateway({ handle: async () => reply });
    const plugin = editing((result) => {
      if (!first) return;
      first = false;
      result.data.user.id = 'mine';
      result.extensions.mine = true;
    });
    const server = new ApolloServer({ gateway, ...gateway.serverOptions(), plugins: [plugin] });
    await server.start();
    servers.push(server);
    expect(await bytes(server, '{ user { id } }')).toContain('mine');
    expect(await bytes(server, '{ user { id } }')).toBe('{"data":{"user":{"id":"1"}},"extensions":{"a":1}}\n');
  });
});
