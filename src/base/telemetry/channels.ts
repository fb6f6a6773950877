import { channel } from 'node:diagnostics_channel';

/** A diagnostics channel that knows the type of its messages. Publishers ask `hasSubscribers` before they build one. */
export interface TypedChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
  /** Gives a function that unsubscribes. A subscriber that throws never disturbs the publisher (Node reports it as uncaught). */
  subscribe(listener: (message: Message) => void): () => void;
}

/** One client request that has been answered, or whose client has gone. */
export interface FinishedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without the query string: GET requests carry documents and variables there. */
  readonly path: string;
  /** 499 when the client left before the answer was written. */
  readonly statusCode: number;
  readonly latencyMs: number;
  readonly clientIp: string | undefined;
  readonly userAgent: string | undefined;
  /** Of the identity; absent for the anonymous. */
  readonly userId: string | undefined;
  /** What is left of the limit nearest to its end; absent where none was met. */
  readonly rateLimitRemaining: number | undefined;
  /** What the operation cost, in points: as estimated, as it was, and how that compares with what is allowed. Absent where nobody counts. */
  readonly costEstimated?: number | undefined;
  readonly costActual?: number | undefined;
  readonly costResult?: string | undefined;
  readonly operationName: string | undefined;
  readonly operationKind: string | undefined;
  /** The subgraph whose call took longest, and how long. */
  readonly backendService: string | undefined;
  readonly backendLatencyMs: number | undefined;
  readonly subgraphCalls: number;
  /** REST sources that were asked, by `subgraph.source`. Absent where none was. */
  readonly rest?: ReadonlyMap<string, RestUse> | undefined;
  readonly sharedWith: string | undefined;
  readonly errorCodes: readonly string[];
  readonly responseBytes: number;
}

/** An error with everything that the client does not see. */
export interface Failure {
  readonly requestId: string | undefined;
  readonly error: unknown;
}

/** Something an operator wants to know and that belongs to no request: started, reloaded, refused, draining. */
export interface Notice {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
}

/** A request that was not taken, because there is too much to do. */
export interface Shedding {
  readonly reason: 'in_flight' | 'event_loop' | 'heap';
  readonly inFlight: number;
}

/** Somebody asked for what they may not have. No values, and of the caller only who it is. */
export interface Refusal {
  readonly requestId: string;
  /** `refused`: the field was null; `rejected`: so was the whole operation; `dry_run`: the field was answered all the same. */
  readonly outcome: 'refused' | 'rejected' | 'dry_run';
  /** `Type.field` as the operation selects it. */
  readonly coordinate: string;
  /** What the field demands, in words: `scopes read:email`. */
  readonly rules: readonly string[];
  /** How the caller proved who they are; `anonymous` when they did not. */
  readonly identity: string;
  readonly subject: string | undefined;
  readonly operationName: string | undefined;
  /** Refusals before this one of which nobody was told, because there were too many. */
  readonly dropped: number;
}

/** Of a circuit breaker: its own states, and those an operator has forced. */
export type CircuitState = 'closed' | 'open' | 'half_open' | 'forced_open' | 'forced_closed';

/** A circuit breaker has changed its state. */
export interface CircuitTransition {
  readonly subgraph: string;
  /** One of several endpoints. */
  readonly endpoint?: string | undefined;
  /** Of calls that carry this field. */
  readonly coordinate?: string | undefined;
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** In the window, when it changed. */
  readonly calls: number;
  readonly failures: number;
}

/** A call that was not sent because a breaker is open. */
export type CircuitRejection = Pick<CircuitTransition, 'subgraph' | 'endpoint' | 'coordinate'>;

/** A query is sent again. */
export interface SubgraphRetry {
  readonly subgraph: string;
  /** From 2; of a stale socket the attempt that it happened in. */
  readonly attempt: number;
  readonly pauseMs: number;
  /** A status, a transport reason or an error code; `stale_socket` for the repeat that costs nothing of the budget. */
  readonly cause: string;
}

/** A call that was refused because too many wait for the subgraph already. */
export interface BulkheadRejection {
  readonly subgraph: string;
  readonly running: number;
  readonly waiting: number;
}

/** A call that was not sent because its subgraph has had all calls of its ceiling. */
export interface RateCeilingRejection {
  readonly subgraph: string;
  /** Until there is room for another. */
  readonly retryInMs: number;
}

/** An endpoint of a subgraph came into use or left it. */
export interface EndpointNews {
  readonly subgraph: string;
  /** Its URL without the query string. */
  readonly endpoint: string;
  /** `down` by its probes, `ejected` because its calls failed. */
  readonly state: 'up' | 'down' | 'ejected';
  readonly reason: string;
}

/** A REST service was asked for objects, and how many requests that took: many look-ups without a batch are the N+1 problem. */
export interface RestFetch {
  readonly subgraph: string;
  /** `inventory.api`; the subgraph alone where it has no named source. */
  readonly source: string;
  /** `Query.product`, `Product`; undefined for resolvers of a subgraph in code. */
  readonly connector: string | undefined;
  /** Different objects; of a subgraph in code, requests that its resolvers asked for. */
  readonly lookUps: number;
  /** Requests that were sent; those that are repeated count once. */
  readonly requests: number;
  readonly isBatched: boolean;
}

/** What one client request asked of one REST source. */
export interface RestUse {
  lookUps: number;
  calls: number;
}

export const finishedRequests = typedChannel<FinishedRequest>('portico:request');
export const failures = typedChannel<Failure>('portico:failure');
export const sheddings = typedChannel<Shedding>('portico:shedding');
export const notices = typedChannel<Notice>('portico:notice');
export const refusals = typedChannel<Refusal>('portico:refusal');
export const circuitTransitions = typedChannel<CircuitTransition>('portico:circuit-transition');
export const circuitRejections = typedChannel<CircuitRejection>('portico:circuit-rejection');
export const subgraphRetries = typedChannel<SubgraphRetry>('portico:subgraph-retry');
export const bulkheadRejections = typedChannel<BulkheadRejection>('portico:bulkhead-rejection');
export const restFetches = typedChannel<RestFetch>('portico:rest-fetch');
export const rateCeilingRejections = typedChannel<RateCeilingRejection>('portico:rate-ceiling-rejection');
export const endpointChanges = typedChannel<EndpointNews>('portico:endpoint');

function typedChannel<Message>(name: string): TypedChannel<Message> {
  const untyped = channel(name);
  return {
    get hasSubscribers() {
      return untyped.hasSubscribers;
    },
    publish: (message) => untyped.publish(message),
    subscribe(listener) {
      const onMessage = (message: unknown): void => listener(message as Message);
      untyped.subscribe(onMessage);
      return () => void untyped.unsubscribe(onMessage);
    },
  };
}
