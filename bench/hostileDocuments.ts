/**
 * What hostile documents cost before and with the limits: `npx tsx bench/hostileDocuments.ts`.
 *
 * Per document: time to parse (5000 tokens), to check the limits, and to validate with graphql-js as Portico configures it (in
 * brackets when the limits refuse the document, which is then never validated). First run of each, so optimised code is not assumed.
 * Then the estimate of demand control for documents over many types.
 */
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import { readSchemaNames } from '../src/engine/operation/canonicalKeys.js';
import { compileCost } from '../src/engine/operation/cost/compileCost.js';
import { CostTable } from '../src/engine/operation/cost/CostTable.js';
import { DEFAULT_LIMITS, checkLimits } from '../src/engine/operation/limits.js';
import { normalise } from '../src/engine/operation/normalise.js';
import * as hostile from '../test/support/hostileDocuments.js';

const hostileSchema = buildSchema(hostile.hostileSdl);
const comb = (n: number, width: number): string =>
  `{a{${Array.from({ length: n }, () => `a{${'f '.repeat(width)}}`).join(' ')}}}`;

const documents: Array<readonly [name: string, text: string, schema?: GraphQLSchema]> = [
  ['standard introspection', getIntrospectionQuery()],
  ['normal query', '{a{list{f a{f g}} a{id next{id}} list{f g search(text:"x")}}}'],
  ['GEN1 ladder 40', hostile.fragmentLadder(40)],
  ['GEN1b ladder of spreads 300', hostile.spreadLadder(300)],
  ['GEN2 60 implementers, 7 deep', hostile.implementersDocument(60, 7), buildSchema(hostile.implementersSdl(60))],
  ['GEN3 __typename x 4990', hostile.repeatedField(4990)],
  ['GEN3 __typename x 310 below a field', `{a${hostile.repeatedField(310)}}`],
  ['GEN3b list{f} x 1240', hostile.repeatedObject(1240)],
  ['GEN3b list{f} x 220 below a field', `{a${hostile.repeatedObject(220)}}`],
  ['GEN4 25 x 25', hostile.inlineFragmentGrid(25, 25)],
  ['comb 30 x 10', comb(30, 10)],
  ['nested duplicates 2^9', hostile.nestedDuplicates(2, 9)],
  ['GEN5 chain of 610', hostile.fragmentChain(610)],
  ['GEN5 chain of 190', hostile.fragmentChain(190)],
  ['GEN6 lists, 2000 deep', hostile.nesting.list(2000)],
  ['GEN6 lists, 190 deep', hostile.nesting.list(190)],
  ['GEN6 objects, 1200 deep', hostile.nesting.object(1200)],
  ['GEN7 1000 aliases', hostile.aliases.root(1000)],
  ['CVE-2023-26144, cyclic', hostile.overlappingFragments(100, 10)],
  ['CVE-2023-26144, acyclic 100 x 15', hostile.overlappingFragmentChain(100, 15)],
  ['CVE-2023-26144, acyclic 190 x 4', hostile.overlappingFragmentChain(190, 4)],
  ['200 fragments with one field each', hostile.disjointFragments(200, 1)],
  ['40 fragments with 20 fields each', hostile.disjointFragments(40, 20)],
  ['complete cycles of 28', hostile.cyclicFragments.complete(28)],
  ['2 MB of cycles with long names', hostile.cyclicFragments.longNames(380, 2000)],
  ['cycles with names of 1000', hostile.cyclicFragments.longNames(100, 990)],
  ['4990 unknown fields', hostile.unknownFields(4990)],
  ['4990 unknown fields below 1M lines', hostile.unknownFields(4990, 1_000_000)],
  ['4990 unknown fields below 9990 lines', hostile.unknownFields(4990, 9990)],
  ['2400 unknown directives', hostile.directives.onOneField(2400)],
  ['300 operations x 300 fragments', hostile.manyOperations(300, 300)],
  ['60 operations x 190 fragments', hostile.manyOperations(60, 190)],
  ['fields of fields x 350, by fragments', hostile.introspectionBombs.throughFragments(350)],
  ['differing arguments x 300', `{a{${Array.from({ length: 300 }, (_, i) => `search(text:"${i}")`).join(' ')}}}`],
];

function time<T>(work: () => T): readonly [result: T, ms: number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}

console.log(
  '| document | bytes | parse ms | check ms | validate ms | verdict |\n| --- | --- | --- | --- | --- | --- |',
);
for (const [name, text, schema = hostileSchema] of documents) {
  const [document, parseMs] = time(() => attempt(() => parse(text, { maxTokens: DEFAULT_LIMITS.maxTokens })));
  const cells = [name, text.length, parseMs.toFixed(1)];
  if (document instanceof Error) {
    console.log(`| ${[...cells, '–', '–', document.message.slice(0, 70)].join(' | ')} |`);
    continue;
  }
  const [refusal, checkMs] = time(() => checkLimits(document, DEFAULT_LIMITS));
  const [errors, validateMs] = time(() => validateAsPortico(schema, document));
  const verdict =
    refusal?.extensions['code'] ??
    (errors.length === 0 ? 'valid' : `${errors.length} errors: ${errors[0]!.message.slice(0, 40)}`);
  const validated = refusal === undefined ? validateMs.toFixed(1) : `(${validateMs.toFixed(1)})`;
  console.log(`| ${[...cells, checkMs.toFixed(2), validated, verdict].join(' | ')} |`);
}

/** Documents whose estimate has most to look at: an interface with many types, and a part for each of some of them. */
const FIELDS = Array.from({ length: 60 }, (_, at) => `f${at}`);
const selected = (fields: readonly string[], below = '__typename'): string =>
  fields.map((field) => `${field} { ${below} }`).join(' ');
function manyTypes(count: number): { readonly sdl: string; readonly texts: ReadonlyArray<readonly [string, string]> } {
  const fields = `${FIELDS.map((field) => `${field}: N`).join(' ')}`;
  const names = Array.from({ length: count }, (_, at) => `T${at}`);
  const parts = (of: number, fieldsOfEach: number): string =>
    names
      .slice(0, of)
      .map((name) => `... on ${name} { ${selected(FIELDS.slice(0, fieldsOfEach))} }`)
      .join(' ');
  const all = selected(FIELDS);
  return {
    sdl: `interface N { ${fields} } ${names.map((name) => `type ${name} implements N { ${fields} }`).join(' ')} type Query { n: N }`,
    texts: [
      ['60 fields, 3 deep', `{ n { ${all} f0 { ${all} f0 { ${all} } } } }`],
      ['parts for 25 types, 2 deep', `{ n { ${parts(25, 10)} f0 { ${parts(25, 10)} } } }`],
      [
        'parts for 12 types, 9 deep',
        `{ n { ${'f0 { ...F '.repeat(9)} ${'}'.repeat(9)} } } fragment F on N { ${parts(12, 2)} }`,
      ],
    ],
  };
}

console.log('\n| estimate of | types | points | first ms |\n| --- | --- | --- | --- |');
for (const count of [50, 1000]) {
  const { sdl, texts } = manyTypes(count);
  for (const [name, text] of texts) {
    const schema = buildSchema(sdl);
    const document = parse(text);
    const definition = document.definitions[0] as OperationDefinitionNode;
    const operation = normalise(document, definition, schema, readSchemaNames(schema));
    const table = new CostTable(schema, { weights: new Map(), listSizes: new Map() }, { listSize: 10 });
    const [estimator, ms] = time(() => compileCost(operation, table, () => true));
    console.log(`| ${[name, count, estimator.points({}), ms.toFixed(1)].join(' | ')} |`);
  }
}

function validateAsPortico(schema: GraphQLSchema, document: DocumentNode): readonly Error[] {
  return validate(schema, document, specifiedRules, { maxErrors: 20, hideSuggestions: true });
}
