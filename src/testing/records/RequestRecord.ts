import type { Refusal } from '../../base/telemetry/channels.js';
import type { Exchange } from '../../edge/http/Exchange.js';
import type { Plan } from '../../engine/plan/nodes.js';
import { printPlan } from '../../engine/plan/printPlan.js';
import type { Identity } from '../../request/Identity.js';
import type { RequestTrace } from '../../request/context.js';
import type { RecordedCall } from './RecordedCall.js';
import type { TestCall } from './TestCall.js';

/** One request of a client, and what the gateway made of it. */
export interface TestRequestRecord {
  /** The document; absent when the request had none that could be read. */
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** On whose behalf it ran. */
  readonly identity: Identity | undefined;
  /** In the order of sending. A request that shared the execution of another has none of its own. */
  readonly calls: readonly TestCall[];
  /** The plan that was executed, as text; that of the other request when it shared an execution. Absent when nothing was. */
  readonly plan: string | undefined;
  /** Of the answer; 0 before there is one. */
  readonly status: number;
  /** Of the answer; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** What an access log would say: operation, calls, codes, whatever rooms note. */
  readonly trace: RequestTrace | undefined;
  /** What the caller asked for and may not have, as an audit log would say. */
  readonly refusals: readonly Refusal[];
  /** What an error log would say, with all that the client does not see. */
  readonly failures: readonly unknown[];
}

/** Everything that a client said, as far as records need it. */
export interface RequestFacts {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identity: Identity | undefined;
  /** Whether it asks for its plan instead of an answer. */
  readonly dryRun: boolean;
  /** Finds the plan that was executed for a request. */
  readonly planOf: (trace: RequestTrace) => Plan | undefined;
}

export class RequestRecord implements TestRequestRecord {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly calls: RecordedCall[] = [];
  readonly refusals: Refusal[] = [];
  readonly dryRun: boolean;
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  #exchange: Exchange | undefined;
  readonly #identity: Identity | undefined;
  readonly #planOf: RequestFacts['planOf'];

  constructor({ query, operationName, variables, identity, dryRun, planOf }: RequestFacts) {
    this.query = query;
    this.operationName = operationName;
    this.variables = variables;
    this.#identity = identity;
    this.dryRun = dryRun;
    this.#planOf = planOf;
  }

  /** It has reached the edge: from here on it runs on behalf of whom the test says. */
  begins(exchange: Exchange): void {
    this.#exchange = exchange;
    if (this.#identity !== undefined) exchange.identity = this.#identity;
  }

  /** Of this request, or of another. */
  refused(refusal: Refusal): void {
    if (refusal.requestId === this.requestId) this.refusals.push(refusal);
  }

  answered(status: number, headers: Readonly<Record<string, string | number | string[] | undefined>>): void {
    this.status = status;
    this.headers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  }

  /** The client leaves. */
  leave(): void {
    this.#exchange?.response.destroy();
  }

  get identity(): Identity | undefined {
    return this.#exchange?.identity ?? this.#identity;
  }

  get clientHeaders(): Readonly<Record<string, unknown>> {
    return this.#exchange?.raw.headers ?? {};
  }

  get trace(): RequestTrace | undefined {
    return this.#exchange?.trace;
  }

  get failures(): readonly unknown[] {
    return this.trace?.failures ?? [];
  }

  get plan(): string | undefined {
    const plan = this.trace && this.#planOf(this.trace);
    return plan && printPlan(plan);
  }

  /** Absent before it has reached the edge. */
  get requestId(): string | undefined {
    return this.#exchange?.requestId;
  }
}
