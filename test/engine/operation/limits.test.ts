import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import type { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';

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

describe('each limit accepts its number and refuses one more', () => {
  const times = (n: number, text: (i: number) => string): string =>
    Array.from({ length: n }, (_, i) => text(i)).join(' ');
  const nested = (n: number): string => `${'{a'.repeat(n - 1)}{f}${'}'.repeat(n - 1)}`;
  // Each at Y's numbers and at Armor's defaults (the floor that must be settable).
  const cases: Array<[keyof OperationLimits, number, (n: number) => string, string]> = [
    ['maxCharacters', 15_000, (n) => `{f}${' '.repeat(n - 3)}`, 'MAX_CHARACTERS_EXCEEDED'],
    ['maxTokens', 1000, (n) => `{a{${times(n - 5, (i) => `f${i}`)}}}`, 'TOKEN_LIMIT_EXCEEDED'],
    ['maxDepth', 15, nested, 'MAX_DEPTH_EXCEEDED'],
    ['maxDepth', 6, nested, 'MAX_DEPTH_EXCEEDED'],
    ['maxHeight', 200, (n) => `{a{${times(n - 1, (i) => `f${i}`)}}}`, 'MAX_HEIGHT_EXCEEDED'],
    ['maxAliases', 30, hostile.aliases.nested, 'MAX_ALIASES_EXCEEDED'],
    ['maxAliases', 15, hostile.aliases.nested, 'MAX_ALIASES_EXCEEDED'],
    ['maxRootFields', 20, hostile.repeatedField, 'MAX_ROOT_FIELDS_EXCEEDED'],
    ['maxDirectives', 50, hostile.directives.spread, 'MAX_DIRECTIVES_EXCEEDED'],
    ['maxDirectives', 50, hostile.directives.repeatedFragment, 'MAX_DIRECTIVES_EXCEEDED'],
    ['maxIntrospectionDepth', 7, (n) => hostile.introspectionBombs.ofType(n - 2), 'MAX_INTROSPECTION_DEPTH_EXCEEDED'],
  ];
  test.each(cases)('%s = %i', (name, limit, make, code) => {
    const limits = { [name]: limit };
    expect(refusal(make(limit), limits)).toBeUndefined();
    const error = refusal(make(limit + 1), limits)!;
    expect(error.extensions).toEqual({ code, http: { status: 400 } });
    expect(error.message).toContain(String(limit));
  });

  test('maxHeight counts each response name once in a selection, and fragments as often as they are spread', () => {
    const text = '{a{f f g} a{f} ...F ...F} fragment F on Query{g}';
    // a, f, g, f, and g twice.
    expect(codeOf(text, { maxHeight: 6 })).toBeUndefined();
    expect(codeOf(text, { maxHeight: 5 })).toBe('MAX_HEIGHT_EXCEEDED');
  });

  test('with warnOnly what is asked for is told and passes, and what protects the gateway is refused', () => {
    const told: unknown[] = [];
    const check = (text: string, limits: Partial<OperationLimits>) =>
      checkLimits(parse(text), { ...DEFAULT_LIMITS, ...limits, warnOnly: true }, ({ extensions }) =>
        told.push(extensions['code']),
      )?.extensions['code'];
    expect(check(nested(7), { maxDepth: 6 })).toBeUndefined();
    expect(check('{a:f b:f}', { maxAliases: 1 })).toBeUndefined();
    expect(check('{f g}', { maxRootFields: 1 })).toBeUndefined();
    expect(check('{f g}', { maxHeight: 1 })).toBeUndefined();
    expect(check('{f @include(if:true)}', { maxDirectives: 0 })).toBeUndefined();
    expect(told).toEqual([
      'MAX_DEPTH_EXCEEDED',
      'MAX_ALIASES_EXCEEDED',
      'MAX_ROOT_FIELDS_EXCEEDED',
      'MAX_HEIGHT_EXCEEDED',
      'MAX_DIRECTIVES_EXCEEDED',
      'MAX_DIRECTIVES_EXCEEDED',
    ]);
    expect(check('{f g}', { maxTokens: 3 })).toBe('TOKEN_LIMIT_EXCEEDED');
    expect(check('{f g}', { maxSelections: 1 })).toBe('MAX_SELECTIONS_EXCEEDED');
    expect(check(hostile.introspectionBombs.ofType(60), {})).toBe('MAX_INTROSPECTION_DEPTH_EXCEEDED');
    expect(check(nested(220), {})).toBe('MAX_DEPTH_EXCEEDED');
  });

  test('maxSelections counts spreads and what they hold', () => {
    const text = '{a{...F ...F}} fragment F on Query{f a{...G}} fragment G on Query{f g}';
    // a, two spreads, and twice: f, a, spread, f, g.
    expect(codeOf(text, { maxSelections: 13 })).toBeUndefined();
    expect(codeOf(text, { maxSelections: 12 })).toBe('MAX_SELECTIONS_EXCEEDED');
  });
});

describe('what fragments hide is counted (DOS-15, DOS-17, D2)', () => {
  test.each([
    ['31 at the root', hostile.aliases.root(31)],
    ['31 over three fragments', hostile.aliases.acrossFragments(31, 3)],
    ['16 in one fragment that is spread twice', hostile.aliases.repeatedSpread(16, 2)],
    ['__typename, as graphql-cop asks (TOOL-01)', hostile.aliases.typename(101)],
  ])('aliases: %s', (_, text) => {
    expect(codeOf(text)).toBe('MAX_ALIASES_EXCEEDED');
  });

  test('30 aliases in fragments are accepted', () => {
    expect(refusal(hostile.aliases.acrossFragments(30, 3))).toBeUndefined();
    expect(refusal(hostile.aliases.repeatedSpread(15, 2))).toBeUndefined();
  });

  test('an alias that repeats the name of its field counts', () => {
    expect(codeOf('{a{f:f g:g}}', { maxAliases: 1 })).toBe('MAX_ALIASES_EXCEEDED');
  });

  test('a fragment that was first used near the root counts in full where it is used deep', () => {
    const fragment = 'fragment F on Query{a{a{f}}}';
    expect(codeOf(`{...F a{a{...F}}} ${fragment}`, { maxDepth: 5 })).toBeUndefined();
    expect(codeOf(`{...F a{a{...F}}} ${fragment}`, { maxDepth: 4 })).toBe('MAX_DEPTH_EXCEEDED');
    expect(codeOf(`${fragment} {a{a{...F}} ...F}`, { maxDepth: 4 })).toBe('MAX_DEPTH_EXCEEDED');
  });

  test('root fields count through named and inline fragments', () => {
    const text = '{f ...F ...on Query{g ...F}} fragment F on Query{a{f g} list{f}}';
    expect(codeOf(text, { maxRootFields: 6 })).toBeUndefined();
    expect(codeOf(text, { maxRootFields: 5 })).toBe('MAX_ROOT_FIELDS_EXCEEDED');
  });

  test('every operation of the document is judged, not only the first', () => {
    expect(codeOf(`query A{f} query B${hostile.aliases.nested(31)}`)).toBe('MAX_ALIASES_EXCEEDED');
    expect(codeOf(`query A${hostile.aliases.nested(20)} query B${hostile.aliases.nested(20)}`)).toBeUndefined();
  });

  test('an operation may bear the name of a fragment', () => {
    expect(refusal('query F{a{...F}} fragment F on Query{f}')).toBeUndefined();
    expect(codeOf(`query F${hostile.aliases.nested(31)} fragment F on Query{f}`)).toBe('MAX_ALIASES_EXCEEDED');
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a fragment named %s is a fragment (PROTO-01)',
    (name) => {
      const text = `{a{...${name} ...${name}}} fragment ${name} on Query{x:f}`;
      expect(refusal(text, { maxAliases: 2 })).toBeUndefined();
      expect(codeOf(text, { maxAliases: 1 })).toBe('MAX_ALIASES_EXCEEDED');
      expect(refusal(`{a{...${name}}}`)).toBeUndefined();
    },
  );
});

describe('documents that validation will refuse anyway', () => {
  test('undefined fragments and an empty set of definitions are left to it', () => {
    expect(refusal('{a{...Nowhere}}')).toBeUndefined();
    expect(refusal('fragment A on Query{f}')).toBeUndefined();
    expect(refusal('type Query{a:Int}')).toBeUndefined();
  });

  test('two fragments of one name are refused, so that the small one cannot hide the large', () => {
    const text = '{a{...F}} fragment F on Query{f} fragment F on Query{g}';
    expect(codeOf(text)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(validate(schema, parse(text)).map((each) => each.message)).toContain(refusal(text)!.message);
  });

  test('documents without positions are judged by their selections', () => {
    const check = (text: string): unknown =>
      checkLimits(parse(text, { noLocation: true }), DEFAULT_LIMITS)?.extensions['code'];
    expect(check('{f}')).toBeUndefined();
    expect(check(hostile.fragmentLadder(40))).toBe('MAX_SELECTIONS_EXCEEDED');
    expect(check(hostile.cyclicFragments.mutual)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('directives (DOS-21, TOOL-03)', () => {
  test('51 on one field, or 51 over several operations and fragments: one error', () => {
    expect(codeOf(hostile.directives.onOneField(51))).toBe('MAX_DIRECTIVES_EXCEEDED');
    const part = (n: number): string => `{a{${'f@include(if:true) '.repeat(n)}}}`;
    expect(codeOf(`query A${part(26)} query B${part(25)}`)).toBe('MAX_DIRECTIVES_EXCEEDED');
    expect(codeOf(`query A${part(25)} query B${part(25)}`)).toBeUndefined();
  });

  test('those of operations, variables and fragments count', () => {
    const text = 'query($v:ID@a)@a{a@a{...F@a ...on Query@a{f@a}}} fragment F on Query@a{f@a}';
    expect(codeOf(text, { maxDirectives: 8 })).toBeUndefined();
    expect(codeOf(text, { maxDirectives: 7 })).toBe('MAX_DIRECTIVES_EXCEEDED');
  });

  test('ten times the same at one place is refused as one error, not ten', () => {
    expect(codeOf(hostile.directives.onOneField(10))).toBe('MAX_DIRECTIVES_EXCEEDED');
    expect(codeOf(hostile.directives.onOneField(8))).toBeUndefined();
  });
});

describe('introspection (DOS-22)', () => {
  test('the standard query passes with every option on, and beside a deep query of the client', () => {
    const options = {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    expect(refusal(getIntrospectionQuery(options))).toBeUndefined();
    expect(refusal(getIntrospectionQuery(options), { maxDepth: 6 })).toBeUndefined();
  });

  test('circles are refused by list depth, chains by depth', () => {
    const { fieldsOfFields, ofType, throughFragments } = hostile.introspectionBombs;
    expect(codeOf(fieldsOfFields(2))).toBeUndefined();
    expect(codeOf(fieldsOfFields(3))).toBe('MAX_INTROSPECTION_DEPTH_EXCEEDED');
    expect(codeOf(fieldsOfFields(6))).toBe('MAX_INTROSPECTION_DEPTH_EXCEEDED');
    expect(codeOf(ofType(50))).toBe('MAX_INTROSPECTION_DEPTH_EXCEEDED');
    expect(codeOf(throughFragments(3))).toBe('MAX_INTROSPECTION_DEPTH_EXCEEDED');
  });

  test('it accepts and refuses circles as graphql-js does', () => {
    for (let n = 1; n <= 5; n++) {
      const text = hostile.introspectionBombs.throughFragments(n);
      const messages = validate(schema, parse(text)).map((each) => each.message);
      expect(codeOf(text) === undefined).toBe(!messages.includes('Maximum introspection depth exceeded'));
    }
  });

  test("a client's own fields of these names are plain fields", () => {
    expect(refusal('{fields{interfaces{possibleTypes{inputFields{fields{x}}}}}}')).toBeUndefined();
  });
});
