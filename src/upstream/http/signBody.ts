import { createHmac } from 'node:crypto';

import type { Clock } from '../../base/kit/Clock.js';

/** A signature with which a subgraph can tell that a call comes from this gateway, is unchanged, and is fresh. */
export interface HmacOptions {
  readonly secret: string;
  readonly algorithm: 'sha256' | 'sha512';
  /** The header that carries it; lower case. */
  readonly header: string;
}

/**
 * Makes the value of the signature header: `t=1700000000,v1=5257a8…`. `t` is the time in seconds since 1970, `v1` the HMAC in hex of the
 * text `<t>.<body>` (UTF-8). HOT where configured: once per call.
 */
export function createBodySigner({ secret, algorithm }: HmacOptions, clock: Clock): (body: string) => string {
  const key = Buffer.from(secret);
  return (body) => {
    const seconds = Math.floor(clock.now() / 1000);
    const digest = createHmac(algorithm, key).update(`${seconds}.`).update(body).digest('hex');
    return `t=${seconds},v1=${digest}`;
  };
}
