import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

export interface ProxyOptions {
  /** Addresses and networks of proxies in front: `10.0.0.0/8`. Default: none. */
  readonly trusted?: readonly string[] | undefined;
  /** Where they tell the client's address. Default `x-forwarded-for`; the other header is not looked at. */
  readonly header?: 'x-forwarded-for' | 'forwarded' | undefined;
}

/** Where a request comes from. */
export interface Origin {
  readonly clientIp: string | undefined;
  /** Whether the other end of the connection is a trusted proxy: its word about the client counts. */
  readonly isFromTrustedProxy: boolean;
}

/** Longer lists are an attack; what stands beyond is not read. */
const MAX_HOPS = 50;

/**
 * Says where requests come from. Without trusted proxies, and on connections of anybody else, that is the other end of the connection. A
 * trusted proxy adds the address that it was called from at the right end of a list: read from the right, the first address that is not a
 * trusted proxy's is the client; whatever stands left of it, anybody may have written.
 *
 * HOT: once per request. Source: RFC 7239, 4 and 8.1.
 */
export function compileOrigin({
  trusted = [],
  header = 'x-forwarded-for',
}: ProxyOptions): (request: IncomingMessage) => Origin {
  if (trusted.length === 0)
    return (request) => ({ clientIp: plain(request.socket.remoteAddress), isFromTrustedProxy: false });
  const list = new BlockList();
  for (const network of trusted) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  const isTrusted = (address: string): boolean => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

  return (request) => {
    const peer = plain(request.socket.remoteAddress);
    if (peer === undefined || !isTrusted(peer)) return { clientIp: peer, isFromTrustedProxy: false };
    let clientIp = peer;
    const value = request.headers[header];
    const hops = typeof value === 'string' ? value.split(',').slice(-MAX_HOPS) : [];
    while (hops.length > 0 && isTrusted(clientIp)) {
      const hop = header === 'forwarded' ? forwardedFor(hops.pop()!) : addressOf(hops.pop()!);
      // A proxy that hides where it was called from, or nonsense: nobody left of it can be believed.
      if (hop === undefined) break;
      clientIp = hop;
    }
    return { clientIp, isFromTrustedProxy: true };
  };
}

/** IPv4 on a socket of both families comes as `::ffff:10.0.0.1`. */
function plain(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true && isIPv4(address.slice(7)) ? address.slice(7) : address;
}

/** `10.0.0.1`, `10.0.0.1:1234`, `fd00::1`, `[fd00::1]:1234`; undefined for anything else. */
function addressOf(hop: string): string | undefined {
  const text = hop.trim();
  const address = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : plain(address.toLowerCase());
}

/** The `for` of one element of `Forwarded` (RFC 7239, 4). */
function forwardedFor(element: string): string | undefined {
  const value = /(?:^|;)\s*for=(?:"([^"]*)"|([^;"\s]+))\s*(?:;|$)/i.exec(element);
  return value === null ? undefined : addressOf(value[1] ?? value[2] ?? '');
}
