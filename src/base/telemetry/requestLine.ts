import { jsonString } from '../kit/jsonString.js';
import type { FinishedRequest } from './channels.js';

/**
 * The log line of one finished request, in pino's format and D12's field names.
 *
 * HOT: once per request. The fields are known and so is their type, so the line is put together as text; pino's general way (a walk over
 * the object's keys, a serialiser per key) took about 8 % of the time of a small request, see `bench/profile.ts light`.
 */
export function requestLine(request: FinishedRequest): string {
  return (
    `{"level":"info","timestamp":"${timestamp()}","requestId":${jsonString(request.requestId)},"method":${jsonString(request.method)}` +
    `,"path":${jsonString(request.path)},"statusCode":${request.statusCode},"latencyMs":${request.latencyMs}` +
    text('clientIp', request.clientIp) +
    text('userAgent', request.userAgent) +
    text('userId', request.userId) +
    number('rateLimitRemaining', request.rateLimitRemaining) +
    number('costEstimated', request.costEstimated) +
    number('costActual', request.costActual) +
    text('costResult', request.costResult) +
    text('operationName', request.operationName) +
    text('operationKind', request.operationKind) +
    text('backendService', request.backendService) +
    (request.backendLatencyMs === undefined ? '' : `,"backendLatencyMs":${request.backendLatencyMs}`) +
    `,"subgraphCalls":${request.subgraphCalls}` +
    rest(request.rest) +
    text('sharedWith', request.sharedWith) +
    `,"errorCodes":${request.errorCodes.length === 0 ? '[]' : JSON.stringify(request.errorCodes)}` +
    `,"responseBytes":${request.responseBytes},"message":"request"}\n`
  );
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${jsonString(value)}`;
}

function number(name: string, value: number | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}

/** `"restCalls":2,"rest":{"stock.api":{"lookUps":150,"calls":2}}`: many of both are the N+1 problem. */
function rest(uses: FinishedRequest['rest']): string {
  if (uses === undefined) return '';
  let calls = 0;
  for (const use of uses.values()) calls += use.calls;
  return `,"restCalls":${calls},"rest":${JSON.stringify(Object.fromEntries(uses))}`;
}

let second = 0;
let prefix = '';

/** Now, in ISO 8601. The part up to the second is made once a second. */
function timestamp(): string {
  const now = Date.now();
  const milliseconds = now % 1000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    prefix = new Date(second).toISOString().slice(0, 20);
  }
  return `${prefix}${String(milliseconds).padStart(3, '0')}Z`;
}
