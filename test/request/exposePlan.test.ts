import { afterEach, describe, expect, it } from 'vitest';

import type { ExposedPlan } from '../../src/request/exposePlan.js';
import { createTestGateway } from '../support/testGateway.js';
import type { TestAnswer, TestGateway, TestGatewayOptions } from '../support/testGateway.js';

const gateways: TestGateway[] = [];
afterEach(() => Promise.all(gateways.splice(0).map((gateway) => gateway.close())));

const subgraphs: TestGatewayOptions['subgraphs'] = {
  books: {
    typeDefs: 'type Query { books: [Book!]! } type Book @key(fields: "id") { id: ID! }',
    resolvers: { Query: { books: () => [{ id: '1' }, { id: '2' }] } },
  },
  reviews: {
    typeDefs: 'type Book @key(fields: "id") { id: ID! stars: Int }',
    resolvers: { Book: { stars: () => 5 } },
  },
};
const QUERY = '{ books { id stars } }';
const DATA = {
  books: [
    { id: '1', stars: 5 },
    { id: '2', stars: 5 },
  ],
};

function start(options: Partial<TestGatewayOptions> = {}): TestGateway {
  const gateway = createTestGateway({ subgraphs, exposePlans: true, dedupe: true, ...options });
  gateways.push(gateway);
  return gateway;
}

function planOf(answer: TestAnswer): ExposedPlan | undefined {
  return answer.extensions?.['queryPlan'] as ExposedPlan | undefined;
}

describe('the plan for the client', () => {
  it.each(['portico-expose-query-plan', 'apollo-expose-query-plan'])(
    'comes with the answer to %s: true',
    async (name) => {
      const gateway = start();
      const answer = await gateway.execute({ query: QUERY, headers: { [name]: 'true' } });
      expect(answer.data).toEqual(DATA);
      const plan = planOf(answer)!;
      expect(plan.text).toContain('Fetch(service: "books")');
      expect(plan.text).toContain('Flatten(path: "books.@")');
      expect(plan.requests).toEqual(
        gateway.calls.map(({ subgraph, text }) => ({
          subgraph,
          operation: text,
          startedMs: expect.any(Number) as number,
          tookMs: expect.any(Number) as number,
          failed: false,
        })),
      );
      expect(plan.requests).toHaveLength(2);
    },
  );

  it('is all there is after a dry run: nothing is executed, not even a mutation', async () => {
    let written = 0;
    const typeDefs = 'type Query { a: Int } type Mutation { write: Int }';
    const resolvers = { Mutation: { write: () => ++written } };
    const gateway = start({ subgraphs: { a: { typeDefs, resolvers } } });
    const headers = { 'portico-expose-query-plan': 'dry-run' };
    const answer = await gateway.execute({ query: 'mutation { write }', headers });
    expect(answer.data).toBeNull();
    expect(answer.errors).toEqual([]);
    expect(planOf(answer)).toEqual({ text: expect.stringContaining('write') as string });
    expect(gateway.calls).toEqual([]);
    expect(written).toBe(0);
  });

  it('names the call that failed', async () => {
    const reviews = { typeDefs: subgraphs['reviews']!.typeDefs!, answer: () => Promise.reject(new Error('down')) };
    const gateway = start({ subgraphs: { ...subgraphs, reviews } });
    const answer = await gateway.execute({ query: QUERY, headers: { 'portico-expose-query-plan': 'true' } });
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(planOf(answer)!.requests!.map(({ subgraph, failed }) => [subgraph, failed])).toEqual([
      ['books', false],
      ['reviews', true],
    ]);
  });

  it('is not shown to those who ask the same at the same time without the header', async () => {
    const gateway = start();
    const [plain, exposed, other] = await Promise.all([
      gateway.execute(QUERY),
      gateway.execute({ query: QUERY, headers: { 'portico-expose-query-plan': 'true' } }),
      gateway.execute({ query: QUERY, headers: { 'portico-expose-query-plan': 'yes' } }),
    ]);
    expect(plain.extensions).toBeUndefined();
    expect(other.extensions).toBeUndefined();
    expect(planOf(exposed)!.requests).toHaveLength(2);
    expect([plain.data, exposed.data, other.data]).toEqual([DATA, DATA, DATA]);
  });

  it('LEAK-09 is never shown unless the gateway exposes plans', async () => {
    const gateway = start({ exposePlans: false });
    const headers = {
      'portico-expose-query-plan': 'true',
      'apollo-expose-query-plan': 'true',
      'apollo-query-plan-experimental': 'true',
      'hive-expose-query-plan': 'true',
      'apollo-federation-include-trace': 'ftv1',
      'x-wg-trace': 'true',
    };
    const answer = await gateway.execute({ query: QUERY, headers });
    expect(answer.data).toEqual(DATA);
    expect(answer.extensions).toBeUndefined();
  });
});
