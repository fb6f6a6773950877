import { describe, expect, it } from 'vitest';

import { newTrace } from '../../src/edge/http/Exchange.js';
import { AnswerCaching } from '../../src/request/AnswerCaching.js';
import { readCacheControl } from '../../src/request/cacheControl.js';
import { anonymous } from '../../src/request/Identity.js';

describe('Cache-Control', () => {
  it.each<[string | undefined, number, 'public' | 'private' | undefined]>([
    [undefined, 0, undefined],
    ['', 0, undefined],
    ['max-age=60', 60, undefined],
    ['MAX-AGE=60, Private', 60, 'private'],
    ['public, private, max-age=1', 1, 'private'],
    ['private, public, max-age=1', 1, 'private'],
    ['private="set-cookie", max-age=1', 1, 'private'],
    ['max-age="60"', 60, undefined],
    ['max-age=-1', 0, undefined],
    ['max-age=1e9', 0, undefined],
    ['max-age', 0, undefined],
    ['max-age=60, max-age=x', 0, undefined],
    ['no-cache, max-age=60', 0, undefined],
    ['no-store', 0, undefined],
    ['immutable,max-age=5,must-revalidate', 5, undefined],
  ])('%s', (text, maxAge, scope) => {
    expect(readCacheControl(text)).toEqual({ maxAge, scope });
  });
});

describe('what subgraphs say together', () => {
  it.each([
    ['accept-language', 'PRIVATE'],
    ['Accept-Encoding, X-Tenant', 'PRIVATE'],
    ['*', 'PRIVATE'],
    ['accept-encoding', 'PUBLIC'],
    ['x-not-sent', 'PUBLIC'],
    [undefined, 'PUBLIC'],
  ])('is for one client alone where an answer varies by what was forwarded: Vary: %s (CACHE-04)', (vary, scope) => {
    const caching = new AnswerCaching(undefined, { identity: anonymous, trace: newTrace() });
    const headers = { 'cache-control': 'public, max-age=60', ...(vary !== undefined && { vary }) };
    const sent = [
      ['accept-language', 'de'],
      ['x-tenant', 'acme'],
    ] as const;
    caching.replied(sent, { status: 200, headers, data: {}, errors: undefined } as never);
    caching.replied([], { status: 200, headers: { 'cache-control': 'public, max-age=90' }, data: {} } as never);
    expect(caching.policy(true)).toEqual({ maxAge: 60, scope });
  });
});
