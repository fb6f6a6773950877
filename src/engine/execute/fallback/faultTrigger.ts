import { GraphQLError } from 'graphql';

import { fallbackTrigger } from '../../../base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../../../base/errors/fallbackTrigger.js';
import { PorticoError } from '../../../base/errors/PorticoError.js';
import type { Fault } from '../Faults.js';

/**
 * What a fault triggers; undefined where nothing may step in. Who was refused gets no stand-in: not by the subgraph (401, 403, an error
 * that says so), nor by a hook of the gateway's user, which throws GraphQLErrors that the client is meant to read.
 */
export function faultTrigger({ code, cause, isRefusal }: Fault): FallbackTrigger | undefined {
  if (isRefusal === true || cause instanceof GraphQLError) return undefined;
  if (cause instanceof PorticoError) {
    const { status } = cause.details;
    if (status === 401 || status === 403) return undefined;
  }
  return fallbackTrigger(code);
}

/** The first of the faults, when each of them is one to fall back on. */
export function firstToReplace(faults: readonly Fault[], on: ReadonlySet<FallbackTrigger>): Fault | undefined {
  for (const fault of faults) {
    const trigger = faultTrigger(fault);
    if (trigger === undefined || !on.has(trigger)) return undefined;
  }
  return faults[0];
}
