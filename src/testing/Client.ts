import { print } from 'graphql';
import type { DocumentNode } from 'graphql';

import { checkKeys } from '../mocks/checkKeys.js';
import type { Identity } from '../request/Identity.js';
import { testIdentity } from './identity/testIdentity.js';
import type { TestIdentity } from './identity/testIdentity.js';
import { KeepAlive } from './KeepAlive.js';
import { answered } from './records/answered.js';
import type { RequestLog } from './records/RequestLog.js';
import { RequestRecord } from './records/RequestRecord.js';
import type { TestAnswer, TestClient, TestRequest, TestRequestOptions } from './TestClient.js';

/** What the edge is handed: Fastify's `inject`. */
export interface InjectedRequest {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: Buffer | string;
}

export interface InjectedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly rawPayload: Buffer;
}

export interface ClientParts {
  readonly path: string;
  readonly inject: (request: InjectedRequest, record: RequestRecord) => Promise<InjectedAnswer>;
  readonly requests: RequestLog;
}

export const CLOSED_BEFORE = 'The test gateway was closed before it answered';

const PLAN_HEADER = { 'portico-expose-query-plan': 'dry-run' };
const NO_BODY = new Set([101, 204, 205, 304]);

/** Puts requests into the edge, on behalf of one identity. */
export class Client implements TestClient {
  readonly #parts: ClientParts;
  readonly #identity: Identity | undefined;
  readonly #keepAlive: KeepAlive;

  constructor(parts: ClientParts, identity?: Identity, keepAlive: KeepAlive = new KeepAlive()) {
    this.#parts = parts;
    this.#identity = identity;
    this.#keepAlive = keepAlive;
  }

  as(identity: TestIdentity): TestClient {
    return new Client(this.#parts, testIdentity(identity), this.#keepAlive);
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- what it gives is what the caller's document says
  async execute(request: unknown, variables?: unknown, options?: TestRequestOptions): Promise<TestAnswer<any>> {
    return this.#ask(toRequest(request, variables, options), false);
  }

  async plan(
    document: string | DocumentNode,
    variables?: Readonly<Record<string, unknown>>,
    options?: TestRequestOptions,
  ): Promise<string> {
    const { errors, extensions } = await this.#ask(toRequest(document, variables, options), true);
    const { text } = (extensions?.['queryPlan'] ?? {}) as { readonly text?: string };
    if (text !== undefined) return text;
    throw new Error(`There is no plan: ${(errors ?? []).map(({ message }) => message).join('; ')}`);
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = input instanceof Request ? new Request(input, init) : new Request(absolute(input), init);
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    if (body !== undefined) headers['content-length'] ??= String(body.length);
    const record = this.#record(requestIn(body));
    const {
      statusCode,
      headers: answerHeaders,
      rawPayload,
    } = await this.#send(
      {
        method: request.method as 'GET',
        url: pathname + search,
        headers,
        ...(body !== undefined && { payload: body }),
      },
      record,
      request.signal,
    );
    const pairs = Object.entries(answerHeaders).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [String(value)]).map((each): [string, string] => [name, each]),
    );
    const isEmpty = NO_BODY.has(statusCode) || request.method === 'HEAD';
    return new Response(isEmpty ? null : new Uint8Array(rawPayload), { status: statusCode, headers: pairs });
  }

  async #ask(
    { query, variables, operationName, extensions, headers, signal }: TestRequest,
    dryRun: boolean,
  ): Promise<TestAnswer> {
    const text = typeof query === 'string' ? query : print(query);
    const record = this.#record({ query: text, variables, operationName }, dryRun);
    const answer = await this.#send(
      {
        method: 'POST',
        url: this.#parts.path,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(dryRun && PLAN_HEADER),
          ...headers,
        },
        payload: JSON.stringify({ query: text, variables, operationName, extensions }),
      },
      record,
      signal,
    );
    return answered(JSON.parse(answer.rawPayload.toString()) as TestAnswer, record);
  }

  async #send(request: InjectedRequest, record: RequestRecord, signal?: AbortSignal): Promise<InjectedAnswer> {
    signal?.throwIfAborted();
    const { requests, inject } = this.#parts;
    requests.begin(record);
    const leave = (): void => record.leave();
    signal?.addEventListener('abort', leave);
    try {
      const answer = await this.#keepAlive.during(inject(request, record));
      record.answered(answer.statusCode, answer.headers);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      const { code } = error as { readonly code?: unknown };
      if (code === 'LIGHT_ECONNRESET') throw new Error(CLOSED_BEFORE, { cause: error });
      throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
      requests.end(record);
    }
  }

  #record({ query, variables = {}, operationName }: Partial<TestRequest>, dryRun = false): RequestRecord {
    const text = typeof query === 'string' ? query : undefined;
    return new RequestRecord({
      query: text,
      operationName,
      variables,
      identity: this.#identity,
      dryRun,
      planOf: (trace) => this.#parts.requests.planOf(trace),
    });
  }
}

const REQUEST = ['query', 'variables', 'operationName', 'extensions', 'headers', 'signal'];

function toRequest(request: unknown, variables: unknown, options: TestRequestOptions | undefined): TestRequest {
  const isWhole = typeof request === 'object' && request !== null && 'query' in request;
  const isDocument = typeof request === 'object' && request !== null && 'kind' in request;
  if (!isWhole && !isDocument && typeof request !== 'string' && !(request instanceof String)) {
    throw new TypeError('There is no document: give a text, a DocumentNode, or { query, variables, headers, … }');
  }
  const whole = isWhole ? (request as TestRequest) : { query: documentOf(request) };
  for (const part of [whole, options ?? {}]) checkKeys('a request', part, REQUEST);
  return { ...whole, ...options, ...(variables !== undefined && { variables: variables as Record<string, unknown> }) };
}

/** A TypedDocumentString is an object around its text. */
function documentOf(document: unknown): string | DocumentNode {
  const isText = typeof document === 'string' || document instanceof String;
  return isText ? String(document) : (document as DocumentNode);
}

function absolute(url: string | URL): string | URL {
  return typeof url === 'string' && url.startsWith('/') ? `http://gateway.test${url}` : url;
}

function requestIn(body: Buffer | undefined): Partial<TestRequest> {
  try {
    const parsed: unknown = JSON.parse(body?.toString() ?? '');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Partial<TestRequest>) : {};
  } catch {
    return {};
  }
}
