import { describe, expect, it } from 'vitest';

import { readCacheControl } from '../../src/request/cacheControl.js';

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
