/**
 * What a REST answer costs in this process, beside what a GraphQL answer of the same size costs: reading it, and mapping it with compiled
 * mappings. Run: `npx tsx bench/restMapping.ts`. Figures are for comparing rows of one run.
 */
import { parseJson, writeJson } from '../src/base/kit/json.js';
import { parseSelection } from '../src/supergraph/connect/mapping/parseSelection.js';
import { parseRequest } from '../src/supergraph/connect/template/parseRequest.js';
import { compileMapping } from '../src/upstream/rest/mapping/compileMapping.js';
import { compileRequest } from '../src/upstream/rest/request/compileRequest.js';
import { readBody } from '../src/upstream/rest/response/readBody.js';

const PRODUCTS = Array.from({ length: 50 }, (_, index) => ({
  id: index,
  name: `Product number ${index}`,
  stock: { count: index * 3, places: [{ city: 'Bern' }, { city: 'Oslo' }] },
  kind: index % 2 === 0 ? 'a' : 'b',
}));
const JSON_TEXT = JSON.stringify({ results: PRODUCTS });
const XML_TEXT = `<results>${PRODUCTS.map(({ id, name }) => `<item id="${id}"><name>${name}</name></item>`).join('')}</results>`;

function mapping(text: string): (input: unknown) => unknown {
  const parsed = parseSelection(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return compileMapping(parsed.value);
}

const plain = mapping('$.results { id name stock { count places { city } } }');
const rich = mapping(
  '$.results { id title: name count: stock.count cities: stock.places.city kind: kind->match(["a", "A"], [@, "other"]) }',
);
const input = parseJson(JSON_TEXT);
const nothing = { headers: [], path: undefined, queryParams: undefined };
const request = parseRequest({
  version: '0.3',
  method: 'GET',
  url: '/products/{$args.id}?lang={$args.lang}',
  ...nothing,
  body: undefined,
  restSource: { baseUrl: 'https://api.example.com/v1', ...nothing },
});
if (!request.ok) throw new Error(request.problems[0]!.message);
const build = compileRequest(request.value);
const inputs = { variables: { $args: { id: 'p-17', lang: 'de' } }, clientHeader: () => undefined };

const rows: readonly (readonly [name: string, run: () => unknown])[] = [
  ['JSON of 50 products, parsed', () => parseJson(JSON_TEXT)],
  ['the same as the body of a REST answer', () => readBody(JSON_TEXT, 'application/json')],
  ['50 products mapped, fields only', () => plain(input)],
  ['50 products mapped, renames, paths and ->match', () => rich(input)],
  ['the mapped products, written as JSON', () => writeJson(input)],
  ['XML of 50 products, parsed', () => readBody(XML_TEXT, 'application/xml')],
  ['a request made', () => build(inputs)],
];

const ROUNDS = 5;
const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of rows) {
    const start = process.hrtime.bigint();
    let runs = 0;
    while (process.hrtime.bigint() - start < 200_000_000n) for (let each = 0; each < 20; each++, runs++) run();
    const microseconds = Number(process.hrtime.bigint() - start) / 1000 / runs;
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, microseconds));
  }
}
for (const [name, microseconds] of best) console.log(`${microseconds.toFixed(1).padStart(9)} us  ${name}`);
