import type { RestRequest } from '../../upstream/SubgraphClient.js';

/** What became of a call. */
export type CallOutcome = 'pending' | 'answered' | 'failed' | 'timed out' | 'cancelled';

/** One call that reached a subgraph. It is also the context of resolvers. */
export interface TestCall {
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation';
  /** As the planner names it, `Client__subgraph__n`; absent for an anonymous operation. */
  readonly operationName: string | undefined;
  /** The GraphQL document. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What a REST service was sent; its `query` and `representations` say nothing of it. Absent for GraphQL. */
  readonly rest: RestRequest | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The entities that were asked for, of all `_entities` fields together; empty when none was. */
  readonly representations: ReadonlyArray<Readonly<Record<string, unknown>>>;
  /** Names of the fields that were asked for, at any depth, without what federation adds. */
  readonly fields: readonly string[];
  /** 1, or more when this repeats a call that failed. */
  readonly attempt: number;
  readonly outcome: CallOutcome;
  /** Of the HTTP answer. Absent when there was none. */
  readonly status: number | undefined;
  /** What was answered; a REST service's body is `data`, read where it is JSON. */
  readonly answer: { readonly data?: unknown; readonly errors?: unknown; readonly extensions?: unknown } | undefined;
  /** Why it failed, as the operator reads it: a PorticoError mostly, with `code` and `details`. */
  readonly error: unknown;
  /** Wall time of the gateway's clock, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds; absent while it runs. */
  readonly tookMs: number | undefined;
}
