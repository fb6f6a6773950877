import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { createInProcessClient } from '../../../src/upstream/inProcessClient.js';
import { withDeadline } from '../../../src/upstream/resilience/withDeadline.js';
import type { SubgraphCall } from '../../../src/upstream/SubgraphClient.js';
import { makeCall } from '../../support/subgraphCall.js';

const never = (): Promise<never> => new Promise(() => {});

function silent(): { calls: SubgraphCall[]; next: ReturnType<typeof createInProcessClient> } {
  const calls: SubgraphCall[] = [];
  const next = createInProcessClient({
    name: 'slow',
    answer: (call) => {
      calls.push(call);
      return never();
    },
  });
  return { calls, next };
}

describe('withDeadline', () => {
  it('ends a call with SUBGRAPH_TIMEOUT when the subgraph has used up its own time', async () => {
    const { calls, next } = silent();
    const call = makeCall();
    await expect(withDeadline(next, { timeoutMs: 20 }).execute(call)).rejects.toMatchObject({
      code: 'SUBGRAPH_TIMEOUT',
      details: { subgraph: 'slow', timeoutMs: 20 },
    });
    expect(calls[0]!.lifetime.ended).toBe('deadline');
    expect(call.lifetime.ended).toBeUndefined();
  });

  it('leaves GATEWAY_TIMEOUT and REQUEST_CANCELLED to the request', async () => {
    const client = withDeadline(silent().next, { timeoutMs: 10_000 });
    await expect(client.execute(makeCall({ lifetime: new Lifetime(20) }))).rejects.toMatchObject({
      code: 'GATEWAY_TIMEOUT',
    });
    const call = makeCall();
    const reply = client.execute(call);
    call.lifetime.end('cancelled');
    await expect(reply).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
  });

  it('says GATEWAY_TIMEOUT when a request that began long ago has less left than the subgraph may take', async () => {
    const { calls, next } = silent();
    const call = makeCall({ lifetime: new Lifetime(30) });
    await expect(withDeadline(next, { timeoutMs: 40 }).execute(call)).rejects.toMatchObject({
      code: 'GATEWAY_TIMEOUT',
    });
    expect(calls[0]!.lifetime).toBe(call.lifetime);
  });

  it('passes replies and other errors, and lets go of the request', async () => {
    const call = makeCall();
    const seen: Lifetime[] = [];
    const answering = createInProcessClient({
      name: 'a',
      answer: ({ lifetime }) => {
        seen.push(lifetime);
        return { data: 1 };
      },
    });
    await expect(withDeadline(answering, { timeoutMs: 5000 }).execute(call)).resolves.toMatchObject({ data: 1 });
    call.lifetime.end('cancelled');
    expect(seen[0]!.ended).toBeUndefined();
    const failing = createInProcessClient({ name: 'a', answer: () => Promise.reject(new Error('x')) });
    await expect(withDeadline(failing, { timeoutMs: 5000 }).execute(makeCall())).rejects.toMatchObject({
      code: 'SUBREQUEST_HTTP_ERROR',
    });
  });

  it('closes what it wraps', async () => {
    const { next } = silent();
    await withDeadline(next, { timeoutMs: 5 }).close();
    await expect(next.execute(makeCall())).rejects.toMatchObject({ details: { reason: 'closed' } });
  });
});
