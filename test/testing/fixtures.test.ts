import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { compareShapes } from '../../src/testing/fixtures/compareShapes.js';
import { recordSubgraphs } from '../../src/testing/fixtures/recordSubgraphs.js';
import type { RedactOptions } from '../../src/testing/fixtures/redact.js';
import { replaySubgraphs } from '../../src/testing/fixtures/replaySubgraphs.js';
import { verifyContract } from '../../src/testing/fixtures/verifyContract.js';
import type { TestRequest } from '../../src/testing/TestClient.js';

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
const settings = { headers: { all: { request: [{ propagate: { matching: '.*' } }] } } };

/** Subgraphs that say in `leak` whatever a test wants them to. */
function subgraphs(leak: unknown = 'nothing') {
  return {
    users: {
      typeDefs: `
        scalar Any
        type Query { me(password: String, note: Any): User  stock: [Int] }
        type User @key(fields: "id") { id: ID! name: String leak: Any }
      `,
      resolvers: { Query: { me: () => ({ id: '1', name: 'Ada', leak }), stock: () => [1, 2] } },
    },
    orders: {
      typeDefs: 'type User @key(fields: "id") { id: ID! orders: [Order!]! } type Order { id: ID! note: String }',
      resolvers: {
        User: { __resolveReference: ({ id }: { id: string }) => ({ id, orders: [{ id: 'o1' }, { id: 'o2' }] }) },
      },
    },
  };
}

async function record(requests: ReadonlyArray<TestRequest | string>, leak?: unknown, options?: RedactOptions) {
  const recording = recordSubgraphs(subgraphs(leak), options);
  await using gateway = await createTestGateway({ subgraphs: recording.subgraphs, settings });
  for (const request of requests) await gateway.execute(request);
  return recording;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-fixtures-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a recording', () => {
  it('is the same text for the same traffic, and answers without the subgraphs', async () => {
    const texts: string[] = [];
    const requests = ['{ me { name orders { id note } } }', '{ stock }'];
    for (const order of [requests, [...requests.toReversed(), ...requests]]) {
      const file = join(folder, 'new/shop.json');
      await (await record(order)).save(file);
      texts.push(await readFile(file, 'utf8'));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('"  me {",\n');
    await using gateway = await createTestGateway({ subgraphs: await replaySubgraphs(join(folder, 'new/shop.json')) });
    expect(await gateway.execute(requests[0]!)).toEqual({
      data: { me: { name: 'Ada', orders: [{ id: 'o1', note: null }, { id: 'o2', note: null }] } }, // prettier-ignore
    });
    expect(await gateway.execute('{ stock me { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }],
    });
    expect(String(gateway.lastRequest.failures[0])).toContain(
      'users: this call was not recorded: { stock me { id } } {}',
    );
  });

  it('gives several answers to one question in their order, and the last one from then on', async () => {
    const recording = recordSubgraphs(subgraphs());
    {
      await using gateway = await createTestGateway({ subgraphs: recording.subgraphs });
      for (const stock of [[1], [2], [2]]) {
        gateway.subgraph('users').once().respondWith(200, { data: { stock } });
        await gateway.execute('{ stock }');
      }
      gateway.subgraph('users').failNext();
      await gateway.execute('{ stock }');
    }
    await using gateway = await createTestGateway({ subgraphs: await replaySubgraphs(recording.fixture()) });
    const stocks: unknown[] = [];
    for (let count = 0; count < 3; count++) stocks.push((await gateway.execute('{ stock }')).data?.['stock']);
    expect(stocks).toEqual([[1], [2], [2]]);
  });

  it('holds no credentials: headers, tokens, values of their names, configured paths', async () => {
    const request = {
      query: 'query ($p: String, $n: Any) { me(password: $p, note: $n) { name leak } }',
      variables: { p: 'hunter22', n: { Authorization: 'abc', text: `see ${TOKEN}` } },
      headers: { authorization: `Bearer ${TOKEN}`, cookie: 'sid=s3cr3t-cookie', 'x-api-key': 'key-12345678' },
    };
    const paths = ['variables.p', 'answer.**.iban'];
    const leak = { accounts: { iban: 'DE02' }, 'x-api-key': 'key-87654321' };
    const recording = await record([request], leak, { paths });
    const text = JSON.stringify(recording.fixture());
    for (const secret of ['hunter22', 'eyJ', 's3cr3t', 'key-1', 'key-8', 'DE02', '"abc"'])
      expect(text).not.toContain(secret);
    expect(text).toContain('"name":"Ada"');
    await using gateway = await createTestGateway({ subgraphs: await replaySubgraphs(recording.fixture()), settings });
    expect(await gateway.execute(request)).toMatchObject({ data: { me: { name: 'Ada' } } });
  });

  const basic = { headers: { authorization: 'Basic dXNlcjpwYXNzd29yZA==', cookie: 'sid=s3cr3t/cookie' } };
  it.each([
    ['in a key', { [`k ${TOKEN}`]: 1 }, {}, 'a key of $.subgraphs.users'],
    ['as the value of a cookie', 'it was s3cr3t/cookie', basic, '$.subgraphs.users'],
    ['in a URL', { next: 'https://a.b/?sid=s3cr3t%2Fcookie' }, basic, '$.subgraphs.users'],
    ['in base64', [Buffer.from('s3cr3t/cookie').toString('base64')], basic, '$.subgraphs.users'],
    ['of another scheme', 'dXNlcjpwYXNzd29yZA==', basic, '$.subgraphs.users'],
    ['of a configured path', { a: 'geheim-1', b: 'x geheim-1 y' }, {}, '$.subgraphs.users'],
  ])('is refused while a credential remains %s, and does not name it', async (_where, leak, more, place) => {
    const recording = await record([{ query: '{ me { leak } }', ...more }], leak, { paths: ['answer.data.me.leak.a'] });
    const file = join(folder, 'refused.json');
    const refusal = await recording.save(file).catch((error: unknown) => String(error));
    expect(refusal).toContain(`still holds a credential, at ${place}`);
    expect(refusal).not.toMatch(/s3cr3t|eyJ|dXNl|geheim/);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('is refused while a credential remains in a variable that the client took from its own header', async () => {
    const request = { query: 'query ($n: Any) { me(note: $n) { name } }', variables: { n: 'id k3y-of-the-client' } };
    const recording = await record([{ ...request, headers: { 'x-api-key': 'k3y-of-the-client' } }]);
    expect(() => recording.fixture()).toThrow('variables.n');
  });

  it('of something else is not read', async () => {
    await expect(replaySubgraphs(join(import.meta.dirname, '../../package.json'))).rejects.toThrow('is no recording');
  });
});

describe('a contract', () => {
  it('holds while the shape of what was recorded is there, whatever the values', async () => {
    const fixture = (await record(['{ me { name orders { id note } } stock }'])).fixture();
    const schema = buildSubgraphSchema({
      typeDefs: parse(
        'type Query { me: User stock: [Int] added: Int } type User @key(fields: "id") { id: ID! name: String }',
      ),
      resolvers: { Query: { me: () => ({ id: '7', name: 'Eve' }), stock: () => [] } },
    });
    const report = await verifyContract(fixture, { users: schema, orders: subgraphs().orders });
    expect(report.problems).toEqual([]);
    expect(String(report)).toBe('2 calls checked, 0 skipped, 0 problems');
  });

  it('is broken by missing fields, other types and nulls', async () => {
    const fixture = (await record(['{ me { name orders { id } } }', '{ stock }'])).fixture();
    const report = await verifyContract(fixture, {
      users: {
        typeDefs: 'type Query { me: User stock: [String] } type User @key(fields: "id") { id: ID! }',
        resolvers: { Query: { stock: () => ['1'] } },
      },
      orders: { ...subgraphs().orders, resolvers: { User: { __resolveReference: () => null } } },
    });
    expect(report).toMatchObject({ checked: 3, skipped: 0 });
    expect(report.problems.map(({ subgraph, path, problem }) => [subgraph, path, problem])).toEqual([
      ['users', '', expect.stringContaining('Cannot query field "name" on type "User"')],
      ['users', 'stock.0', 'was a number and is a string'],
      ['orders', '_entities.0', 'was an object and is null'],
    ]);
    expect(String(report)).toContain('orders: _entities.0 was an object and is null\n    query (');
  });

  it('skips calls whose variables were replaced', async () => {
    const request = { query: 'query ($p: String) { me(password: $p) { name } }', variables: { p: 'hunter22' } };
    const fixture = (await record([request], 'x', { paths: ['variables.p'] })).fixture();
    expect(await verifyContract(fixture, { users: subgraphs().users })).toMatchObject({ checked: 0, skipped: 1 });
  });

  it('needs a recording of the subgraph', async () => {
    const fixture = (await record(['{ stock }'])).fixture();
    await expect(verifyContract(fixture, { other: 'type Query { a: Int }' })).rejects.toThrow(
      'Nothing was recorded of other',
    );
  });
});

describe('compareShapes', () => {
  it.each([
    [{ a: 1 }, { a: 2, b: 1 }, []],
    [{ a: null }, { a: 2 }, []],
    [{ a: null }, {}, ['a is missing']],
    [{ a: 1 }, { a: null }, ['a was a number and is null']],
    [{ a: [1] }, { a: {} }, ['a was a list and is an object']],
    [{ a: [{ b: 1 }] }, { a: [{ b: 1 }, { b: '1' }] }, ['a.1.b was a number and is a string']],
    [{ a: [1, null] }, { a: [null] }, []],
    [{ a: [1] }, { a: [null] }, ['a.0 was a number and is null']],
    [{ a: [] }, { a: ['x'] }, []],
    [{ _entities: [{ a: 1 }, null] }, { _entities: [{ a: 1 }] }, ['_entities has 1 elements for 2 representations']],
    [JSON.parse('{"__proto__":1}'), {}, ['__proto__ is missing']],
  ])('%j against %j', (recorded, now, problems) => {
    expect(compareShapes(recorded, now, '').map(({ path, problem }) => `${path} ${problem}`)).toEqual(problems);
  });
});
