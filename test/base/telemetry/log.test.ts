import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { failures, finishedRequests, notices } from '../../../src/base/telemetry/channels.js';
import type { FinishedRequest } from '../../../src/base/telemetry/channels.js';
import { startLog } from '../../../src/base/telemetry/log.js';
import type { Log } from '../../../src/base/telemetry/log.js';

const request: FinishedRequest = {
  requestId: 'r1',
  method: 'POST',
  path: '/graphql',
  statusCode: 200,
  latencyMs: 1.5,
  clientIp: '10.1.1.1',
  userAgent: 'agent "with" quotes\n',
  userId: 'ada',
  rateLimitRemaining: 4,
  operationName: 'Named',
  operationKind: 'query',
  backendService: 'reviews',
  backendLatencyMs: 1.2,
  subgraphCalls: 2,
  sharedWith: undefined,
  errorCodes: ['SUBGRAPH_TIMEOUT'],
  responseBytes: 12,
};

describe('the log', () => {
  let written: string[];
  let log: Log | undefined;
  beforeEach(() => (written = []));
  afterEach(() => log?.close());
  const start = (level?: 'info' | 'warn') =>
    (log = startLog({ level, destination: { write: (line) => void written.push(line) } }));
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);

  it('is one JSON line per request, with the time and every fact', () => {
    start();
    finishedRequests.publish(request);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^[^\n]*\n$/);
    const { sharedWith: _, ...facts } = request;
    expect(lines()[0]).toEqual({
      level: 'info',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      message: 'request',
      ...facts,
    });
  });

  it('tells what REST services were asked, and how many requests that took', () => {
    start();
    const rest = new Map([
      ['stock.api', { lookUps: 150, calls: 2 }],
      ['shipping', { lookUps: 50, calls: 50 }],
    ]);
    finishedRequests.publish({ ...request, rest });
    expect(lines()[0]).toMatchObject({ restCalls: 52, rest: Object.fromEntries(rest) });
  });

  it('says of a failure what the client does not see: code, message, details, cause', () => {
    start();
    const cause = new Error('ECONNREFUSED 10.0.0.1:4001');
    failures.publish({
      requestId: 'r1',
      error: new PorticoError('SUBREQUEST_HTTP_ERROR', 'accounts refused', {
        details: { subgraph: 'accounts' },
        cause,
      }),
    });
    expect(lines()[0]).toMatchObject({
      level: 'error',
      requestId: 'r1',
      error: {
        code: 'SUBREQUEST_HTTP_ERROR',
        message: 'accounts refused',
        subgraph: 'accounts',
        cause: 'Error: ECONNREFUSED 10.0.0.1:4001',
      },
    });
  });

  it('has a stack for a bug only', () => {
    start();
    failures.publish({ requestId: undefined, error: new TypeError('x is not a function') });
    failures.publish({ requestId: undefined, error: 'just a text' });
    expect(lines()[0]).toMatchObject({ error: { name: 'TypeError', stack: expect.stringContaining('log.test') } });
    expect(lines()[1]).toMatchObject({ error: { message: 'just a text' } });
  });

  it('is silent about clients that left, and about requests at level warn', () => {
    start('warn');
    failures.publish({ requestId: 'r1', error: new PorticoError('REQUEST_CANCELLED', 'gone') });
    finishedRequests.publish(request);
    notices.publish({ level: 'info', message: 'started' });
    notices.publish({ level: 'warn', message: 'careful', details: { a: 1 } });
    expect(lines()).toEqual([{ level: 'warn', timestamp: expect.any(String), a: 1, message: 'careful' }]);
  });

  it('stops listening when it is closed', async () => {
    await start().close();
    expect(finishedRequests.hasSubscribers).toBe(false);
    notices.publish({ level: 'error', message: 'nobody hears' });
    expect(written).toEqual([]);
  });
});
