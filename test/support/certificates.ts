import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A key and its certificate, PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

export interface CertificateOptions {
  /** The common name. */
  readonly name: string;
  /** Host names and IPv4 addresses that it is for. Default: none. */
  readonly hosts?: readonly string[];
  /** Who signs; default: itself. */
  readonly issuer?: Authority;
  /** Default: an hour ago until tomorrow. */
  readonly from?: Date;
  readonly until?: Date;
}

/** What signs certificates. */
export interface Authority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const HOUR_MS = 3_600_000;

/** Makes an authority of its own for a test. */
export function makeAuthority(name: string): Authority {
  return make({ name }, true);
}

/** Makes a certificate (X.509 v3, P-256): node:crypto signs, the few bytes of DER around it are ours. */
export function makeCertificate(options: CertificateOptions): Certificate {
  return make(options, false);
}

function make({ name, hosts = [], issuer, from, until }: CertificateOptions, isAuthority: boolean): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const names = hosts.map((host) =>
    isIPv4(host) ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host)),
  );
  const extensions = [
    sequence(oid(2, 5, 29, 19), tlv(0x04, isAuthority ? sequence(tlv(0x01, Buffer.of(0xff))) : sequence())),
    ...(names.length > 0 ? [sequence(oid(2, 5, 29, 17), tlv(0x04, sequence(...names)))] : []),
  ];
  const body = sequence(
    tlv(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    distinguished(issuer?.name ?? name),
    sequence(time(from ?? new Date(Date.now() - HOUR_MS)), time(until ?? new Date(Date.now() + 24 * HOUR_MS))),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  const der = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.of(0), signature));
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    name,
    privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), value]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tlv(0x30, ...content);
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = rest.flatMap((arc) => {
    const sevens = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return tlv(0x06, Buffer.of(first * 40 + second, ...bytes));
}

function distinguished(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(2, 5, 4, 3), tlv(0x0c, Buffer.from(name)))));
}

/** GeneralizedTime, `20261125140000Z`. */
function time(date: Date): Buffer {
  const text = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tlv(0x18, Buffer.from(text));
}
