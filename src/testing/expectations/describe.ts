import { PorticoError } from '../../base/errors/PorticoError.js';
import type { TestRequestRecord } from '../records/RequestRecord.js';
import type { TestCall } from '../records/TestCall.js';
import type { TestAnswer } from '../TestClient.js';

/** Beyond this a message helps nobody. */
const MAX_CALLS = 20;
const MAX_TEXT = 400;

/** Calls for a message: what was asked, with what, and what came of it. */
export function describeCalls(calls: readonly TestCall[]): string {
  if (calls.length === 0) return 'No subgraph was called.';
  const lines = calls
    .slice(0, MAX_CALLS)
    .map((call, index) => `${String(index + 1).padStart(3)}. ${describeCall(call)}`);
  if (calls.length > MAX_CALLS) lines.push(`     … and ${calls.length - MAX_CALLS} more`);
  return ['Calls:', ...lines].join('\n');
}

function describeCall(call: TestCall): string {
  const { subgraph, kind, query, variables, rest, attempt, outcome, status = 200, tookMs, error } = call;
  const fate = [
    outcome === 'answered' && status !== 200 ? `answered ${status}` : outcome,
    ...(tookMs === undefined ? [] : [`after ${Math.round(tookMs * 10) / 10} ms`]),
    ...(error === undefined ? [] : [`(${describeError(error)})`]),
  ].join(' ');
  const what = rest === undefined ? kind : `${rest.method} ${short(rest.path)}`;
  const texts = rest === undefined ? [query.replaceAll(/\s+/g, ' '), ...variablesIn(variables)] : [rest.body ?? ''];
  return [
    `${subgraph}: ${what}, ${attempt > 1 ? `attempt ${attempt}, ` : ''}${fate}`,
    ...texts.filter((text) => text !== '').map((text) => `     ${short(text)}`),
    // A service that refuses a request mostly says why.
    ...(outcome === 'answered' && status >= 400 ? [`     → ${short(JSON.stringify(call.answer))}`] : []),
  ].join('\n');
}

function variablesIn(variables: TestCall['variables']): string[] {
  return Object.keys(variables).length === 0 ? [] : [JSON.stringify(variables)];
}

/** A request for a message: what was asked, how it was planned, what was called, why it failed. */
export function describeRequest(request: TestRequestRecord): string {
  const parts = [`Request:\n${indent(request.query ?? '(no document)')}`];
  if (Object.keys(request.variables).length > 0) parts.push(`Variables: ${short(JSON.stringify(request.variables))}`);
  if (request.plan !== undefined) parts.push(request.plan);
  const shared = request.trace?.sharedWith;
  parts.push(shared === undefined ? describeCalls(request.calls) : `It shared the execution of request ${shared}.`);
  if (request.failures.length > 0) {
    parts.push(`The log would say:\n${request.failures.map((error) => `  ${describeError(error)}`).join('\n')}`);
  }
  return parts.join('\n\n');
}

export function describeAnswer({ data, errors = [] }: TestAnswer): string {
  const lines = errors.map(({ message, path, extensions }) => {
    const place = path === undefined ? 'the request' : path.join('.');
    return `  ${extensions?.code ?? '(no code)'} at ${place}: ${message}`;
  });
  const listed = lines.length === 0 ? 'Errors: none' : ['Errors:', ...lines].join('\n');
  return `${listed}\nData: ${short(JSON.stringify(data) ?? 'none')}`;
}

function describeError(error: unknown): string {
  if (error instanceof PorticoError) {
    const { cause } = error;
    const why = cause instanceof Error && !error.message.includes(cause.message) ? ` (${describeError(cause)})` : '';
    return `${error.code}: ${error.message}${why}`;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function short(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text;
}
