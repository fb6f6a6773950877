import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { fakeGateway } from '../support/fakeGateway.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const preflight = { 'apollo-require-preflight': 'yes' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const repeat = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const ladder = `{ ...F0 } ${repeat(40, (n) => `fragment F${n} on Query { a${n}: hello ...F${n + 1} b: user { id } ...F${n + 1} }`)} fragment F40 on Query { hello }`;

/** Each document with the code that it is refused with. */
const refused: readonly (readonly [name: string, query: string, code: string])[] = [
  ['too many tokens', `{ ${'hello '.repeat(6000)} }`, 'TOKEN_LIMIT_EXCEEDED'],
  ['nested deeper than the stack of the parser', '{a'.repeat(20_000), 'MAX_DEPTH_EXCEEDED'],
  ['too deep', `{ user ${'{ friend '.repeat(20)} { id } ${'}'.repeat(20)} }`, 'MAX_DEPTH_EXCEEDED'],
  ['31 aliases', `{ ${repeat(31, (n) => `a${n}: __typename`)} }`, 'MAX_ALIASES_EXCEEDED'],
  ['21 root fields', `{ ${'hello '.repeat(21)} }`, 'MAX_ROOT_FIELDS_EXCEEDED'],
  ['51 directives', `{ user { ${repeat(51, () => 'id @skip(if: false)')} } }`, 'MAX_DIRECTIVES_EXCEEDED'],
  ['a fragment ladder', ladder, 'MAX_SELECTIONS_EXCEEDED'],
  ['introspection', '{ __schema { types { name } } }', 'INTROSPECTION_DISABLED'],
  ['introspection of a type', '{ __type(name: "User") { name } }', 'INTROSPECTION_DISABLED'],
  ['aliased introspection', '{ hello x: __schema { types { name } } }', 'INTROSPECTION_DISABLED'],
  [
    'introspection in a fragment',
    'query A { ...F } fragment F on Query { ... { __type(name: "User") { name } } }',
    'INTROSPECTION_DISABLED',
  ],
  ['introspection with a comma and a comment', '{ __schema,#\n{ types { name } } }', 'INTROSPECTION_DISABLED'],
];

describe('what a document may ask for', () => {
  let edge: Edge;
  let executions = 0;
  beforeAll(async () => {
    edge = await startEdge({ gateway: fakeGateway({ rootValue: { hello: () => (executions++, 'world') } }) });
  });
  afterAll(() => edge.close());

  describe.each(refused)('%s', (_name, query, code) => {
    it('is refused by POST, again by POST, as a persisted query, and with another operation name', async () => {
      const before = executions;
      const persistedQuery = { version: 1, sha256Hash: sha256(query) };
      for (const body of [
        { query },
        { query },
        { query, extensions: { persistedQuery } },
        { query, operationName: 'Nobody' },
      ]) {
        const { status, json, text } = await edge.post(body);
        expect([status, json.errors?.map(({ extensions }) => extensions['code'])]).toEqual([400, [code]]);
        expect(json).not.toHaveProperty('data');
        expect(text.length).toBeLessThan(5000);
        expect(text).not.toContain('call stack');
      }
      // It was never registered.
      const byHash = await edge.post({ extensions: { persistedQuery } });
      expect(byHash.json.errors?.[0]?.extensions['code']).toBe('PERSISTED_QUERY_NOT_FOUND');
      expect(executions).toBe(before);
    });

    it('is refused by GET where it fits the request line', async () => {
      if (query.length > 8000) return;
      const response = await fetch(`${edge.url}?${new URLSearchParams({ query })}`, { headers: preflight });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect([response.status, errors.map(({ extensions }) => extensions.code)]).toEqual([400, [code]]);
    });
  });

  it('answers __typename at every depth without introspection (LEAK-01)', async () => {
    const { json } = await edge.post({ query: '{ __typename a: __typename ... { __typename } user { __typename } }' });
    expect(json).toEqual({ data: { __typename: 'Query', a: 'Query', user: null } });
  });

  it('refuses a document that is too long before it is lexed', async () => {
    const { status, json } = await edge.post({ query: `#${'x'.repeat(1_900_000)}\n{ hello }` });
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([400, 'MAX_CHARACTERS_EXCEEDED']);
  });

  it.each([
    ['fields', '{ helo }'],
    ['arguments', '{ hello(nam: "x") }'],
    ['types', '{ ... on Usr { id } }'],
    ['enum values', '{ enum(e: REDD) }'],
    ['directives', '{ hello @skipp(if: true) }'],
    ['sub-selections', '{ __schema { directive } }'],
  ])('never suggests %s (LEAK-02)', async (_kind, query) => {
    const { status, text } = await edge.post({ query });
    expect(status).toBe(400);
    expect(text).not.toMatch(/did you mean/i);
    expect(text).not.toMatch(/"hello"|"name"|"User"|"RED"|"skip"|"directives"/);
  });

  it('answers thousands of mistakes with a few errors (DOS-14)', async () => {
    const { status, json, text } = await edge.post({ query: `{ user { ${repeat(1500, (n) => `nonsense${n}`)} } }` });
    expect(status).toBe(400);
    expect(json.errors!.length).toBeLessThanOrEqual(25);
    expect(text.length).toBeLessThan(20_000);
  });

  it.each(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'])(
    'quotes no long literal (DOS-14, LEAK-10): %s',
    async (code) => {
      const long = `"${'x'.repeat(100_000)}"`;
      const mistake = code === 'GRAPHQL_PARSE_FAILED' ? `"" ${long}` : `{ a: ${long} }`;
      const { status, json, text } = await edge.post({ query: `{ hello(name: ${mistake}) }` });
      expect([status, json.errors![0]!.extensions['code']]).toEqual([400, code]);
      expect(text.length).toBeLessThan(5000);
    },
  );

  it('gives a syntax error no more than its place (LEAK-10)', async () => {
    const { text } = await edge.post({ query: '{ hello(name: "my-secret" ! }' });
    expect(text).not.toContain('my-secret');
  });
});

describe('what an answer never tells', () => {
  it.each(['', 'development', 'prod', 'test', 'production'])(
    'a stack, whatever NODE_ENV says: "%s" (LEAK-14)',
    async (nodeEnv) => {
      const before = process.env['NODE_ENV'];
      process.env['NODE_ENV'] = nodeEnv;
      const boom = () => Promise.reject(new Error('secret /etc/passwd ECONNREFUSED 10.0.0.1'));
      const edge = await startEdge({ gateway: fakeGateway({ handle: boom }) });
      try {
        for (const query of ['{ hello }', '{', '{ nonsense }', 'qwerty cop { abc }']) {
          const { text, status, json } = await edge.post({ query });
          expect(text).not.toMatch(/stack|secret|ECONN|node_modules|\.ts|exception/);
          if (query === '{ hello }') {
            expect(status).toBe(500);
            expect(json.errors).toEqual([
              {
                message: 'Internal server error',
                extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
              },
            ]);
          }
        }
        const html = await fetch(edge.url, { headers: { accept: 'text/html' } });
        expect(await html.text()).not.toMatch(/<html|sandbox|graphiql/i);
      } finally {
        await edge.close();
        process.env['NODE_ENV'] = before;
      }
    },
  );

  it('the message of a masked failure, but its code, status and when to try again', async () => {
    const handle = () => Promise.reject(new PorticoError('QUERY_PLANNING_OVERLOADED', 'worker 3 of 10.0.0.1 is full'));
    const edge = await startEdge({ gateway: fakeGateway({ handle }) });
    const { status, headers, json } = await edge.post({ query: '{ hello }' });
    await edge.close();
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(json.errors?.[0]?.extensions['code']).toBe('QUERY_PLANNING_OVERLOADED');
  });

  it('a plugin that throws', async () => {
    const edge = await startEdge({
      plugins: [{ requestDidStart: () => Promise.reject(new Error('secret of the plugin')) }],
    });
    const { status, json, text } = await edge.post({ query: '{ hello }' });
    await edge.close();
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(json.errors?.[0]?.message).toBe('Internal server error');
  });
});
