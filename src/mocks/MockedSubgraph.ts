/** What a gateway sends to a mock. */
export interface MockCall {
  /** The GraphQL document. */
  readonly query: string;
  /** Which operation of the document; needed only when it has several. */
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Lower-case names. Mock functions and resolvers find them in their context. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A GraphQL response: plain JSON, safe to keep and to change. */
export interface MockAnswer {
  /** Absent when the document is not valid; null when a non-null root field failed. */
  readonly data?: unknown;
  /** Absent when there are none. */
  readonly errors?: readonly unknown[] | undefined;
  readonly extensions?: unknown;
}

/**
 * A subgraph of a world of mocks, see `createMocks`.
 *
 * Latency and failures are not its business: whoever sends the call adds them.
 */
export interface MockedSubgraph {
  readonly name: string;
  /**
   * What to compose: the type definitions as they were given, without `@mock` and its definition. No `@link` is added. Connectors stay: whoever
   * composes them has to send GraphQL in their place (see `restMocks` of GenerationOptions). `_service { sdl }` has none.
   */
  readonly sdl: string;
  /**
   * Answers as a subgraph would, `_entities` and `_service` included. In this process, without timers and sockets; the same call
   * gets the same answer whatever was asked before, unless a mock has a store. Never rejects: a document that does not parse or
   * does not fit the schema is answered with errors.
   */
  answer(call: MockCall): Promise<MockAnswer>;
}
