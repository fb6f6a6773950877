import { PorticoError } from '../../../base/errors/PorticoError.js';
import { notices } from '../../../base/telemetry/channels.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../SubgraphClient.js';
import type { ResponseCheck } from './compileResponseCheck.js';

/** How the answers of one source are checked. */
export interface ResponseChecking {
  readonly check: ResponseCheck;
  /** `error`: an answer that does not fit fails; `warn`: it is told and used. */
  readonly mode: 'error' | 'warn';
}

/** A warning is not repeated for this long. */
const REPEAT_MS = 60_000;
/** Different warnings that are remembered. */
const MAX_WARNINGS = 1000;

/**
 * Holds answers of a REST source against its OpenAPI document.
 *
 * @param basePath of the base URL: paths of the document begin behind it
 * Errors: SUBREQUEST_MALFORMED_RESPONSE for an answer that does not fit, where that is asked for.
 */
export function withCheckedResponses(
  next: SubgraphClient,
  { check, mode }: ResponseChecking,
  basePath: string,
): SubgraphClient {
  const warnedAt = new Map<string, number>();
  const warn = (message: string): void => {
    const now = performance.now();
    if (now - (warnedAt.get(message) ?? -REPEAT_MS) < REPEAT_MS) return;
    if (warnedAt.size >= MAX_WARNINGS) warnedAt.clear();
    warnedAt.set(message, now);
    notices.publish({ level: 'warn', message, details: { subgraph: next.name } });
  };
  const look = ({ rest }: SubgraphCall, reply: SubgraphReply): SubgraphReply => {
    const { status, headers, data } = reply;
    const type = headers['content-type'];
    const whole = rest!.path.split('?', 1)[0]!;
    const path = whole.startsWith(`${basePath}/`) ? whole.slice(basePath.length) : whole;
    const contentType = typeof type === 'string' ? type : undefined;
    const mistake = check({ method: rest!.method, path, status, contentType, body: data });
    if (mistake === undefined) return reply;
    const message = `${next.name} does not answer as its OpenAPI document says: ${mistake}`;
    if (mode === 'error') {
      const details = { subgraph: next.name, status, reason: 'openapi' };
      throw new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', message, { details });
    }
    warn(message);
    return reply;
  };
  return {
    name: next.name,
    execute: (call) => next.execute(call).then((reply) => look(call, reply)),
    close: () => next.close(),
  };
}
