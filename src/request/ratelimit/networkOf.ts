import { isIPv6 } from 'node:net';

const MAPPED = [0, 0, 0, 0, 0, 0xffff].join();

/**
 * An address as limits see it: of IPv6 the /64, because a customer has at least that many (RFC 6177); of an IPv4 address in IPv6's
 * clothes (RFC 4291, 2.5.5.2), the IPv4 address. The same for every way to write an address.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return '';
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join() === MAPPED) {
    const [high, low] = groups.slice(6) as [number, number];
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of a valid address. */
function groupsOf(address: string): readonly number[] {
  const [plain = ''] = address.split('%');
  const [left = '', right] = plain.split('::');
  const head = read(left);
  const tail = read(right ?? '');
  return right === undefined ? head : [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** `a:b:1.2.3.4`: the end may be written as IPv4. */
function read(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number];
    return [a * 256 + b, c * 256 + d];
  });
}
