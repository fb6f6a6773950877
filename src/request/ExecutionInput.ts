import type { RunInput } from '../engine/execute/Run.js';
import type { Lifetime } from '../base/kit/Lifetime.js';
import type { CallRoute, HeaderPairs, SubgraphOperation } from '../upstream/SubgraphClient.js';

import type { AnswerCaching } from './AnswerCaching.js';
import type { RequestContext, RequestTrace } from './context.js';
import type { Epochs } from './Epochs.js';
import type { ForwardedHeaders } from './headers/compileHeaders.js';
import type { RequestRoutes } from './routing/compileRouting.js';

const NO_HEADERS: HeaderPairs = [];

/** What is decided about an execution before it runs. */
export interface ExecutionFacts {
  /** By the engine's names. */
  readonly variables: RunInput['variables'];
  readonly forwarded: ForwardedHeaders | undefined;
  readonly routes: RequestRoutes | undefined;
  readonly skipped: RunInput['skipped'];
  readonly keptFor: RunInput['keptFor'];
  readonly onReply: RunInput['onReply'];
  /** Told of each finished call, beside the trace. */
  readonly onCall: RunInput['onCall'] | undefined;
}

/** What the engine asks of a request while it executes its operation. HOT: one per execution; its methods are nobody's closures. */
export class ExecutionInput implements RunInput {
  readonly variables: RunInput['variables'];
  readonly lifetime: Lifetime;
  readonly origin: AnswerCaching;
  readonly routeFor: ((subgraph: string) => CallRoute | undefined) | undefined;
  readonly skipped: RunInput['skipped'];
  readonly keptFor: RunInput['keptFor'];
  readonly onReply: RunInput['onReply'];
  readonly #correlation: HeaderPairs;
  readonly #trace: RequestTrace;
  readonly #epochs: Epochs;
  readonly #forwarded: ForwardedHeaders | undefined;
  readonly #onCall: RunInput['onCall'] | undefined;

  constructor(facts: ExecutionFacts, context: RequestContext, caching: AnswerCaching, epochs: Epochs) {
    const { variables, forwarded, routes, skipped, keptFor, onReply, onCall } = facts;
    this.variables = variables;
    this.lifetime = context.lifetime;
    this.origin = caching;
    this.routeFor = routes && ((subgraph) => routes.routeFor(subgraph));
    this.skipped = skipped;
    this.keptFor = keptFor;
    this.onReply = onReply;
    this.#correlation = context.correlation;
    this.#trace = context.trace;
    this.#epochs = epochs;
    this.#forwarded = forwarded;
    this.#onCall = onCall;
  }

  headersFor(subgraph: string): HeaderPairs {
    return this.#forwarded?.headersFor(subgraph) ?? NO_HEADERS;
  }

  correlationFor(subgraph: string): HeaderPairs {
    return this.#forwarded?.correlationFor(subgraph) ?? this.#correlation;
  }

  epochOf(subgraph: string): number {
    return this.#epochs.of(subgraph);
  }

  onCall(subgraph: string, startedAt: number, failed: boolean, operation: SubgraphOperation): void {
    const trace = this.#trace;
    const took = performance.now() - startedAt;
    trace.subgraphCalls++;
    if (took >= trace.slowestSubgraphMs) {
      trace.slowestSubgraphMs = took;
      trace.slowestSubgraph = subgraph;
    }
    this.#onCall?.(subgraph, startedAt, failed, operation);
  }
}
