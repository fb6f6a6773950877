import fc from 'fast-check';
import { getNamedType, isAbstractType, isLeafType, isRequiredArgument, isUnionType } from 'graphql';
import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

import { createMocks } from '../../src/mocks/createMocks.js';
import type { MockWorldOptions } from '../../src/mocks/createMocks.js';
import { mockSubgraph } from '../../src/mocks/mockSubgraph.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { arbitraryOperation } from '../differential/generate/arbitraryOperation.js';
import { printOperation } from '../differential/generate/printOperation.js';
import { composeSdl } from '../support/compose.js';
import { allGraphs } from '../support/graphs/allGraphs.js';
import { arbitraryGraph } from '../support/graphs/arbitraryGraph.js';
import { createTestGateway } from '../support/testGateway.js';
import type { TestAnswer, TestGateway } from '../support/testGateway.js';

/** The whole engine over a world of mocks. `turns`: how many turns of the event loop each answer is late, by the number of the call. */
function gatewayOver(
  subgraphs: Readonly<Record<string, string>>,
  options: MockWorldOptions,
  turns: (call: number) => number = () => 0,
): TestGateway {
  const mocks = createMocks(
    new Map(Object.entries(subgraphs).map(([name, sdl]) => [name, mockSubgraph(sdl)])),
    options,
  );
  let calls = 0;
  return createTestGateway({
    supergraphSdl: composeSdl(subgraphs),
    limits: { maxAliases: 1000, maxRootFields: 1000, maxDepth: 100 },
    subgraphs: Object.fromEntries(
      [...mocks].map(([name, mock]) => [
        name,
        {
          async answer({ text, variables }) {
            for (let turn = turns(calls++); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
            return mock.answer({ query: text, variables, headers: {} }) as Promise<{
              data?: unknown;
              errors?: unknown;
            }>;
          },
        },
      ]),
    ),
  });
}

async function check(
  subgraphs: Readonly<Record<string, string>>,
  values: Readonly<Record<string, readonly unknown[]>>,
  runs: number,
): Promise<void> {
  const schema = readSupergraph(composeSdl(subgraphs)).apiSchema;
  const inOrder = gatewayOver(subgraphs, { seed: 7 });
  const shuffled = gatewayOver(subgraphs, { seed: 7 }, (call) => (call * 7) % 5);
  const withNulls = gatewayOver(subgraphs, { seed: 7, nulls: 0.3 });
  try {
    await fc.assert(
      fc.asyncProperty(arbitraryOperation(schema, values), async (spec) => {
        const operation = printOperation(spec, schema, 'strict');
        const answer = await inOrder.execute(operation);
        // Apollo's planner does not plan every valid operation.
        fc.pre(answer.errors[0]?.extensions['code'] !== 'QUERY_PLANNING_FAILED');
        expect({ ...operation, errors: answer.errors }).toEqual({ ...operation, errors: [] });
        expect((await shuffled.execute(operation)).dataText).toBe(answer.dataText);
        const again = await inOrder.execute(operation);
        expect(again.dataText).toBe(answer.dataText);
        expect((await withNulls.execute(operation)).errors).toEqual([]);
      }),
      { numRuns: runs, seed: 42, endOnFailure: true, maxSkipsPerRun: 1000 },
    );
  } finally {
    for (const gateway of [inOrder, shuffled, withNulls]) await gateway.close();
  }
}

/** A query for all that can be asked in three levels, with type names and ids. */
function everything(schema: GraphQLSchema): string {
  const set = (type: GraphQLCompositeType, depth: number): string => {
    const parts = ['__typename'];
    for (const field of isUnionType(type) ? [] : Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      const args = field.args.some(isRequiredArgument) ? `(id: "${1 + (field.name.length % 3)}")` : '';
      if (isLeafType(named)) parts.push(`${field.name}${args}`);
      else if (depth > 0) parts.push(`${field.name}${args} ${set(named as GraphQLCompositeType, depth - 1)}`);
    }
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
    for (const one of possible) {
      // Fields of one name and different types conflict: only ids here, and what only one type has.
      const own = Object.values(one.getFields()).filter(
        (field) =>
          isLeafType(getNamedType(field.type)) &&
          !possible.some((other) => other !== one && other.getFields()[field.name]),
      );
      if (own.length > 0) parts.push(`... on ${one.name} { ${own.map((field) => field.name).join(' ')} }`);
    }
    return `{ ${parts.join(' ')} }`;
  };
  return set(schema.getQueryType()!, 3);
}

describe('a gateway over mocks', { timeout: 240_000 }, () => {
  for (const graph of allGraphs) {
    it(`answers random operations without errors, the same whatever comes first: ${graph.name}`, () =>
      check(graph.subgraphs, graph.values, 5));
  }

  it('does so for random supergraphs', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryGraph, (subgraphs) => check(subgraphs, { When: ['2020-01-01T00:00:00Z'] }, 6)),
      { numRuns: 5, seed: 4, endOnFailure: true },
    );
  });

  it('gives the same entity the same values, by whatever key and from whatever subgraph they come', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryGraph, fc.nat(1000), async (subgraphs, seed) => {
        const gateway = gatewayOver(subgraphs, { seed });
        const seen = new Map<string, unknown>();
        const look = (value: unknown): void => {
          if (Array.isArray(value)) return value.forEach(look);
          if (typeof value !== 'object' || value === null) return;
          const { __typename: type, id, ...fields } = value as Record<string, unknown>;
          for (const [name, field] of Object.entries(fields)) {
            look(field);
            if (typeof field === 'object' || typeof id !== 'string') continue;
            const place = `${String(type)} ${id} ${name}`;
            if (seen.has(place)) expect([place, field]).toEqual([place, seen.get(place)]);
            seen.set(place, field);
          }
        };
        const schema = readSupergraph(composeSdl(subgraphs)).apiSchema;
        const query = everything(schema);
        const answer: TestAnswer = await gateway.execute(query);
        await gateway.close();
        expect(answer.errors).toEqual([]);
        look(answer.data);
        expect(seen.size).toBeGreaterThan(5);
      }),
      { numRuns: 5, seed: 5, endOnFailure: true },
    );
  });
});
