import { describe, expect, it } from 'vitest';

import { correlationOf } from '../../src/request/correlation.js';

const of = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(correlationOf('r1', (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined)));
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('what every call to a subgraph says about its request', () => {
  it('is the request id when there is nothing else', () => {
    expect(of({ cookie: 'a=1', baggage: 'user=ada' })).toEqual({ 'x-request-id': 'r1' });
  });

  it('is the trace context as it came: W3C, B3 in one header, B3 in several', () => {
    const headers = {
      traceparent: `00-${TRACE}-${SPAN}-01`,
      tracestate: 'vendor=a,other=b',
      b3: `${TRACE}-${SPAN}-1-${SPAN}`,
      'x-b3-traceid': TRACE.slice(16),
      'x-b3-spanid': SPAN,
      'x-b3-parentspanid': SPAN,
      'x-b3-sampled': 'true',
      'x-b3-flags': '1',
    };
    expect(of(headers)).toEqual({ 'x-request-id': 'r1', ...headers });
    expect(of({ b3: '0' })).toEqual({ 'x-request-id': 'r1', b3: '0' });
  });

  it.each([
    ['traceparent', `00-${TRACE}-${SPAN}`],
    ['traceparent', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['traceparent', `00-${TRACE}-${SPAN}-01\r\nx-admin: 1`],
    ['traceparent', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['tracestate', 'a'.repeat(513)],
    ['tracestate', 'a\u0000b'],
    ['b3', 'maybe'],
    ['x-b3-traceid', `${TRACE}0`],
    ['x-b3-sampled', 'yes'],
    ['x-b3-flags', '2'],
  ])('leaves out %s: %j', (name, value) => {
    expect(of({ [name]: value })).toEqual({ 'x-request-id': 'r1' });
  });

  it('does not take the request id of the client for its own', () => {
    expect(of({ 'x-request-id': 'theirs' })).toEqual({ 'x-request-id': 'r1' });
  });
});
