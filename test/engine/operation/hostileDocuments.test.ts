import { buildSchema, parse, validate } from 'graphql';
import type { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

import { checkNesting, checkSource } from '../../../src/engine/operation/checkSource.js';
import { DEFAULT_LIMITS, checkLimits } from '../../../src/engine/operation/limits.js';
import type { OperationLimits } from '../../../src/engine/operation/limits.js';
import * as hostile from '../../support/hostileDocuments.js';

const schema = buildSchema(hostile.hostileSdl);

function refusal(text: string, limits: Partial<OperationLimits> = {}): GraphQLError | undefined {
  return checkLimits(parse(text), { ...DEFAULT_LIMITS, ...limits });
}

function codeOf(text: string, limits: Partial<OperationLimits> = {}): unknown {
  return refusal(text, limits)?.extensions['code'];
}

describe('documents that explode', () => {
  test.each([
    ['DOS-01, GEN1', hostile.fragmentLadder(40)],
    ['GEN1, so high that counts become infinite', hostile.spreadLadder(1200)],
    ['DOS-03, GEN2', hostile.implementersDocument(20, 6)],
    ['DOS-08, CVE-2023-26144 without cycles', hostile.overlappingFragmentChain(200, 4)],
    ['many operations over the same fragments', hostile.manyOperations(300, 150)],
  ])('%s: refused for its selections', (_, text) => {
    expect(checkLimits(parse(text), { ...DEFAULT_LIMITS, maxTokens: Infinity })!.extensions['code']).toBe(
      'MAX_SELECTIONS_EXCEEDED',
    );
  });

  test('an astronomic count is not spelled out', () => {
    expect(refusal(hostile.fragmentLadder(40))!.message).toMatch(/more than 1000000 selections/);
  });

  test('a fragment bomb that no operation spreads is refused as well: validation looks at it', () => {
    const bomb = hostile.fragmentLadder(40).replace('{...F0}', '{f}');
    expect(codeOf(bomb)).toBe('MAX_SELECTIONS_EXCEEDED');
  });

  test('GEN5: a chain of 10,000 fragments overflows no stack', () => {
    const limits = { maxTokens: Infinity, maxCharacters: Infinity };
    expect(codeOf(hostile.fragmentChain(10_000), limits)).toBe('MAX_DEPTH_EXCEEDED');
    expect(codeOf(hostile.fragmentChain(150), limits)).toBeUndefined();
  });

  test('GEN6, DOS-11: nesting is bounded wherever it stands', () => {
    for (const make of [
      hostile.nesting.list,
      hostile.nesting.object,
      hostile.nesting.defaultValue,
      hostile.nesting.variableType,
    ]) {
      expect(codeOf(make(250))).toBe('MAX_DEPTH_EXCEEDED');
      expect(codeOf(make(100))).toBeUndefined();
    }
    expect(codeOf(hostile.nesting.selection(250))).toBe('MAX_DEPTH_EXCEEDED');
  });

  test('DOS-06, TOOL-04: one field many times', () => {
    expect(() => parse(hostile.repeatedField(10_000), { maxTokens: DEFAULT_LIMITS.maxTokens })).toThrow(/tokens/);
    expect(codeOf(hostile.repeatedField(10_000))).toBe('TOKEN_LIMIT_EXCEEDED');
    expect(codeOf(hostile.repeatedField(500))).toBe('MAX_ROOT_FIELDS_EXCEEDED');
    expect(codeOf(`{a${hostile.repeatedField(500)}}`)).toBe('MAX_SELECTIONS_EXCEEDED');
    expect(codeOf(`{a${hostile.repeatedField(100)}}`)).toBeUndefined();
  });

  test.each([
    ['GEN3b', `{a${hostile.repeatedObject(1000)}}`],
    ['GEN4', hostile.inlineFragmentGrid(22, 22)],
    ['nested', hostile.nestedDuplicates(2, 9)],
    [
      'through fragments',
      '{a{...F ...F}} fragment F on Query{...G ...G} fragment G on Query{' + 'f '.repeat(120) + '}',
    ],
  ])('fields that validation would compare pairwise, %s: refused', (_, text) => {
    expect(codeOf(text)).toBe('MAX_SELECTIONS_EXCEEDED');
  });

  test('a page of 60 components that all ask the same ten fields is accepted', () => {
    const fields = 'id f g next{id} __typename';
    const text = `{list{${Array.from({ length: 60 }, (_, i) => `...C${i}`).join(' ')}}} ${Array.from(
      { length: 60 },
      (_, i) => `fragment C${i} on Query{${fields}}`,
    ).join(' ')}`;
    expect(refusal(text)).toBeUndefined();
    expect(validate(schema, parse(text))).toEqual([]);
  });

  test('DOS-14: thousands of unknown fields are never validated, a few hundred below a field get bounded errors', () => {
    expect(codeOf(hostile.unknownFields(4900))).toBe('MAX_ROOT_FIELDS_EXCEEDED');
    const some = `{a${hostile.unknownFields(1000)}}`;
    expect(refusal(some)).toBeUndefined();
    const errors = validate(schema, parse(some), undefined, { maxErrors: 20, hideSuggestions: true });
    expect(errors).toHaveLength(21);
    expect(JSON.stringify(errors)).not.toMatch(/Did you mean/);
  });

  test('DOS-23: long and many-lined documents are refused, comments count', () => {
    expect(codeOf(`{search(text:"${'x'.repeat(2_000_000)}")}`)).toBe('MAX_CHARACTERS_EXCEEDED');
    expect(codeOf(`#${'x'.repeat(2_000_000)}\n{f}`)).toBe('MAX_CHARACTERS_EXCEEDED');
    expect(codeOf(`${' '.repeat(2_000_000)}{f}`)).toBe('MAX_CHARACTERS_EXCEEDED');
    // 20 errors that each look their line up below 100,000 lines.
    expect(codeOf(hostile.unknownFields(19, 100_000))).toBe('MAX_CHARACTERS_EXCEEDED');
    expect(codeOf(`{f}${'#\n'.repeat(50_000)}`)).toBe('MAX_CHARACTERS_EXCEEDED');
    expect(refusal(hostile.unknownFields(19, 5000))).toBeUndefined();
  });

  test('the length can be judged before parsing', () => {
    expect(checkSource('{f}', 3)).toBeUndefined();
    expect(checkSource('{f} ', 3)?.extensions['code']).toBe('MAX_CHARACTERS_EXCEEDED');
  });

  test('nesting can be judged without a parser, whose stack ends elsewhere in every process', () => {
    const deep = '{a'.repeat(201);
    expect(checkNesting(deep)?.extensions['code']).toBe('MAX_DEPTH_EXCEEDED');
    expect(checkNesting(`{a(b:${'['.repeat(200)}`)?.extensions['code']).toBe('MAX_DEPTH_EXCEEDED');
    for (const shallow of [
      '{a'.repeat(200),
      '{a}'.repeat(500),
      `# ${deep}\n{a}`,
      `# ${deep}\r{a}`,
      `{a(b:"${deep}")}`,
      String.raw`{a(b:"\" ${deep}")}`,
      `{a(b:""" " ${deep}""")}`,
      String.raw`{a(b:""" \""" ${deep}""")}`,
      `{a(b:"""${deep}`,
      `{a(b:"${deep}`,
    ]) {
      expect(checkNesting(shallow)).toBeUndefined();
    }
    expect(checkNesting(String.raw`{a(b:"\\")${deep}`)).toBeDefined();
    expect(checkNesting(`{a(b:"\n${deep}`)).toBeDefined();
    expect(checkNesting(`{a(b:"""""")${deep}`)).toBeDefined();
    expect(checkNesting(`#\n${deep}`)).toBeDefined();
    // Linear, whatever is left open.
    for (const open of ['"""\\', '"', '\\"""', '"\\', '#']) expect(checkNesting(open.repeat(250_000))).toBeUndefined();
  });

  test('a name that no schema has is refused before a message quotes it', () => {
    expect(codeOf(`{${'x'.repeat(1001)}}`)).toBe('TOKEN_LIMIT_EXCEEDED');
    expect(refusal(`{${'x'.repeat(1000)}}`)).toBeUndefined();
    expect(refusal(`{search(text:"${'x'.repeat(5000)}")}`)).toBeUndefined();
  });

  test('what only the planner and its cache must stand is accepted: GEN8, GEN9', () => {
    expect(refusal(hostile.shareableChain(6, 13).query)).toBeUndefined();
    expect(codeOf(hostile.shareableChain(6, 15).query)).toBe('MAX_DEPTH_EXCEEDED');
    const stream = hostile.uniqueDocuments();
    const texts = Array.from({ length: 300 }, () => stream.next().value);
    expect(new Set(texts).size).toBe(300);
    for (const text of texts) expect(refusal(text)).toBeUndefined();
  });
});

describe('fragments that reach themselves (DOS-10)', () => {
  const { self, mutual, withSibling, conditional, unused, complete } = hostile.cyclicFragments;
  test.each([
    ['itself', self],
    ['mutually', mutual],
    ['with a sibling field', withSibling],
    ['by a conditional spread', conditional],
    ['not spread by an operation', unused],
    ['all from all', complete(25)],
    ['CVE-2023-26144', hostile.overlappingFragments(60, 5)],
  ])('%s: one error, as validation words it', (_, text) => {
    const error = refusal(text)!;
    expect(error.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } });
    expect(error.message).toMatch(/^Cannot spread fragment "\w+" within itself\.$/);
    expect(
      validate(schema, parse(text))
        .map((each) => each.message)
        .join('\n'),
    ).toMatch(/Cannot spread fragment|aborted/);
  });

  test('a request of 200 kB gets no answer of megabytes', () => {
    const text = hostile.cyclicFragments.longNames(60, 900);
    const unguarded = JSON.stringify(validate(schema, parse(text)));
    expect(unguarded.length).toBeGreaterThan(1_000_000);
    expect(JSON.stringify(refusal(text)).length).toBeLessThan(2000);
  });

  test('a diamond is no cycle', () => {
    const text = '{...A ...B} fragment A on Query{...C} fragment B on Query{...C} fragment C on Query{f}';
    expect(refusal(text)).toBeUndefined();
    expect(validate(schema, parse(text))).toEqual([]);
  });
});
