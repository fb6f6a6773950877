import { createHash } from 'node:crypto';

import { afterEach, describe, expect, it } from 'vitest';

import { PersistedQueryStore } from '../../../src/edge/apollo/PersistedQueryStore.js';
import { startEdge } from '../../support/startEdge.js';
import type { Edge } from '../../support/startEdge.js';

let edge: Edge | undefined;
afterEach(() => edge?.close());

describe('the memory of persisted queries (HTTP-17)', () => {
  it('is bounded, and a flood of registrations drives out nothing that is asked for', async () => {
    const store = new PersistedQueryStore(10_000, 10_000);
    for (let n = 0; n < 20; n++) {
      await store.set(`paying${n}`, `{ paying${n} }`);
      expect(await store.get(`paying${n}`)).toBe(`{ paying${n} }`);
    }
    for (let n = 0; n < 100_000; n++) await store.set(`flood${n}`, `{ flood${n} }`);
    for (let n = 0; n < 20; n++) expect(await store.get(`paying${n}`)).toBe(`{ paying${n} }`);
    expect(await store.get('flood0')).toBeUndefined();
    expect(await store.get('flood99999')).toBe('{ flood99999 }');
    // Asked for as well, in greater number than there is room for: the least recently used leaves.
    for (let n = 0; n < 2000; n++) {
      await store.set(`used${n}`, `{ used${n} }`);
      await store.get(`used${n}`);
    }
    expect(await store.get('used0')).toBeUndefined();
    expect(await store.get('used1999')).toBe('{ used1999 }');
  });

  it('forgets on demand', async () => {
    const store = new PersistedQueryStore();
    await store.set('new', '{ a }');
    await store.set('used', '{ b }');
    await store.get('used');
    expect([await store.delete('new'), await store.delete('used'), await store.delete('other')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await store.get('new'), await store.get('used')]).toEqual([undefined, undefined]);
  });

  it('is what the server asks', async () => {
    edge = await startEdge();
    const query = '{ hello again: hello }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const ask = async (body: object) => (await edge!.post(body)).json;
    expect(await ask({ extensions })).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    const answer = await ask({ query, extensions });
    expect(Object.keys(answer.data as object)).toEqual(['hello', 'again']);
    for (let n = 0; n < 2; n++) expect(await ask({ extensions })).toEqual(answer);
  });
});
