/**
 * What hostile documents cost before and with the limits: `npx tsx bench/hostileDocuments.ts`.
 *
 * Per document: time to parse (5000 tokens), to check the limits, and to validate with graphql-js as Portico configures it (in
 * brackets when the limits refuse the document, which is then never validated). First run of each, so optimised code is not assumed.
 */
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { DEFAULT_LIMITS, checkLimits } from '../src/engine/operation/limits.js';
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

function validateAsPortico(schema: GraphQLSchema, document: DocumentNode): readonly Error[] {
  return validate(schema, document, specifiedRules, { maxErrors: 20, hideSuggestions: true });
}
