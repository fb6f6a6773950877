import { createHash } from 'node:crypto';

import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { finishedRequests } from '../../src/base/telemetry/channels.js';
import type { FinishedRequest } from '../../src/base/telemetry/channels.js';
import { requestLine } from '../../src/base/telemetry/requestLine.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';

const SDL = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
type Query { items(first: Int): [Item] @listSize(slicingArguments: ["first"]) deep: Item }
type Mutation { add(n: Int @cost(weight: 95)): Int }
type Item { id: ID next: Item }`;
const subgraphs = {
  shop: {
    typeDefs: SDL,
    resolvers: {
      Query: { items: () => [{ id: '1' }, { id: '2' }], deep: () => ({ id: '1' }) },
      Mutation: { add: () => 1 },
    },
  },
};
const gateway = await createTestGateway({
  subgraphs,
  settings: {
    demandControl: { enabled: true, mode: 'enforce', strategy: { staticEstimated: { max: 100 } }, headers: true },
    limits: { maxDepth: 3, maxHeight: 5 },
  },
});
beforeEach(() => gateway.reset());
afterAll(() => gateway.close());

const TOO_DEAR = '{ items(first: 101) { id } }';
const hashed = (query: string) => ({
  persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
});
const post = (body: object) =>
  gateway.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const get = (parameters: Record<string, string>) =>
  gateway.fetch(`/graphql?${new URLSearchParams(parameters)}`, { headers: { 'apollo-require-preflight': 'true' } });

describe('DOS-19, DOS-27: on every way in, each time it comes', () => {
  test.each([
    ['cost', TOO_DEAR, 'COST_ESTIMATED_TOO_EXPENSIVE'],
    ['depth', '{ deep { next { next { id } } } }', 'MAX_DEPTH_EXCEEDED'],
    ['height', '{ deep { id next { id } } a: deep { id } }', 'MAX_HEIGHT_EXCEEDED'],
  ])('too much %s is refused with 400, and nobody is asked', async (_, query, code) => {
    const extensions = hashed(query);
    const ways: Array<() => Promise<Response>> = [
      () => post({ query }),
      () => post({ query }),
      () => get({ query }),
      () => post({ query, extensions }),
      () => post({ extensions }),
      () => get({ extensions: JSON.stringify(extensions) }),
    ];
    for (const way of ways) {
      const response = await way();
      const answer = (await response.json()) as { errors: [{ extensions: { code: string } }] };
      // What was refused before it was validated was not registered.
      const isUnknown = answer.errors[0].extensions.code === 'PERSISTED_QUERY_NOT_FOUND';
      expect(response.status).toBe(isUnknown ? 200 : 400);
      if (!isUnknown) expect(answer.errors[0].extensions.code).toBe(code);
      expect(answer).not.toHaveProperty('data');
    }
    expect(gateway.calls).toEqual([]);
  });

  test('DOS-27: what passed with warn_only is refused without it', async () => {
    const query = '{ deep { next { next { id } } } }';
    await using warned = await createTestGateway({ subgraphs, settings: { limits: { maxDepth: 3, warnOnly: true } } });
    expect((await warned.execute(query)).errors).toBeUndefined();
    expect((await warned.execute({ query, extensions: hashed(query) })).errors).toBeUndefined();
    expect((await gateway.execute(query)).errors?.[0]?.extensions?.code).toBe('MAX_DEPTH_EXCEEDED');
  });

  test('DOS: variables decide, not the document', async () => {
    const query = 'query ($n: Int!) { items(first: $n) { id } }';
    const statuses: number[] = [];
    for (const n of [100, 101, 2147483647, 100]) statuses.push((await post({ query, variables: { n } })).status);
    expect(statuses).toEqual([200, 400, 400, 200]);
    // Not an Int: never priced, never asked.
    expect((await post({ query, variables: { n: 1e400 } })).status).toBe(400);
    expect((await post({ query, variables: { n: '9' } })).status).toBe(400);
    expect(gateway.calls).toHaveLength(2);
  });
});

test('answers and log lines say what an operation cost', async () => {
  const lines: FinishedRequest[] = [];
  const stop = finishedRequests.subscribe((line) => void lines.push(line));
  const response = await post({ query: '{ items(first: 9) { id } }' });
  expect(response.headers.get('x-cost-estimated')).toBe('9');
  expect(response.headers.get('x-cost-actual')).toBe('2');
  const refused = await post({ query: TOO_DEAR });
  expect(refused.headers.get('x-cost-estimated')).toBe('101');
  expect(refused.headers.get('x-cost-actual')).toBeNull();
  await post({ query: 'mutation { add(n: 1) }' });
  stop();
  expect(lines.map(({ costEstimated, costActual, costResult }) => [costEstimated, costActual, costResult])).toEqual([
    [9, 2, 'COST_OK'],
    [101, undefined, 'COST_ESTIMATED_TOO_EXPENSIVE'],
    [105, undefined, 'COST_ESTIMATED_TOO_EXPENSIVE'],
  ]);
  expect(JSON.parse(requestLine(lines[0]!))).toMatchObject({ costEstimated: 9, costActual: 2, costResult: 'COST_OK' });
});
