import { describe, expect, test } from 'vitest';

import { isOwnAnswerHeader } from '../../../src/base/kit/answerHeaderNames.js';
import { SECURITY_HEADERS } from '../../../src/edge/http/guards/securityHeaders.js';
import type { AnswerHeaderRule } from '../../../src/request/headers/AnswerHeaderRule.js';
import { AnswerHeaders } from '../../../src/request/headers/AnswerHeaders.js';
import { compileAnswerHeaders } from '../../../src/request/headers/compileAnswerHeaders.js';

type Head = Readonly<Record<string, string | string[] | undefined>>;
type Answer = readonly [subgraph: string, headers: Head];

function merge(
  all: readonly AnswerHeaderRule[],
  answers: readonly Answer[],
  own: Readonly<Record<string, readonly AnswerHeaderRule[]>> = {},
) {
  const take = compileAnswerHeaders({ all, bySubgraph: new Map(Object.entries(own)) })!;
  const headers = new AnswerHeaders();
  // Answers arrive in any order; the calls were sent in this one.
  answers.forEach(([subgraph, head], turn) => headers.add(turn, take(subgraph, head)));
  return headers.merge();
}

const got = (all: readonly AnswerHeaderRule[], ...answers: readonly Answer[]): unknown =>
  Object.fromEntries(merge(all, answers).forAll);

const everything: AnswerHeaderRule[] = [{ propagate: { matching: '.*', algorithm: 'last' } }];

describe('header rules for answers', () => {
  test('hand on nothing where there are none', () => {
    expect(compileAnswerHeaders({ all: [], bySubgraph: new Map([['a', []]]) })).toBeUndefined();
    expect(got([{ remove: { named: 'x-a' } }], ['a', { 'x-a': '1' }])).toEqual({});
  });

  test('hand on what is named and nothing else: NET-11', () => {
    const rules: AnswerHeaderRule[] = [{ propagate: { named: 'x-cache', algorithm: 'last' } }];
    expect(got(rules, ['a', { 'x-cache': 'hit', 'x-other': '1', location: '/', 'set-cookie': 'a=1' }])).toEqual({
      'x-cache': 'hit',
    });
  });

  test('a pattern takes neither what browsers act on, nor what only the gateway can know, nor hop-by-hop headers: NET-11', () => {
    const head: Head = {
      'set-cookie': ['a=1', 'b=2'],
      location: 'https://evil.test/',
      'content-encoding': 'gzip',
      'content-length': '3',
      'cache-control': 'public, max-age=9',
      'www-authenticate': 'Basic',
      'access-control-allow-origin': '*',
      'transfer-encoding': 'chunked',
      connection: 'close, X-Hop',
      'x-hop': '1',
      'x-request-id': 'theirs',
      etag: '"1"',
      'clear-site-data': '"*"',
      'x-open': 'yes',
    };
    expect(merge(everything, [['a', head]])).toMatchObject({ forAll: [['x-open', 'yes']], cookies: [] });
  });

  test('what the edge writes into every answer is its own', () => {
    for (let at = 0; at < SECURITY_HEADERS.length; at += 2) expect(isOwnAnswerHeader(SECURITY_HEADERS[at]!)).toBe(true);
  });

  test.each([['a\r\nset-cookie: x=1'], ['a\nb'], ['a\0b'], ['\u010d\u010a'], ['\u007f']])(
    'drop the value %j and keep its neighbours: NET-11',
    (value) => {
      expect(got(everything, ['a', { 'x-a': value, 'x-b': 'kept' }])).toEqual({ 'x-b': 'kept' });
      expect(got(everything, ['a', { 'x-a': [value, 'kept'] }])).toEqual({ 'x-a': 'kept' });
    },
  );

  test('two cookies stay two headers, and those of all subgraphs are handed on once each: NET-11', () => {
    const rules: AnswerHeaderRule[] = [{ propagate: { named: 'set-cookie', algorithm: 'last' } }];
    const { cookies, forAll } = merge(rules, [
      ['a', { 'set-cookie': ['a=1; Path=/', 'b=2, 3'] }],
      ['b', { 'set-cookie': ['c=3', 'a=1; Path=/'] }],
    ]);
    expect(forAll).toEqual([]);
    expect(cookies).toEqual([
      ['set-cookie', 'a=1; Path=/'],
      ['set-cookie', 'b=2, 3'],
      ['set-cookie', 'c=3'],
    ]);
  });

  test.each([
    ['first', 'a'],
    ['last', 'b'],
    ['append', 'a, b'],
  ] as const)('with several subgraphs %s gives %s', (algorithm, expected) => {
    const rules: AnswerHeaderRule[] = [{ propagate: { named: 'x-by', algorithm } }];
    expect(got(rules, ['a', { 'x-by': 'a' }], ['b', { 'x-by': 'b' }], ['c', {}])).toEqual({ 'x-by': expected });
  });

  test('the order is that of the calls, not that of the answers', () => {
    const take = compileAnswerHeaders({
      all: [{ propagate: { named: 'x-by', algorithm: 'first' } }],
      bySubgraph: new Map(),
    })!;
    const headers = new AnswerHeaders();
    headers.add(1, take('b', { 'x-by': 'sent second' }));
    headers.add(0, take('a', { 'x-by': 'sent first' }));
    expect(headers.merge().forAll).toEqual([['x-by', 'sent first']]);
  });

  test('what can have one value has one, also where a pattern appends', () => {
    const rules: AnswerHeaderRule[] = [
      { propagate: { matching: 'x-.*', algorithm: 'append' } },
      { propagate: { named: 'retry-after', algorithm: 'last' } },
    ];
    const answers: Answer[] = [
      ['a', { 'x-frame-options': 'DENY', 'x-tag': '1', 'retry-after': ['1', '2'] }],
      ['b', { 'x-frame-options': 'SAMEORIGIN', 'x-tag': '2' }],
    ];
    expect(got(rules, ...answers)).toEqual({ 'x-frame-options': 'SAMEORIGIN', 'x-tag': '1, 2', 'retry-after': '2' });
  });

  test('rename, fall back, insert and remove in their order', () => {
    const rules: AnswerHeaderRule[] = [
      { propagate: { named: 'x-cache', rename: 'x-shop-cache', default: 'none', algorithm: 'last' } },
      { propagate: { matching: 'x-.*', algorithm: 'last' } },
      { insert: { name: 'x-by', value: 'portico', algorithm: 'last' } },
      { remove: { matching: 'x-internal-.*' } },
      { remove: { named: 'x-cache' } },
    ];
    expect(got(rules, ['a', { 'x-cache': 'hit', 'x-by': 'a', 'x-internal-host': 'h' }])).toEqual({
      'x-shop-cache': 'hit',
      'x-by': 'portico',
    });
    expect(got(rules, ['a', {}])).toEqual({ 'x-shop-cache': 'none', 'x-by': 'portico' });
  });

  test('of one subgraph come after those of all and concern its answers alone', () => {
    const { forAll } = merge(
      [{ propagate: { named: 'x-a', algorithm: 'append' } }],
      [
        ['a', { 'x-a': 'a', 'x-b': 'a' }],
        ['b', { 'x-a': 'b', 'x-b': 'b' }],
      ],
      { a: [{ remove: { named: 'x-a' } }], b: [{ propagate: { named: 'x-b', algorithm: 'last' } }] },
    );
    expect(forAll).toEqual([
      ['x-a', 'b'],
      ['x-b', 'b'],
    ]);
  });

  test('a head is never longer than clients stand, and the log says what was left out', () => {
    const rules: AnswerHeaderRule[] = [
      { propagate: { matching: 'x-.*', algorithm: 'append' } },
      { propagate: { named: 'set-cookie', algorithm: 'append' } },
    ];
    const cookies = Array.from({ length: 100 }, (_, index) => `c${index}=${'x'.repeat(1000)}`);
    const merged = merge(rules, [['a', { 'x-small': '1', 'x-big': 'y'.repeat(10_000), 'set-cookie': cookies }]]);
    const characters = [...merged.forAll, ...merged.cookies].reduce((sum, pair) => sum + pair.join('').length, 0);
    expect(characters).toBeLessThanOrEqual(8192);
    expect(merged.forAll).toEqual([['x-small', '1']]);
    expect(merged.problem?.details).toEqual({ headers: ['x-big', 'set-cookie'] });
  });

  test('names of the prototype are names like any other', () => {
    const rules: AnswerHeaderRule[] = [{ propagate: { named: 'constructor', algorithm: 'last' } }];
    expect(got(rules, ['a', {}])).toEqual({});
    expect(got(rules, ['a', JSON.parse('{"__proto__":"x","constructor":"y"}') as Head])).toEqual({ constructor: 'y' });
  });
});
