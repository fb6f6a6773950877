import type { IncomingMessage } from 'node:http';

import { expect, test } from 'vitest';

import { compileOrigin } from '../../../src/edge/http/trustedProxies.js';
import type { ProxyOptions } from '../../../src/edge/http/trustedProxies.js';

const TRUSTED = { trusted: ['10.0.0.0/8', '192.168.1.1', 'fd00::/8'] };

function origin(options: ProxyOptions, peer: string | undefined, headers: Record<string, string> = {}) {
  return compileOrigin(options)({ socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage);
}

test.each<[string, string, string, string, boolean]>([
  ['a stranger is believed nothing', '8.8.8.8', '1.1.1.1', '8.8.8.8', false],
  ['a proxy is believed', '10.1.1.1', '1.1.1.1', '1.1.1.1', true],
  ['what the client has forged stands left', '10.1.1.1', '6.6.6.6, 1.1.1.1', '1.1.1.1', true],
  ['proxies behind one another are skipped', '10.1.1.1', '6.6.6.6, 1.1.1.1, 192.168.1.1, 10.2.2.2', '1.1.1.1', true],
  ['a chain of proxies alone gives the leftmost', '10.1.1.1', '10.3.3.3, 10.2.2.2', '10.3.3.3', true],
  ['nothing said: the proxy itself', '10.1.1.1', '', '10.1.1.1', true],
  ['nonsense ends the chain', '10.1.1.1', '1.1.1.1, <script>, 10.2.2.2', '10.2.2.2', true],
  ['an address with a port', '10.1.1.1', '1.1.1.1:4711', '1.1.1.1', true],
  ['IPv6 in brackets', '10.1.1.1', '[2001:DB8::1]:4711', '2001:db8::1', true],
  ['IPv6 without', 'fd00::1', '2001:db8::1', '2001:db8::1', true],
  ['IPv4 on an IPv6 socket', '::ffff:10.1.1.1', '::ffff:1.1.1.1', '1.1.1.1', true],
  ['a stranger on an IPv6 socket', '::ffff:8.8.8.8', '1.1.1.1', '8.8.8.8', false],
])('%s (NET-16)', (_name, peer, forwarded, clientIp, isFromTrustedProxy) => {
  expect(origin(TRUSTED, peer, { 'x-forwarded-for': forwarded })).toEqual({ clientIp, isFromTrustedProxy });
});

test.each([
  ['for=1.1.1.1', '1.1.1.1'],
  ['for=6.6.6.6, For="1.1.1.1:80";proto=https;by=10.0.0.1', '1.1.1.1'],
  ['for="[2001:db8::1]:80"', '2001:db8::1'],
  ['for=unknown', '10.1.1.1'],
  ['for=_hidden, for=10.2.2.2', '10.2.2.2'],
  ['proto=https', '10.1.1.1'],
  ['for="1.1.1.1', '10.1.1.1'],
])('Forwarded: %s means %s (NET-16)', (forwarded, clientIp) => {
  const headers = { forwarded, 'x-forwarded-for': '6.6.6.6' };
  expect(origin({ ...TRUSTED, header: 'forwarded' }, '10.1.1.1', headers).clientIp).toBe(clientIp);
});

test('without trusted proxies the other end of the connection is the client', () => {
  const headers = { 'x-forwarded-for': '1.1.1.1', forwarded: 'for=1.1.1.1' };
  expect(origin({}, '10.1.1.1', headers)).toEqual({ clientIp: '10.1.1.1', isFromTrustedProxy: false });
  expect(origin({}, undefined, headers)).toEqual({ clientIp: undefined, isFromTrustedProxy: false });
});

test('a long list is read from its right end', () => {
  const list = Array.from({ length: 5000 }, () => '10.2.2.2').join(', ');
  expect(origin(TRUSTED, '10.1.1.1', { 'x-forwarded-for': `1.1.1.1, ${list}` }).clientIp).toBe('10.2.2.2');
});
