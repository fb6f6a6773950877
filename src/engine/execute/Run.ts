import type { Lifetime } from '../../base/kit/Lifetime.js';
import type {
  CallOrigin,
  CallRoute,
  HeaderPairs,
  SubgraphOperation,
  SubgraphReply,
} from '../../upstream/SubgraphClient.js';

import { Degradations } from './fallback/Degradations.js';
import { Faults } from './Faults.js';
import type { JsonObject } from './json.js';

/** What an execution is given. */
export interface RunInput {
  /** Coerced values by the engine's variable names (see Operation.renamedVariables); a null-prototype object. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly lifetime: Lifetime;
  /** Handed to every call. */
  readonly origin?: CallOrigin | undefined;
  /** Headers for a subgraph that client headers or rules shaped. */
  headersFor(subgraph: string): HeaderPairs;
  /** Headers for a subgraph that only say which request this is. */
  correlationFor(subgraph: string): HeaderPairs;
  /** Where calls to a subgraph with several endpoints go; absent where nothing chooses. */
  readonly routeFor?: ((subgraph: string) => CallRoute | undefined) | undefined;
  /** Subgraphs that this execution may not ask: it costs too much. Absent for none. */
  readonly skipped?: ReadonlySet<string> | undefined;
  /** Read-your-writes: how often a mutation has touched the subgraph. */
  epochOf(subgraph: string): number;
  /** What hooks read of the request, as text: answers are kept for those who have the same. Undefined: nothing may be kept. */
  readonly keptFor?: string | undefined;
  /** Told of each answer, with the place of its call in the order of sending; absent where nobody asks. */
  readonly onReply?: ((subgraph: string, turn: number, reply: SubgraphReply) => void) | undefined;
  /** Told of each finished call, for the access log and metrics. */
  onCall(subgraph: string, startedAt: number, failed: boolean, operation: SubgraphOperation): void;
}

/** One entity that is asked for, and every object of the tree that it extends. */
export interface LoadedEntity {
  /** The representation. */
  readonly text: string;
  readonly objects: JsonObject[];
  /** The call that brings it; absent before it is sent. */
  call: Promise<void> | undefined;
  /** Absent until the answer is here; null when there is no such entity. */
  entity: JsonObject | null | undefined;
}

/** The state of one execution. */
export class Run {
  readonly input: RunInput;
  /** Settles when everything has been done; undefined when nothing is waited for. Never rejects. */
  done: Promise<void> | undefined;
  /** The merged tree, in internal keys. */
  readonly root: JsonObject = {};
  readonly faults = new Faults();
  readonly degradations = new Degradations();
  /** What went wrong and was made good, for the log. */
  readonly suppressed: unknown[] = [];
  /** Calls sent so far. */
  sent = 0;
  /** Objects that more than one place of the tree holds: their text is worth remembering. */
  readonly shared = new Set<object>();
  /** Whether some object can be reached by several paths, so that walks must not visit it twice. */
  sharing = false;
  /** Entities by representation, one map per plan position (see EntityFetch). */
  readonly interned: Array<Map<string, JsonObject> | undefined>;
  /** Entity results by representation, one map per (subgraph, selection). */
  readonly loaded: Array<Map<string, LoadedEntity> | undefined>;

  constructor(input: RunInput, positions: number, selections: number) {
    this.input = input;
    this.done = undefined;
    this.interned = new Array<Map<string, JsonObject> | undefined>(positions).fill(undefined);
    this.loaded = new Array<Map<string, LoadedEntity> | undefined>(selections).fill(undefined);
  }

  /** True when nobody waits for the answer any more, or its time is up. */
  get isOver(): boolean {
    return this.input.lifetime.ended !== undefined;
  }
}
