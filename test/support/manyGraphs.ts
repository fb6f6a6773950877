import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import '../../src/testing/vitest.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { activeResources } from './handles.js';

interface ManyGraph {
  readonly form: 'chain' | 'star';
  /** Subgraphs. */
  readonly size: number;
  /** The name of the entity. */
  readonly type: string;
}

/** 21 supergraphs of a form, all different: 2 to 4 subgraphs around one entity. */
function graphsOf(form: ManyGraph['form']): ManyGraph[] {
  return [2, 3, 4].flatMap((size) =>
    ['Item', 'Person', 'Place', 'Order', 'Event', 'Paper', 'Song'].map((type) => ({ form, size, type })),
  );
}

/** A root that knows entities by `id`, and further subgraphs that each add a field: to all of it (star), or from the field before (chain). */
function subgraphsOf({ form, size, type }: ManyGraph): Record<string, string> {
  const root = `
    type Query { one(id: ID!): ${type} many(first: Int = 3): [${type}!]! }
    type Mutation { change(id: ID!, name: String!): ${type} }
    interface Named { name: String! }
    type ${type} implements Named @key(fields: "id") { id: ID! name: String! f0: Int! }`;
  const subgraphs: Record<string, string> = { root };
  for (let index = 1; index < size; index++) {
    const before = form === 'chain' ? `f${index - 1}: Int! @external` : '';
    const requires = form === 'chain' ? `@requires(fields: "f${index - 1}")` : '';
    subgraphs[`part${index}`] = `type ${type} @key(fields: "id") { id: ID! ${before} f${index}: Int! ${requires} }`;
  }
  return subgraphs;
}

/** 105 tests on 21 test gateways, and that nothing of them is left. In two files, for two cores. */
export function testManyGraphs(form: ManyGraph['form']): void {
  const before = activeResources();

  describe.each(graphsOf(form))('a $form of $size subgraphs around $type', (graph) => {
    const last = `part${graph.size - 1}`;
    const fields = Array.from({ length: graph.size }, (_, index) => `f${index}`).join(' ');
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await createTestGateway({ subgraphs: subgraphsOf(graph) });
    });
    afterAll(() => gateway.close());

    it('answers from all of them', async () => {
      const answer = await gateway.execute('query ($id: ID!) { one(id: $id) { id name } many { name } }', { id: '7' });
      expect(answer).toHaveNoErrors();
      expect(answer.data).toMatchObject({ one: { id: '7', name: expect.any(String) } });
      expect(await gateway.execute(`{ many { id ${fields} } }`)).toHaveNoErrors();
      expect(gateway).toHaveFetched(last);
    });

    it('asks for all entities at once', async () => {
      gateway.reset();
      await gateway.execute(`{ many(first: 4) { ${fields} } }`);
      expect(gateway).toHaveBeenBatched(last);
      expect(gateway).toHaveFetchedTimes(graph.size);
    });

    it('gives the same object by every way', async () => {
      const { data } = await gateway.execute(`{ many { __typename id ${fields} } }`);
      const [first] = data!['many'] as Array<{ readonly id: string }>;
      const again = await gateway.execute(`query ($id: ID!) { one(id: $id) { __typename id ${fields} } }`, first);
      expect(again.data).toEqual({ one: first });
    });

    it('loses one field when a subgraph is down, and the rest of the answer stays', async () => {
      gateway.subgraph(last).down();
      const answer = await gateway.execute('query ($id: ID!) { one(id: $id) { name f0 } }', { id: '1' });
      expect(answer).toHaveNoErrors();
      expect(await gateway.execute(`{ many { id } one(id: "1") { f${graph.size - 1} } }`)).toHaveErrorAt(
        `one.f${graph.size - 1}`,
        'SUBREQUEST_HTTP_ERROR',
      );
    });

    it('plans alike each time', async () => {
      gateway.subgraph(last).recover();
      const query = `{ many { ${fields} } }`;
      expect(await gateway.plan(query)).toMatchPlan(await gateway.as({ sub: 'ada' }).plan(query));
      expect((await gateway.plan(query)).match(/Fetch\(/g)).toHaveLength(graph.size);
    });
  });

  describe('afterwards', () => {
    it('nothing is running: no timer, socket or thread', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const { Timeout: timers = 0, ...others } = activeResources();
      const { Timeout: timersBefore = 0, ...othersBefore } = before;
      expect(others).toEqual(othersBefore);
      // The runner has one for the test that runs.
      expect(timers).toBeLessThanOrEqual(timersBefore + 1);
    });
  });
}
