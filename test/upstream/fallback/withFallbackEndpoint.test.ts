import { describe, expect, it } from 'vitest';

import { FALLBACK_TRIGGERS } from '../../../src/base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../../../src/base/errors/fallbackTrigger.js';
import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { withFallbackEndpoint } from '../../../src/upstream/fallback/withFallbackEndpoint.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../../src/upstream/SubgraphClient.js';
import { makeCall, makeOperation, makeReply } from '../../support/subgraphCall.js';

const reply = (more: Partial<SubgraphReply> = {}): SubgraphReply => makeReply({ data: { a: 1 }, ...more });
const timeout = new PorticoError('SUBGRAPH_TIMEOUT', '');

function clientOf(end: SubgraphReply | PorticoError) {
  const calls: SubgraphCall[] = [];
  let closed = 0;
  const client: SubgraphClient = {
    name: 'a',
    execute(call) {
      calls.push(call);
      return end instanceof PorticoError ? Promise.reject(end) : Promise.resolve(end);
    },
    close: () => Promise.resolve(void closed++),
  };
  return { client, calls, closed: () => closed };
}

const other = () => clientOf(reply({ data: { a: 'other' } }));

async function ends(
  first: SubgraphReply | PorticoError,
  call = makeCall(),
  on: Iterable<FallbackTrigger> = FALLBACK_TRIGGERS,
) {
  const stand = other();
  const client = withFallbackEndpoint(clientOf(first).client, stand.client, new Set(on));
  const end: unknown = await client.execute(call).catch((error: unknown) => error);
  return { end, asked: stand.calls.length };
}

describe('another endpoint in the place of a subgraph', () => {
  it.each<[string, SubgraphReply | PorticoError, string]>([
    ['that did not answer in time', timeout, 'SUBGRAPH_TIMEOUT'],
    ['whose circuit is open', new PorticoError('SUBGRAPH_CIRCUIT_OPEN', ''), 'SUBGRAPH_CIRCUIT_OPEN'],
    ['that cannot be reached', new PorticoError('SUBREQUEST_HTTP_ERROR', ''), 'SUBREQUEST_HTTP_ERROR'],
    ['that answers 503 with a GraphQL body', reply({ status: 503, data: null }), 'SUBREQUEST_HTTP_ERROR'],
    ['that answers errors and no data', reply({ data: null, errors: [{}] }), 'DOWNSTREAM_SERVICE_ERROR'],
    ['that answers nothing at all', reply({ data: undefined }), 'SUBREQUEST_MALFORMED_RESPONSE'],
  ])('is asked instead of one %s, and the reply says so', async (_title, first, degraded) => {
    expect(await ends(first)).toEqual({ end: { ...reply({ data: { a: 'other' } }), degraded }, asked: 1 });
  });

  it.each<[string, SubgraphReply | PorticoError, SubgraphCall?]>([
    ['a subgraph that answers', reply()],
    ['one that answers parts', reply({ errors: [{}] })],
    ['one that refused whoever asks', reply({ status: 401, data: null })],
    [
      'one that refused, without a GraphQL body',
      new PorticoError('SUBREQUEST_HTTP_ERROR', '', { details: { status: 403 } }),
    ],
    ['a mutation', timeout, makeCall({ operation: makeOperation('mutation { a }', 'mutation') })],
    ['a caller that left', new PorticoError('REQUEST_CANCELLED', '')],
  ])('is not asked for %s', async (_title, first, call) => {
    expect(await ends(first, call)).toEqual({ end: first, asked: 0 });
  });

  it('is not asked when nobody has time left', async () => {
    const call = makeCall();
    call.lifetime.end('deadline');
    expect((await ends(timeout, call)).asked).toBe(0);
  });

  it('is asked only for what it is declared for', async () => {
    expect((await ends(timeout, makeCall(), ['CIRCUIT_OPEN'])).asked).toBe(0);
    expect((await ends(timeout, makeCall(), ['TIMEOUT'])).asked).toBe(1);
    expect((await ends(timeout, makeCall(), [])).asked).toBe(0);
  });

  it.each([
    ['cannot be reached', new PorticoError('SUBREQUEST_HTTP_ERROR', 'second')],
    ['has nothing either', reply({ data: null, errors: [{}] })],
  ])('that %s leaves the first failure as it was', async (_title, second) => {
    const client = withFallbackEndpoint(clientOf(timeout).client, clientOf(second).client, new Set(FALLBACK_TRIGGERS));
    await expect(client.execute(makeCall())).rejects.toBe(timeout);
  });

  it('is closed with the subgraph', async () => {
    const [first, second] = [clientOf(reply()), other()];
    await withFallbackEndpoint(first.client, second.client, new Set()).close();
    expect([first.closed(), second.closed()]).toEqual([1, 1]);
  });
});
