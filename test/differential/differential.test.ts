import { describe, expect, it } from 'vitest';

import { createMergedSchemaEngine } from '../support/engines/mergedSchema.js';
import { createPorticoEngine } from '../support/engines/portico.js';
import { allGraphs } from '../support/graphs/allGraphs.js';
import { World } from '../support/graphs/World.js';
import { accepted } from './accepted.js';
import { compareAnswers } from './compareAnswers.js';
import { runDifferential } from './runDifferential.js';

/**
 * Random valid operations: Portico against graphql-js on the merged schema over the same data, which decides, and stock Apollo
 * Gateway beside it. For long runs: `PORTICO_FUZZ_RUNS=5000 PORTICO_FUZZ_SEED=7 npx vitest run test/differential`.
 */
const runs = Number(process.env['PORTICO_FUZZ_RUNS'] ?? 60);
const seed = Number(process.env['PORTICO_FUZZ_SEED'] ?? 20261122);
/** Stock plans some of our operations for seconds; beside long runs it would take all the time. */
const withStock = process.env['PORTICO_FUZZ_STOCK'] === '1';
const patience = 60_000 + runs * 1000;

describe.each(allGraphs.map((graph) => ({ name: graph.name, graph })))('random operations on $name', ({ graph }) => {
  it(
    'are answered as the merged schema answers them',
    async () => {
      const result = await runDifferential(graph, { runs, seed, faults: false, stock: withStock });
      expect(result.runs).toBe(runs);
    },
    patience,
  );

  it(
    'are answered as the merged schema answers them when fields throw or are null',
    async () => {
      const result = await runDifferential(graph, { runs, seed: seed + 1, faults: true, stock: withStock });
      expect(result.runs).toBe(runs);
    },
    patience,
  );
});

describe.each([...accepted])('the accepted difference $difference of $graph', ({ graph, example, difference }) => {
  it('still exists', async () => {
    const world = new World(allGraphs.find((one) => one.name === graph)!);
    const portico = createPorticoEngine(world);
    const truth = await createMergedSchemaEngine(world).answer(example.query, example.variables ?? {});
    world.reset();
    const answer = await portico.answer(example.query, example.variables ?? {});
    await portico.close();
    expect(compareAnswers(truth, answer)).toMatch(difference);
  });
});
