import type { DocumentNode, GraphQLError } from 'graphql';

import type { Lifetime } from '../base/kit/Lifetime.js';
import type { PlanRequest } from '../engine/plan/Planner.js';
import type { RestUse } from '../base/telemetry/channels.js';
import type { AnswerData } from '../engine/respond/AnswerData.js';
import type { HeaderPairs } from '../upstream/SubgraphClient.js';

import type { Identity } from './Identity.js';

/** One client request, whatever transport brought it. */
export interface GraphQLRequest {
  readonly document: DocumentNode;
  /** SHA-256 of the source text, hex (Apollo Server's `queryHash`). */
  readonly documentHash: string;
  readonly operationName: string | undefined;
  /** As the client sent them, not coerced. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: RequestContext;
  /** What hooks of the gateway's user may see of this request; handed to every subgraph call, opaque on the way. */
  readonly origin?: unknown;
}

/** The facts of one request. Made by the edge, read by every room. */
export interface RequestContext {
  /** In the response header, in each error, in the log line and in every subgraph call. */
  readonly requestId: string;
  /** The one total deadline; ended when the client goes away. */
  readonly lifetime: Lifetime;
  /** The client's header of that lower-case name; several values joined with `, `. */
  header(name: string): string | undefined;
  /** The names of the client's headers, lower case. */
  headerNames(): Iterable<string>;
  /** Of the connection's other end, or of the client behind proxies that are trusted; absent where no socket brought the request. */
  readonly clientIp: string | undefined;
  /** Path and query string as the client wrote them; what of them is known in a server of the user's own. */
  readonly url: string;
  /** Sent to every subgraph, never part of a sharing key: request id, trace context. */
  readonly correlation: HeaderPairs;
  /** On whose behalf; the anonymous one until somebody is authenticated. Written once, by the authenticating stage. */
  identity: Identity;
  /** A token about `identity` that the gateway has signed for subgraphs, where rules send one. Written with `identity`. */
  identityToken?: string | undefined;
  /** What the answer's head shall carry besides the edge's own: lower-case names, a pair per value. Rooms append, the edge writes. */
  readonly answerHeaders: Array<readonly [name: string, value: string]>;
  /** What happened, for the access log. Written by the rooms, read once at the end. */
  readonly trace: RequestTrace;
}

/** What authentication sees of a request, and where it writes what it finds. */
export interface CredentialedRequest extends Pick<
  RequestContext,
  'requestId' | 'lifetime' | 'header' | 'identity' | 'identityToken'
> {
  /** Whether the client has sent the header of that lower-case name more than once; `header` may not tell. */
  isRepeated(name: string): boolean;
  /** Whether the other end of the connection is one of `server.trusted_proxies`. */
  readonly isFromTrustedProxy: boolean;
}

/**
 * Finds out on whose behalf a request runs, and writes it into `identity` and `identityToken`. Gives nothing when it knew at once.
 *
 * Errors: UNAUTHENTICATED, with `www-authenticate`; IDENTITY_PROVIDER_UNAVAILABLE; GATEWAY_TIMEOUT when the request's time is over.
 */
export type Authenticate = (request: CredentialedRequest) => void | Promise<void>;

export interface RequestTrace {
  operationName: string | undefined;
  operationKind: string | undefined;
  /** Subgraph calls made for this request (a follower of a shared execution makes none). */
  subgraphCalls: number;
  /** The subgraph of the slowest call, and how long it took. */
  slowestSubgraph: string | undefined;
  slowestSubgraphMs: number;
  /** What REST sources were asked; absent where none was. */
  rest?: Map<string, RestUse> | undefined;
  /** What is left of the limit that is nearest to its end; absent where no limit was met. */
  rateLimitRemaining?: number | undefined;
  /** What the operation cost, in points; absent where demand control is off. */
  cost?: OperationCost | undefined;
  /** What was left to execute when limits and permissions had been heard, as the planner is asked for it; absent where nothing was. */
  planned?: PlanRequest | undefined;
  /** The request whose execution this one shared. */
  sharedWith: string | undefined;
  errorCodes: string[];
  /** Errors with everything the client does not see; each becomes a log line. */
  failures: unknown[];
}

/** What an operation cost. */
export interface OperationCost {
  readonly estimated: number;
  /** Absent where nothing was executed. */
  readonly actual: number | undefined;
  /** How that compares with what is allowed. Source of the words: Apollo Router. */
  readonly result: 'COST_OK' | 'COST_ESTIMATED_TOO_EXPENSIVE' | 'COST_ACTUAL_TOO_EXPENSIVE';
}

/** The answer: `data` as finished JSON text. */
export interface GraphQLReply {
  /** Absent when the request failed before execution. */
  readonly data: AnswerData | undefined;
  readonly errors: readonly GraphQLError[];
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** For the head of every answer that is made of this reply, shared or not: lower-case names, a pair per value. */
  readonly headers?: HeaderPairs | undefined;
  /** What its execution cost, in points; absent where demand control is off. */
  readonly points?: number | undefined;
  /** What the subgraphs' `Cache-Control` adds up to; absent when none was asked, so that nobody said anything. */
  readonly cachePolicy?: CachePolicy | undefined;
}

/** How long an answer may be kept, and by whom. */
export interface CachePolicy {
  /** Seconds; 0: not at all. */
  readonly maxAge: number;
  /** `PRIVATE`: only by the client itself. */
  readonly scope: 'PUBLIC' | 'PRIVATE';
}
