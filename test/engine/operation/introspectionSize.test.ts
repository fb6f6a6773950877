import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';

import { createIntrospectionLimit } from '../../../src/engine/operation/introspectionSize.js';
import { DEFAULT_LIMITS, checkLimits } from '../../../src/engine/operation/limits.js';
import { hostileSdl } from '../../support/hostileDocuments.js';

/** `types` types of 15 fields with two arguments each, all leading to one another. */
function largeSchema(types: number) {
  const fields = (type: number): string =>
    Array.from({ length: 15 }, (_, i) => `f${i}(a:Int b:[Int!]):T${(type * 7 + i) % types}`).join(' ');
  const members = Array.from({ length: types }, (_, i) => `type T${i}{${fields(i)}}`);
  return buildSchema(`type Query{start:T0} ${members.join(' ')}`);
}

describe('createIntrospectionLimit', () => {
  const check = createIntrospectionLimit(largeSchema(300));
  const codeOf = (text: string): unknown => check(parse(text))?.extensions['code'];

  test.each([
    ['the standard query', getIntrospectionQuery()],
    [
      'the standard query with all options',
      getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, specifiedByUrl: true }),
    ],
    ['all names', '{__schema{types{name fields{name args{name}}}}}'],
    ['one type and its neighbours', '{__type(name:"T1"){fields{type{fields{name}}}}}'],
    [
      'unions and wrapped types',
      '{__schema{types{possibleTypes{name} interfaces{name} enumValues{name} inputFields{type{ofType{name}}}}}}',
    ],
  ])('lets %s pass', (_, text) => {
    expect(codeOf(text)).toBeUndefined();
  });

  test.each([
    ['fields of fields', '{__schema{types{fields{type{fields{name args{name type{name}}}}}}}}'],
    [
      'through fragments',
      '{__schema{types{...A}}} fragment A on __Type{fields{type{...B}}} fragment B on __Type{fields{name type{name} args{name}}}',
    ],
    ['the same list many times', `{__schema{types{${'fields{name args{name}} '.repeat(60)}}}}`],
    ['a chain over all types', `{__schema{types{${'fields{type{kind name}} '.repeat(60)}}}}`],
  ])('refuses %s, which the depth limits accept', (_, text) => {
    expect(checkLimits(parse(text), DEFAULT_LIMITS)).toBeUndefined();
    const error = check(parse(text))!;
    expect(error.extensions).toEqual({ code: 'MAX_INTROSPECTION_DEPTH_EXCEEDED', http: { status: 400 } });
  });

  test('a small schema may be asked for everything', () => {
    const small = createIntrospectionLimit(buildSchema(hostileSdl));
    expect(small(parse('{__schema{types{fields{type{fields{name args{name type{name}}}}}}}}'))).toBeUndefined();
  });
});
