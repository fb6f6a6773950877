import { describe, expect, test } from 'vitest';

import type { RequestContext } from '../../../src/request/context.js';
import { compileHeaders } from '../../../src/request/headers/compileHeaders.js';
import type { HeaderRule } from '../../../src/request/headers/HeaderRule.js';
import { makeContext } from '../../support/requestContext.js';

type Headers = Readonly<Record<string, string>>;

function request(headers: Headers): RequestContext {
  return makeContext({
    requestId: 'r1',
    correlation: [['x-request-id', 'r1']],
    header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
    headerNames: () => Object.keys(headers),
  });
}

function forward(
  all: readonly HeaderRule[],
  headers: Headers,
  own: Readonly<Record<string, readonly HeaderRule[]>> = {},
) {
  const compiled = compileHeaders({ all, bySubgraph: new Map(Object.entries(own)) });
  return compiled!(request(headers));
}

const sent = (all: readonly HeaderRule[], headers: Headers): unknown =>
  Object.fromEntries(forward(all, headers).headersFor('accounts'));

describe('header rules', () => {
  test('forward nothing where there are none', () => {
    expect(compileHeaders({ all: [], bySubgraph: new Map() })).toBeUndefined();
    expect(compileHeaders({ all: [], bySubgraph: new Map([['a', []]]) })).toBeUndefined();
  });

  test('forward the named header and no other', () => {
    const rules = [{ propagate: { named: 'authorization' } }];
    expect(sent(rules, { authorization: 'Bearer 1', cookie: 'a=1' })).toEqual({ authorization: 'Bearer 1' });
    expect(sent(rules, { cookie: 'a=1' })).toEqual({});
  });

  test('rename, and fall back to a default', () => {
    const rules = [{ propagate: { named: 'authorization', rename: 'x-auth', default: 'none' } }];
    expect(sent(rules, { authorization: 'Bearer 1' })).toEqual({ 'x-auth': 'Bearer 1' });
    expect(sent(rules, {})).toEqual({ 'x-auth': 'none' });
  });

  test('match whole names, without regard to case', () => {
    const headers = { 'x-shop-a': '1', 'evil-x-shop-a': '2', 'x-shop': '3' };
    expect(sent([{ propagate: { matching: 'X-SHOP-.*' } }], headers)).toEqual({ 'x-shop-a': '1' });
    expect(sent([{ propagate: { matching: 'x-shop|b' } }], headers)).toEqual({ 'x-shop': '3' });
  });

  test('never forward headers of the connection, nor what Connection lists, nor x-request-id: NET-07', () => {
    const headers = {
      connection: 'close, X-Secret',
      'keep-alive': '1',
      'transfer-encoding': 'chunked',
      'content-length': '10',
      host: 'a',
      upgrade: 'h2c',
      te: 'trailers',
      'proxy-authorization': 'x',
      expect: '100-continue',
      'x-secret': '1',
      'x-request-id': 'abc',
      'x-open': '2',
    };
    expect(sent([{ propagate: { matching: '.*' } }], headers)).toEqual({ 'x-open': '2' });
  });

  test.each([['a\u0000b'], ['a\u001fb'], ['a\r\nb: c'], ['a\nb'], ['\u010d\u010aevil: 1'], ['\u007f']])(
    'take %j as not sent: NET-03',
    (value) => {
      expect(sent([{ propagate: { named: 'x-a' } }], { 'x-a': value })).toEqual({});
      expect(sent([{ propagate: { matching: 'x-.*' } }], { 'x-a': value })).toEqual({});
    },
  );

  test('apply in order, and send each header once', () => {
    const rules: HeaderRule[] = [
      { propagate: { matching: 'x-.*' } },
      { insert: { name: 'x-a', value: 'ours' } },
      { remove: { named: 'x-b' } },
      { remove: { matching: 'x-c.*' } },
    ];
    expect(sent(rules, { 'x-a': '1', 'x-b': '2', 'x-c1': '3', 'x-d': '4' })).toEqual({ 'x-a': 'ours', 'x-d': '4' });
    expect(sent([...rules, { propagate: { named: 'x-b' } }], { 'x-b': '2' })).toEqual({ 'x-a': 'ours', 'x-b': '2' });
  });

  test('of one subgraph come after those of all, and concern it alone', () => {
    const forwarded = forward(
      [{ propagate: { named: 'cookie' } }],
      { cookie: 'a=1' },
      {
        reviews: [{ remove: { named: 'cookie' } }, { insert: { name: 'x-key', value: 'k' } }],
      },
    );
    expect(forwarded.headersFor('accounts')).toEqual([['cookie', 'a=1']]);
    expect(forwarded.headersFor('reviews')).toEqual([['x-key', 'k']]);
  });

  test('make a key of every header that a rule can read, and of no other: D7', () => {
    const rules: HeaderRule[] = [{ propagate: { named: 'authorization' } }, { propagate: { matching: 'x-.*' } }];
    const key = (headers: Headers): string => forward(rules, headers).key;
    expect(key({ authorization: '1' })).not.toBe(key({ authorization: '2' }));
    expect(key({ 'x-a': '1' })).not.toBe(key({ 'x-b': '1' }));
    expect(key({ authorization: '1' })).not.toBe(key({}));
    expect(key({ authorization: '1', cookie: 'a' })).toBe(key({ authorization: '1', cookie: 'b' }));
  });

  test('trace context is forwarded outside of the key, and with the request id', () => {
    const rules = [{ propagate: { matching: 'trace.*' } }, { propagate: { named: 'cookie' } }];
    const first = forward(rules, { traceparent: '00-1', cookie: 'a' });
    expect(first.key).toBe(forward(rules, { traceparent: '00-2', cookie: 'a' }).key);
    expect(first.headersFor('accounts')).toEqual([['cookie', 'a']]);
    expect(first.correlationFor('accounts')).toEqual([
      ['x-request-id', 'r1'],
      ['traceparent', '00-1'],
    ]);
  });

  test('names of the prototype are names like any other', () => {
    expect(sent([{ propagate: { named: 'constructor' } }], {})).toEqual({});
    expect(sent([{ propagate: { matching: '.*' } }], { constructor: 'x' })).toEqual({ constructor: 'x' });
  });
});
