import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { DEFAULT_BREAKER_OPTIONS } from '../../../src/upstream/resilience/Breaker.js';
import { createJudge } from '../../../src/upstream/resilience/judge.js';
import type { SubgraphReply } from '../../../src/upstream/SubgraphClient.js';
import { makeCall, makeReply } from '../../support/subgraphCall.js';

const judge = createJudge({ ...DEFAULT_BREAKER_OPTIONS, errorStatusCodes: ['5xx', '429'], errorCodes: ['DOWN'] });

function reply(status: number, errors?: unknown): SubgraphReply {
  return makeReply({ data: null, errors, status });
}

describe('what counts against a subgraph (CB-06)', () => {
  it.each<[string, number, unknown, string]>([
    ['an answer', 200, undefined, 'success'],
    ['a status nobody chose', 404, undefined, 'success'],
    ['a chosen status', 429, undefined, 'failure'],
    ['a chosen class of statuses', 503, undefined, 'failure'],
    ['GraphQL errors', 200, [{ extensions: { code: 'OTHER' } }], 'success'],
    ['a chosen code', 200, [{}, { extensions: { code: 'DOWN' } }], 'failure'],
    ['errors of any shape', 200, [null, 1, [], { extensions: null }, { extensions: [] }], 'success'],
    ['errors that are no list', 200, { extensions: { code: 'DOWN' } }, 'success'],
    ['a code that is inherited', 200, [{ extensions: Object.create({ code: 'DOWN' }) as object }], 'success'],
    [
      'a code among the hundred that are looked at',
      200,
      [...Array.from({ length: 99 }, () => ({})), { extensions: { code: 'DOWN' } }],
      'failure',
    ],
    [
      'a code beyond them',
      200,
      [...Array.from({ length: 100 }, () => ({})), { extensions: { code: 'DOWN' } }],
      'success',
    ],
  ])('%s', (_title, status, errors, outcome) => {
    expect(judge.reply(reply(status, errors))).toBe(outcome);
  });

  it.each<[string, unknown, string]>([
    ['a timeout of its own', new PorticoError('SUBGRAPH_TIMEOUT', ''), 'failure'],
    ['an unusable body', new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', ''), 'failure'],
    ['no connection', http({ reason: 'refused' }), 'failure'],
    ['a chosen status', http({ reason: 'status', status: 500 }), 'failure'],
    ['another status', http({ reason: 'status', status: 400 }), 'success'],
    ['what could not be sent', http({ reason: 'unsendable' }), 'neutral'],
    ['a client that was closed', http({ reason: 'closed' }), 'neutral'],
    ['a full queue', new PorticoError('OVERLOADED', ''), 'neutral'],
    ['an open breaker further in', new PorticoError('SUBGRAPH_CIRCUIT_OPEN', ''), 'neutral'],
    ['a caller that left', new PorticoError('REQUEST_CANCELLED', ''), 'neutral'],
    ['a bug of ours', new TypeError('x'), 'neutral'],
  ])('%s', (_title, error, outcome) => {
    expect(judge.error(error, makeCall())).toBe(outcome);
  });

  it('the deadline of the call counts, that of the request does not', async () => {
    const request = new Lifetime(10_000);
    const part = request.child(1);
    await new Promise<void>((resolve) => void part.onEnd(() => resolve()));
    const late = new PorticoError('GATEWAY_TIMEOUT', '');
    expect(judge.error(late, makeCall({ lifetime: part }))).toBe('failure');
    request.end('deadline');
    expect(judge.error(late, makeCall({ lifetime: request }))).toBe('neutral');
  });
});

function http(details: Readonly<Record<string, unknown>>): PorticoError {
  return new PorticoError('SUBREQUEST_HTTP_ERROR', '', { details });
}
