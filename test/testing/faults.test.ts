import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestIssuer } from '../../src/testing/identity/createTestIssuer.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { fakeClock } from '../../src/testing/clock/FakeClock.js';
import type { FakeClock } from '../../src/testing/clock/FakeClock.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { shelf } from '../support/graphs/shelf.js';

const QUERY = '{ book { title stars } }';
let clock: FakeClock;
let gateway: TestGateway;
beforeEach(async () => {
  clock = fakeClock();
  gateway = await createTestGateway({ subgraphs: shelf, clock });
});
afterEach(() => gateway.close());

const reviews = () => gateway.subgraph('reviews');
const codes = async () => (await gateway.execute(QUERY)).errors?.map(({ extensions }) => extensions?.code);
const details = () => gateway.lastRequest.failures.map((error) => (error as { details?: object }).details);

describe('faults', () => {
  it('are for the next calls only, and the rest of the answer survives', async () => {
    reviews().failNext(2);
    expect(await gateway.execute(QUERY)).toMatchObject({
      data: { book: { title: 'Emma', stars: null } },
      errors: [{ path: ['book', 'stars'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }],
    });
    expect(await codes()).toEqual(['SUBREQUEST_HTTP_ERROR']);
    expect(await codes()).toBeUndefined();
    expect(reviews().calls.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'answered']);
  });

  it.each(['refused', 'reset', 'dns', 'unreachable', 'connect_timeout', 'tls', 'truncated', 'protocol'] as const)(
    'give what the HTTP client says: %s',
    async (reason) => {
      reviews().fail(reason);
      expect(await codes()).toEqual(['SUBREQUEST_HTTP_ERROR']);
      expect(details()).toEqual([expect.objectContaining({ subgraph: 'reviews', reason })]);
    },
  );

  it('read an error of the test by its code', async () => {
    reviews().failNext(1, Object.assign(new Error('no'), { code: 'EHOSTUNREACH' }));
    await gateway.execute(QUERY);
    expect(details()).toEqual([expect.objectContaining({ reason: 'unreachable' })]);
  });

  it.each([
    [503, undefined, {}, 'SUBREQUEST_HTTP_ERROR', { status: 503, reason: 'status' }],
    [503, 'busy', { 'Retry-After': '7' }, 'SUBREQUEST_HTTP_ERROR', { status: 503, retryAfter: '7' }],
    [302, '', { location: '/' }, 'SUBREQUEST_HTTP_ERROR', { status: 302 }],
    [200, '<html>', {}, 'SUBREQUEST_MALFORMED_RESPONSE', { problem: 'content type text/html' }],
    [200, '{"data":', {}, 'SUBREQUEST_MALFORMED_RESPONSE', { problem: 'invalid JSON' }],
    [200, '', {}, 'SUBREQUEST_MALFORMED_RESPONSE', { problem: 'an empty body' }],
    [200, [1], {}, 'SUBREQUEST_MALFORMED_RESPONSE', { problem: 'JSON that is no GraphQL result' }],
  ] as const)('%i with %j is judged as bytes from a socket', async (status, body, headers, code, detail) => {
    reviews().respondWith(status, body, headers);
    expect(await codes()).toEqual([code]);
    expect(details()).toEqual([expect.objectContaining(detail)]);
  });

  it.each([
    ['could not be reached', () => reviews().fail('refused'), 'A service could not be reached'],
    ['broke off', () => reviews().fail('reset'), 'A service could not be reached'],
    ['answered 404', () => reviews().respondWith(404, 'nothing here'), 'A service answered with an error'],
    ['answered 302', () => reviews().respondWith(302, ''), 'A service answered with an error'],
    ['answered 500 in GraphQL', () => reviews().respondWith(500, { data: {} }), 'A service answered with an error'],
  ])('a client reads of a service that %s neither its name nor its status', async (_, fault, message) => {
    fault();
    const { errors } = await gateway.execute(QUERY);
    expect(errors).toEqual([
      {
        message,
        path: ['book', 'stars'],
        extensions: { code: 'SUBREQUEST_HTTP_ERROR', requestId: expect.any(String) },
      },
    ]);
  });

  it('respondWith an answer of GraphQL, errors and all', async () => {
    reviews().respondWith(200, { data: { _entities: [{ stars: 1 }] } });
    expect(await gateway.execute(QUERY)).toEqual({ data: { book: { title: 'Emma', stars: 1 } } });
    reviews()
      .recover()
      .respondWith(200, { data: null, errors: [{ message: 'secret', extensions: { code: 'NOPE' } }] });
    expect(await gateway.execute(QUERY)).toMatchObject({ errors: [{ extensions: { code: 'NOPE' } }] });
  });

  it('answers beyond the limit of bytes are refused', async () => {
    await gateway.close();
    gateway = await createTestGateway({
      subgraphs: shelf,
      settings: { trafficShaping: { all: { maxResponseSize: '1kB' } } },
    });
    reviews().respondWith(200, { data: { _entities: [{ stars: 1, pad: 'x'.repeat(2000) }] } });
    expect(await codes()).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
  });

  it('are for calls that the test names', async () => {
    gateway.subgraph('books').failWhen(({ fields }) => fields.includes('echo'), 'dns');
    expect(await codes()).toBeUndefined();
    expect(await gateway.execute('{ echo(word: "hi") }')).toMatchObject({ errors: [{}] });
  });

  it('follow from a seed where they are random', async () => {
    const outcomes = async (seed: number) => {
      reviews().recover().flaky(0.5, seed);
      const failed: boolean[] = [];
      // Few enough for the circuit to stay closed.
      for (let count = 0; count < 6; count++) failed.push((await codes()) !== undefined);
      return failed;
    };
    const [first, again, other] = [await outcomes(1), await outcomes(1), await outcomes(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(new Set(first).size).toBe(2);
  });

  it('end with recover, and with reset of the gateway', async () => {
    reviews().down();
    expect(await codes()).toEqual(['SUBREQUEST_HTTP_ERROR']);
    expect(details()).toEqual([expect.objectContaining({ reason: 'refused' })]);
    gateway.reset();
    expect(gateway.calls).toEqual([]);
    expect(await codes()).toBeUndefined();
  });

  it('are refused for a subgraph that there is not', () => {
    expect(() => gateway.subgraph('revews')).toThrow('No subgraph "revews", only books, reviews');
  });
});

describe('circuits', () => {
  it('are forced open and closed, and released by recover', async () => {
    expect(reviews().circuit().state).toBe('closed');
    reviews().circuit().open();
    expect(await codes()).toEqual(['SUBGRAPH_CIRCUIT_OPEN']);
    expect(reviews().calls).toEqual([]);
    reviews().recover();
    expect(await codes()).toBeUndefined();
    reviews().circuit().close();
    reviews().down();
    for (let count = 0; count < 40; count++) await codes();
    expect(reviews().calls).toHaveLength(41);
    expect(reviews().circuit().state).toBe('forced_closed');
    reviews().circuit().release();
    expect(reviews().circuit().state).toBe('closed');
  });

  it('open by themselves, and try again when the clock is turned', async () => {
    reviews().down();
    for (let count = 0; count < 40; count++) await codes();
    expect(reviews().circuit().state).toBe('open');
    expect(await codes()).toEqual(['SUBGRAPH_CIRCUIT_OPEN']);
    await clock.advance(60_000);
    expect(await codes()).toEqual(['SUBREQUEST_HTTP_ERROR']);
  });

  it('of a field are its own; one that there is not is refused', async () => {
    expect(() => reviews().circuit('Book.stars').open()).toThrow('no circuit breaker for Book.stars of reviews');
    await gateway.close();
    const breaker = { fields: { 'Query.echo': {} } };
    const settings = { trafficShaping: { subgraphs: { books: { circuitBreaker: breaker } } } };
    gateway = await createTestGateway({ subgraphs: shelf, settings });
    gateway.subgraph('books').circuit('Query.echo').open();
    expect(await codes()).toBeUndefined();
    expect(await gateway.execute('{ echo(word: "hi") }')).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_CIRCUIT_OPEN' } }],
    });
  });
});

describe('time', () => {
  it('stands still: a delay lasts until the clock is turned', async () => {
    reviews().delay(200);
    let answer: object | undefined;
    const asked = gateway.execute(QUERY).then((came) => (answer = came));
    await clock.advance(199);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toEqual({ data: { book: { title: 'Emma', stars: 5 } } });
    await asked;
    expect(reviews().calls).toMatchObject([{ outcome: 'answered', tookMs: 200 }]);
    expect(clock.pending).toBe(0);
  });

  it("ends a hanging call at its subgraph's own deadline", async () => {
    reviews().hang();
    const answer = gateway.execute(QUERY);
    await clock.advance(3000);
    expect(await answer).toMatchObject({
      data: { book: { title: 'Emma', stars: null } },
      errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    });
    expect(reviews().calls).toMatchObject([{ outcome: 'timed out', tookMs: 3000 }]);
  });

  it('ends a whole request at its deadline, shared or not', async () => {
    await gateway.close();
    const settings = { trafficShaping: { router: { timeout: '2s' } } };
    gateway = await createTestGateway({ subgraphs: shelf, clock, settings });
    gateway.subgraph('books').hang();
    const [one, two] = [gateway.execute(QUERY), gateway.execute(QUERY)];
    await clock.advance(2000);
    for (const answer of [await one, await two]) {
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'GATEWAY_TIMEOUT' } }] });
    }
    expect(gateway.subgraph('books').calls).toHaveLength(1);
  });

  it('turns windows of rate limits and ends tokens', async () => {
    await gateway.close();
    const issuer = await createTestIssuer({ issuer: 'https://login.test', clock });
    gateway = await createTestGateway({
      subgraphs: shelf,
      clock,
      settings: {
        rateLimit: { policies: [{ name: 'who', fields: ['Query.whoAmI'], max: 1, window: '1m' }] },
        authentication: { jwt: { leeway: '0s', jwks: [{ key: JSON.stringify(issuer.jwks.keys[0]) }] } },
      },
    });
    const headers = await issuer.headers({ sub: 'ada' }, { expiresInSeconds: 90 });
    const ask = async () => (await gateway.execute({ query: '{ whoAmI }', headers })).errors?.[0]?.extensions?.code;
    expect([await ask(), await ask()]).toEqual([undefined, 'RATE_LIMITED']);
    await clock.advance(60_000);
    expect(await ask()).toBeUndefined();
    await clock.advance(60_000);
    expect(await ask()).toBe('UNAUTHENTICATED');
  });

  it('a client that leaves ends the call', async () => {
    reviews().hang();
    const leaving = new AbortController();
    const answer = gateway.execute(QUERY, {}, { signal: leaving.signal });
    await clock.advance(10);
    leaving.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await clock.advance(0);
    expect(reviews().calls).toMatchObject([{ outcome: 'cancelled', tookMs: 10 }]);
  });

  it('needs no clock to hang: closing ends what runs', async () => {
    await gateway.close();
    gateway = await createTestGateway({ subgraphs: shelf });
    reviews().hang();
    const answer = gateway.execute(QUERY).catch((error: unknown) => error);
    while (reviews().calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await gateway.close();
    expect(await answer).toBeInstanceOf(Error);
    expect(reviews().calls).toMatchObject([{ outcome: 'cancelled' }]);
  });
});
