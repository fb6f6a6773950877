import type { IncomingMessage } from 'node:http';

import { DEFAULT_LIMITS } from '../../engine/operation/limits.js';
import { compileCors } from './guards/cors.js';
import type { Cors } from './guards/cors.js';
import { PREFLIGHT_HEADERS } from './guards/csrf.js';
import type { LiveHttpOptions } from './HttpServerOptions.js';
import type { ReadOptions } from './readRequest.js';
import { compileOrigin } from './trustedProxies.js';
import type { Origin } from './trustedProxies.js';

/** What can change while it listens, ready for use. */
export interface LiveSettings {
  readonly deadlineMs: number;
  readonly read: ReadOptions;
  readonly cors: Cors | undefined;
  readonly originOf: (request: IncomingMessage) => Origin;
}

/** Defaults are in, rules are compiled. */
export function settleOptions(options: LiveHttpOptions): LiveSettings {
  return {
    deadlineMs: options.deadlineMs ?? 10_000,
    read: {
      maxBodyBytes: options.maxBodyBytes ?? 2_000_000,
      maxCharacters: options.maxCharacters ?? DEFAULT_LIMITS.maxCharacters,
      csrfHeaders: options.csrfHeaders === false ? undefined : (options.csrfHeaders ?? PREFLIGHT_HEADERS),
    },
    cors: options.cors && compileCors(options.cors),
    originOf: compileOrigin(options.proxies ?? {}),
  };
}
