import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

// GraphQL over HTTP, https://graphql.github.io/graphql-over-http/draft/. The audit asks `__type`, so introspection is on.
describe('GraphQL over HTTP audits', () => {
  let safe: Edge;
  let open: Edge;
  beforeAll(async () => {
    safe = await startEdge({ introspection: true });
    open = await startEdge({ introspection: true, csrfHeaders: false });
  });
  afterAll(async () => {
    await safe.close();
    await open.close();
  });

  /** GET without a header that a foreign page cannot set: what CSRF prevention is there to refuse. */
  const forbiddenByCsrfPrevention = ['5A70', 'D6D5', '6A70'];

  for (const { id, name, fn } of serverAudits({ url: () => safe.url })) {
    if (forbiddenByCsrfPrevention.includes(id)) {
      it(`${id} is refused by CSRF prevention: ${name}`, async () => {
        expect(name).toMatch(/^MAY /);
        expect(await fn()).toMatchObject({ status: 'notice' });
      });
    } else {
      it(`${id} ${name}`, async () => expect(await fn()).toMatchObject({ status: 'ok' }));
    }
  }

  for (const { id, name, fn } of serverAudits({ url: () => open.url })) {
    it(`without CSRF prevention: ${id} ${name}`, async () => expect(await fn()).toMatchObject({ status: 'ok' }));
  }
});
