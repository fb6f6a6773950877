import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createMergedSchemaEngine } from '../support/engines/mergedSchema.js';
import { createPorticoEngine } from '../support/engines/portico.js';
import { allGraphs } from '../support/graphs/allGraphs.js';
import { arbitraryGraph } from '../support/graphs/arbitraryGraph.js';
import { populate } from '../support/graphs/populate.js';
import { populated } from '../support/graphs/populated.js';
import { World } from '../support/graphs/World.js';
import { accepted } from './accepted.js';
import { compareAnswers } from './compareAnswers.js';
import { runDifferential } from './runDifferential.js';

/**
 * Random valid operations: Portico against graphql-js on the merged schema over the same data, which decides, and stock Apollo
 * Gateway beside it. For long runs: `PORTICO_FUZZ_RUNS=5000 PORTICO_FUZZ_SEED=7 npx vitest run test/differential`;
 * `PORTICO_FUZZ_GRAPHS=50` for more random graphs.
 */
const isLong = process.env['PORTICO_FUZZ_RUNS'] !== undefined;
const seed = Number(process.env['PORTICO_FUZZ_SEED'] ?? 20261122);
/** Stock plans some of our operations for seconds; beside long runs it would take all the time. */
const stock = process.env['PORTICO_FUZZ_STOCK'] === '1';

describe.each(allGraphs.map((graph) => ({ name: graph.name, graph })))('random operations on $name', ({ graph }) => {
  // The planner does not come to an end with some operations on interface objects.
  const explodes = graph.name === 'media';
  const runs = Number(process.env['PORTICO_FUZZ_RUNS'] ?? (explodes ? 20 : 60));
  const planningMs = isLong ? 5_000 : explodes ? 1_500 : Infinity;

  it(
    'are answered as the merged schema answers them, also when fields throw or are null',
    async () => {
      const result = await runDifferential(graph, { runs, seed, stock, planningMs });
      expect(result.runs).toBe(runs);
      expect(result.unplanned).toBeLessThanOrEqual(explodes ? runs / 4 : 0);
      if (isLong) console.log(`${graph.name}: ${JSON.stringify(result)}`);
    },
    60_000 + runs * 1000,
  );
});

/** Graphs whose data is made up from their SDL; where nullability differs between subgraphs a fault has no one meaning. */
describe.each([
  { name: 'relay', runs: 40, planningMs: Infinity, faults: true },
  { name: 'stage', runs: 10, planningMs: 1_500, faults: true },
  { name: 'loose', runs: 60, planningMs: Infinity, faults: false },
  { name: 'mesh', runs: 40, planningMs: Infinity, faults: true },
  { name: 'hops', runs: 30, planningMs: Infinity, faults: true },
])('random operations on $name, made up from its SDL', ({ name, runs: few, planningMs, faults }) => {
  const graph = populated.find((one) => one.name === name)!;
  const runs = Number(process.env['PORTICO_FUZZ_RUNS'] ?? few);

  it(
    'are answered as the merged schema answers them',
    async () => {
      const result = await runDifferential(graph, { runs, seed, stock: false, planningMs, faults });
      expect(result.runs).toBe(runs);
      if (isLong) console.log(`${graph.name}: ${JSON.stringify(result)}`);
    },
    60_000 + runs * 1000,
  );
});

describe('random operations on random graphs', () => {
  const graphs = fc.sample(arbitraryGraph, { numRuns: Number(process.env['PORTICO_FUZZ_GRAPHS'] ?? 3), seed });

  it(
    'are answered as the merged schema answers them',
    async () => {
      for (const [n, sdls] of graphs.entries()) {
        const graph = populate(`random ${n}`, mapValues(sdls, answerable));
        await runDifferential(graph, { runs: 8, seed: seed + n, stock: false, planningMs: 3_000 });
      }
    },
    60_000 + graphs.length * 10_000,
  );
});

describe.each([...accepted])('$kind in $graph: $title', ({ graph, example: { query, variables = {} }, covers }) => {
  it('still exists', async () => {
    const world = new World([...allGraphs, ...populated].find((one) => one.name === graph)!);
    const portico = createPorticoEngine(world);
    const truth = await createMergedSchemaEngine(world).answer(query, variables);
    world.reset();
    const answer = await portico.answer(query, variables);
    await portico.close();
    expect(compareAnswers(truth, answer)).toBeDefined();
    expect(covers({ operation: { query, variables }, truth, answer })).toBe(true);
  });
});

function mapValues(texts: Readonly<Record<string, string>>, map: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, map(text)]));
}

/** With `@requires` fields that can hold the text of what was sent, and without members that the merged schema does not have. */
function answerable(sdl: string): string {
  return sdl
    .replaceAll('total: Int!', 'total: String')
    .replaceAll('note: String!', 'note: String')
    .replaceAll('| Secret', '')
    .replaceAll(/type Secret.*/g, '');
}
