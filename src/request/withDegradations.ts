import type { Degradation } from '../engine/execute/fallback/Degradations.js';

import type { GraphQLReply } from './context.js';

/** Names in the header; the rest is in `extensions`. */
const MAX_NAMED = 10;

/** The reply, saying what in it is not what was asked for: in `extensions.degraded`, and by coordinate in the header `portico-degraded`. */
export function withDegradations(reply: GraphQLReply, degraded: readonly Degradation[]): GraphQLReply {
  const coordinates = [...new Set(degraded.map(({ coordinate }) => coordinate))].slice(0, MAX_NAMED);
  return {
    ...reply,
    extensions: { ...reply.extensions, degraded },
    headers: [...(reply.headers ?? []), ['portico-degraded', coordinates.join(', ')]],
  };
}
