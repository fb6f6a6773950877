import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const ORIGIN = 'https://shop.example';

describe('CORS at the edge', () => {
  let edge: Edge;
  beforeAll(async () => {
    const policy = { origins: [ORIGIN], allowCredentials: true, exposeHeaders: ['x-request-id'], methods: ['POST'] };
    edge = await startEdge({ cors: [policy] });
  });
  afterAll(() => edge.close());

  const preflight = (origin: string): Promise<Response> =>
    fetch(edge.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  test('a preflight is answered with the permission, without a body', async () => {
    const answer = await preflight(ORIGIN);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type');
    expect(await answer.text()).toBe('');
  });

  test.each(['https://evil.example', 'null', 'https://shop.example.evil.com'])(
    '%s gets no permission',
    async (origin) => {
      const first = await preflight(origin);
      expect(first.headers.get('access-control-allow-origin')).toBeNull();
      expect(first.headers.get('vary')).toContain('Origin');
      const second = await edge.post({ query: '{ __typename }' }, { origin });
      expect(second.headers.get('access-control-allow-origin')).toBeNull();
      expect(second.headers.get('vary')).toBe('Origin');
    },
  );

  test('answers and refusals can be read by pages that have the permission', async () => {
    for (const body of [{ query: '{ __typename }' }, { query: '{' }, 'nonsense']) {
      const { headers } = await edge.post(body, { origin: ORIGIN });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-expose-headers')).toBe('x-request-id');
    }
  });

  test('answers without an origin vary all the same', async () => {
    expect((await edge.post({ query: '{ __typename }' })).headers.get('vary')).toBe('Origin');
  });

  test('other policies count for the next request after a change', async () => {
    const other = { origins: ['https://other.example'], allowCredentials: false, exposeHeaders: [], methods: ['POST'] };
    edge.http.reconfigure({ cors: [other] });
    expect((await preflight(ORIGIN)).headers.get('access-control-allow-origin')).toBeNull();
    edge.http.reconfigure({});
    expect((await preflight(ORIGIN)).status).toBe(405);
  });
});
