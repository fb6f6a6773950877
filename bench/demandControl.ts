/**
 * What demand control costs a request, side by side in one run: `npx tsx bench/demandControl.ts`.
 * Microseconds per request of the whole engine over subgraphs in the process, and of its parts; the median of several rounds.
 */
import { Kind, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';

import { readSchemaNames } from '../src/engine/operation/canonicalKeys.js';
import { compileCost } from '../src/engine/operation/cost/compileCost.js';
import { CostTable } from '../src/engine/operation/cost/CostTable.js';
import { normalise } from '../src/engine/operation/normalise.js';
import { compileMeasure } from '../src/engine/respond/compileMeasure.js';
import { compileProjection } from '../src/engine/respond/compileProjection.js';
import { readSupergraph } from '../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../test/support/compose.js';
import { finishedRun } from '../test/support/runPlan.js';
import { createTestGateway } from '../test/support/testGateway.js';

const ROUNDS = 9;
const typeDefs = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
type Query { products(first: Int): [Product] @listSize(slicingArguments: ["first"]) }
type Product { id: ID! name: String price: Int @cost(weight: 2) reviews(first: Int = 5): [Review] @listSize(slicingArguments: ["first"]) }
type Review { id: ID! text: String author: Author }
type Author { id: ID! name: String }`;
const query = `query Q($n: Int, $m: Int) {
  products(first: $n) { id name price reviews(first: $m) { id text author { id name } } } }`;
const author = { id: '1', name: 'Ada' };
const product = { id: '1', name: 'Chair', price: 3, reviews: new Array(5).fill({ id: '1', text: 'Good.', author }) };
const data = { products: new Array(50).fill(undefined).map(() => structuredClone(product)) };

const supergraph = readSupergraph(composeSdl({ shop: typeDefs }));
const document = parse(query);
const definition = document.definitions.find(
  (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
)!;
const operation = normalise(document, definition, supergraph.apiSchema, readSchemaNames(supergraph.apiSchema));
const table = new CostTable(supergraph.apiSchema, supergraph.costs, { listSize: 10 });
const variables = { n: 50, m: 5 };
const estimator = compileCost(operation, table, () => true);
const measure = compileMeasure(operation, table, () => true);
const project = compileProjection(operation, supergraph.apiSchema, () => true);
const keyed = keys(data);
const run = finishedRun(keyed);

const gateways = [false, true].map((enabled) =>
  createTestGateway({
    subgraphs: { shop: { typeDefs, answer: () => ({ data: keyed }) } },
    demandControl: { enabled, mode: 'enforce', strategy: { staticEstimated: { max: 1_000_000 } } },
  }),
);
const ask = (at: number) => gateways[at]!.execute({ query, variables });

/** Interleaved: whatever the machine does meanwhile, it does to all of them. */
const rows = [
  { name: 'estimate, compiled for a document', count: 300, work: () => compileCost(operation, table, () => true) },
  { name: 'estimate, per request', count: 100_000, work: () => estimator.points(variables) },
  { name: 'write an answer of 50 x 5 objects', count: 300, work: () => project(run, undefined) },
  { name: 'measure the same answer', count: 2000, work: () => measure(run, variables) },
  { name: 'whole request, demand control off', count: 60, work: () => ask(0) },
  { name: 'whole request, demand control on', count: 60, work: () => ask(1) },
].map((row) => ({ ...row, figures: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const { count, work, figures } of rows) {
    const startedAt = performance.now();
    for (let index = 0; index < count; index++) await work();
    figures.push(((performance.now() - startedAt) * 1000) / count);
  }
}
for (const { name, figures } of rows) {
  const median = figures.toSorted((a, b) => a - b)[ROUNDS >> 1]!;
  console.log(`${name.padEnd(38)}${median.toFixed(2).padStart(10)} µs`);
}
console.log(`${estimator.points(variables)} points estimated, ${measure(run, variables)} measured`);
for (const gateway of gateways) await gateway.close();

/** The answer in the engine's names. */
function keys(value: unknown, selections = operation.selections): unknown {
  if (Array.isArray(value)) return value.map((each) => keys(each, selections));
  if (typeof value !== 'object' || value === null) return value;
  const object: Record<string, unknown> = {};
  for (const each of selections) {
    if (each.kind === 'field') object[each.key] = keys((value as Record<string, unknown>)[each.name], each.selections);
  }
  return object;
}
