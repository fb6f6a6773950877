import type { DocumentNode } from 'graphql';

import type { TestIdentity } from './identity/testIdentity.js';

/** A document that says what it gives and takes: a TypedDocumentNode, or a TypedDocumentString. */
export interface TypedDocument<Result, Variables> {
  // A method, as in @graphql-typed-document-node/core: it never runs, it only carries the types.
  __apiType?: (variables: Variables) => Result;
}

// oxlint-disable-next-line typescript/no-explicit-any -- whoever writes a text without types knows what comes back
export type UntypedData = Record<string, any>;

export interface TestRequest {
  readonly query: string | DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  /** Of the client. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The client leaves when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What of a request is not its document and variables. */
export type TestRequestOptions = Omit<TestRequest, 'query' | 'variables'>;

export interface TestError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: ReadonlyArray<{ readonly line: number; readonly column: number }>;
  readonly extensions?: { readonly code?: string; readonly [key: string]: unknown };
}

/** What a client gets. */
export interface TestAnswer<Data = UntypedData> {
  readonly data?: Data | null;
  readonly errors?: readonly TestError[];
  readonly extensions?: Record<string, unknown>;
}

/** Variables may be left out where none is required. */
type Rest<Variables> = {} extends Variables
  ? [variables?: Variables | undefined, options?: TestRequestOptions]
  : [variables: Variables, options?: TestRequestOptions];

/** Somebody who asks a test gateway. */
export interface TestClient {
  /**
   * Answers as `portico start` would: a POST through the whole HTTP edge, without a socket; parsed, validated, within the limits, planned,
   * executed, masked. Never rejects for errors of a request.
   */
  execute<Result, Variables>(
    // oxlint-disable-next-line typescript/no-wrapper-object-types -- a TypedDocumentString is one
    document: (DocumentNode | String) & TypedDocument<Result, Variables>,
    ...rest: Rest<Variables>
  ): Promise<TestAnswer<unknown extends Result ? UntypedData : Result>>;
  execute(
    request: string | TestRequest,
    variables?: Readonly<Record<string, unknown>>,
    options?: TestRequestOptions,
  ): Promise<TestAnswer>;
  /**
   * Any request through the HTTP edge, without a socket: other methods, GET with a query string, CSRF, CORS, `/health`, `/ready`.
   * A path is enough for a URL.
   */
  fetch(request: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** How an operation is planned, as stable text for snapshots; nothing is executed. Rejects with what a client would read when it is refused. */
  plan(
    document: string | DocumentNode,
    variables?: Readonly<Record<string, unknown>>,
    options?: TestRequestOptions,
  ): Promise<string>;
  /** The same gateway, asked by somebody else. No issuer and no token is needed; what is configured about credentials is skipped. */
  as(identity: TestIdentity): TestClient;
}
