import { PorticoError } from '../../base/errors/PorticoError.js';
import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { parseJson } from '../../base/kit/json.js';
import type { SubgraphReply } from '../SubgraphClient.js';

import { textOf } from './decodeBody.js';

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Judges a complete HTTP answer (GraphQL over HTTP, sections 6.4 and 7).
 *
 * | status | body | gives |
 * | --- | --- | --- |
 * | 2xx | JSON type (or none) with a GraphQL result | the reply |
 * | 2xx | anything else; 204, 205 | SUBREQUEST_MALFORMED_RESPONSE |
 * | 4xx, 5xx | JSON type (or none) with a GraphQL result | the reply, with its status |
 * | any other | | SUBREQUEST_HTTP_ERROR with `details.status` and `details.retryAfter` |
 */
export function readReply(subgraph: string, status: number, headers: ResponseHeaders, bytes: Buffer): SubgraphReply {
  const isSuccess = status >= 200 && status < 300;
  if (!isSuccess && status < 400) throw statusError(subgraph, status, headers);
  let problem = bytes.length === 0 ? 'an empty body' : contentTypeProblem(headers['content-type']);
  let cause: unknown;
  if (problem === undefined) {
    try {
      const body = parseJson(textOf(bytes));
      if (isGraphQLResult(body)) {
        return { data: body.data, errors: body.errors, extensions: body.extensions, status, headers, shared: false };
      }
      problem = 'JSON that is no GraphQL result';
    } catch (error) {
      problem = 'invalid JSON';
      cause = error;
    }
  }
  throw isSuccess ? malformedError(subgraph, status, problem, cause) : statusError(subgraph, status, headers);
}

/** An answer that came but cannot be used. `problem` completes "answered with". */
export function malformedError(subgraph: string, status: number, problem: string, cause?: unknown): PorticoError {
  return new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', `${subgraph} answered ${status} with ${problem}`, {
    details: { subgraph, status, problem },
    cause,
  });
}

function statusError(subgraph: string, status: number, headers: ResponseHeaders): PorticoError {
  const retryAfter = headers['retry-after'];
  return new PorticoError('SUBREQUEST_HTTP_ERROR', `${subgraph} answered ${status}`, {
    details: { subgraph, reason: 'status', status, ...(typeof retryAfter === 'string' ? { retryAfter } : {}) },
  });
}

interface GraphQLResult {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** An object with `data` or `errors`; what is in them is for the engine to judge. */
function isGraphQLResult(body: unknown): body is GraphQLResult {
  if (!isJsonObject(body)) return false;
  const { data, errors } = body as GraphQLResult;
  return data !== undefined || errors !== undefined;
}

/** The spellings nearly every server uses, so that they are not taken apart each time. */
const USUAL_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/graphql-response+json',
  'application/graphql-response+json; charset=utf-8',
]);

function contentTypeProblem(type: string | string[] | undefined): string | undefined {
  // Without a type the body is taken for what was asked for: JSON.
  if (type === undefined) return undefined;
  if (typeof type !== 'string') return 'several content types';
  if (USUAL_TYPES.has(type)) return undefined;
  const [essence = '', ...parameters] = type.toLowerCase().split(';');
  if (!/^application\/([\w.-]+\+)?json$/.test(essence.trim())) return `content type ${essence.trim().slice(0, 60)}`;
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim())) return `charset ${value.trim().slice(0, 60)}`;
  }
  return undefined;
}
