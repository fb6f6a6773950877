import { GraphQLError } from 'graphql';

import { codes } from '../base/errors/codes.js';
import { requestError } from '../engine/operation/requestError.js';
import type { VariableValues } from '../engine/operation/variables.js';

import { gateKey } from './authorization/compileGates.js';
import type { GraphQLReply, RequestContext } from './context.js';
import type { PreparedOperation } from './prepare.js';
import type { Charged, RefusedByLimit } from './ratelimit/Charger.js';
import { limitHeaders, retryAfterSeconds } from './ratelimit/limitHeaders.js';
import type { LimitNotes } from './ratelimit/LimitNotes.js';

/** What a caller gets of an operation after it was charged. */
export interface Charging {
  /** What is executed: without the fields that were asked too often. */
  readonly operation: PreparedOperation;
  /** Refused as a whole. */
  readonly rejection: GraphQLReply | undefined;
  /** Puts into an answer, shared or not, what concerns this request alone. */
  finish(reply: GraphQLReply): GraphQLReply;
}

/** Errors sent in one answer. As the projector's. */
const MAX_ERRORS = 100;

/**
 * Charges a request for what it asks. Gives no promise unless a store must be waited for, and nothing at all for operations before which no
 * limit stands. Never rejects.
 */
export function charge(
  operation: PreparedOperation,
  variables: VariableValues,
  context: RequestContext,
  notes: LimitNotes,
  points = 0,
): Charging | Promise<Charging> | undefined {
  const charged = operation.charge?.(context, variables, points);
  if (charged === undefined) return undefined;
  return charged instanceof Promise
    ? charged.then((settled) => apply(operation, variables, context, notes, settled))
    : apply(operation, variables, context, notes, charged);
}

function apply(
  operation: PreparedOperation,
  variables: VariableValues,
  context: RequestContext,
  notes: LimitNotes,
  { rejection, refused, statuses, correct }: Charged,
): Charging {
  if (notes.headers) context.answerHeaders.push(...limitHeaders(statuses));
  for (const { remaining } of statuses) {
    const { rateLimitRemaining = Infinity } = context.trace;
    context.trace.rateLimitRemaining = Math.min(rateLimitRemaining, remaining);
  }
  const extensions = notes.extensions && statuses.length > 0 ? { rateLimit: statuses.map(asExtension) } : undefined;
  if (rejection !== undefined) {
    const { code, message = codes[code].summary, retryAfterMs } = rejection;
    if (retryAfterMs !== undefined)
      context.answerHeaders.push(['retry-after', String(retryAfterSeconds(retryAfterMs))]);
    const reply = { data: undefined, errors: [requestError(code, message)], extensions };
    return { operation, rejection: reply, finish: (other) => other };
  }
  if (refused.size === 0) {
    const finish = (reply: GraphQLReply): GraphQLReply => {
      if (reply.points !== undefined) correct?.(reply.points);
      return extensions === undefined ? reply : withExtensions(reply, extensions);
    };
    return { operation, rejection: undefined, finish };
  }
  const reasons = new Map([...refused].map(([{ parentType, key }, reason]) => [gateKey(parentType, key), reason]));
  const cut = operation.withoutFields(new Set(reasons.keys()));
  const errors = errorsOf(cut, variables, reasons);
  return {
    operation: cut,
    rejection: undefined,
    finish(reply) {
      if (reply.points !== undefined) correct?.(reply.points);
      return {
        ...withExtensions(reply, extensions),
        errors: [...errors, ...reply.errors],
        // An answer with errors is kept by nobody.
        cachePolicy: reply.cachePolicy && { ...reply.cachePolicy, maxAge: 0 },
      };
    },
  };
}

/** One for each place that was refused. */
function errorsOf(
  cut: PreparedOperation,
  variables: VariableValues,
  reasons: ReadonlyMap<string, RefusedByLimit>,
): readonly GraphQLError[] {
  const errors = new Map<string, GraphQLError>();
  for (const { path, gateKey: key } of cut.refused(variables).places) {
    const reason = reasons.get(key);
    const place = path.join('\n');
    if (reason === undefined || errors.has(place) || errors.size === MAX_ERRORS) continue;
    const { code, message = codes[code].summary, retryAfterMs } = reason;
    const retryAfter = retryAfterMs === undefined ? undefined : { retryAfter: retryAfterSeconds(retryAfterMs) };
    errors.set(place, new GraphQLError(message, { path, extensions: { code, ...retryAfter } }));
  }
  return [...errors.values()];
}

function withExtensions(reply: GraphQLReply, extensions: GraphQLReply['extensions']): GraphQLReply {
  return extensions === undefined ? reply : { ...reply, extensions: { ...reply.extensions, ...extensions } };
}

function asExtension({ policy, max, remaining, resetMs }: Charged['statuses'][number]): object {
  return { policy, limit: max, remaining, resetSeconds: Math.ceil(resetMs / 1000) };
}
