import { Kind, parse, visit } from 'graphql';
import type { ArgumentNode } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { writeJson } from '../../base/kit/json.js';
import type { Clock } from '../../base/kit/Clock.js';
import type { SubgraphCall, SubgraphReply } from '../../upstream/SubgraphClient.js';
import type { CallOutcome, TestCall } from './TestCall.js';

type Entity = Readonly<Record<string, unknown>>;

/** A call as it goes on. */
export class RecordedCall implements TestCall {
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation';
  readonly operationName: string | undefined;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly rest: SubgraphCall['rest'];
  readonly attempt: number;
  readonly startedAt: number;
  outcome: CallOutcome = 'pending';
  status: number | undefined;
  error: unknown;
  tookMs: number | undefined;
  readonly #variablesText: string;
  readonly #clock: Clock;
  readonly #begun: number;
  #document: Summary | undefined;
  #answerText: string | undefined;

  constructor(subgraph: string, call: SubgraphCall, attempt: number, clock: Clock) {
    const { operation, variablesJson, headers, correlation } = call;
    this.subgraph = subgraph;
    this.kind = operation.kind;
    this.operationName = operation.name;
    this.query = operation.text;
    this.#variablesText = variablesJson ?? '{}';
    this.rest = call.rest;
    // Of a REST call this is no JSON, only a text that tells it from others.
    this.variables = call.rest !== undefined ? {} : (JSON.parse(this.#variablesText) as Record<string, unknown>);
    this.headers = Object.fromEntries([...headers, ...correlation, ...(call.rest?.headers ?? [])]);
    this.attempt = attempt;
    this.#clock = clock;
    this.startedAt = clock.now();
    this.#begun = clock.monotonic();
  }

  get answer(): TestCall['answer'] {
    if (this.#answerText === undefined) return undefined;
    const answer = JSON.parse(this.#answerText) as NonNullable<TestCall['answer']>;
    return this.rest === undefined ? answer : { data: jsonOrText(answer.data) };
  }

  get representations(): readonly Entity[] {
    return this.#summary().entityVariables.flatMap((name) => entitiesIn(this.variables[name]));
  }

  get fields(): readonly string[] {
    return this.#summary().fields;
  }

  /** Whether this call, in vain, asked the same. */
  failedToAsk({ operation, variablesJson }: SubgraphCall): boolean {
    if (this.outcome === 'pending' || (this.outcome === 'answered' && (this.status ?? 200) < 400)) return false;
    return this.query === operation.text && this.#variablesText === (variablesJson ?? '{}');
  }

  answered({
    status,
    data,
    errors,
    extensions,
  }: Pick<SubgraphReply, 'status' | 'data' | 'errors' | 'extensions'>): void {
    if (!this.#end('answered')) return;
    this.status = status;
    // As text: the engine merges what later calls bring into the very objects.
    this.#answerText = writeJson({ data, errors, extensions });
  }

  failed(error: unknown): void {
    if (!this.#end('failed')) return;
    this.error = error;
    const status = error instanceof PorticoError ? error.details['status'] : undefined;
    if (typeof status === 'number') this.status = status;
  }

  /** Nobody waits for it any more. */
  left(outcome: 'timed out' | 'cancelled'): void {
    this.#end(outcome);
  }

  #end(outcome: CallOutcome): boolean {
    if (this.outcome !== 'pending') return false;
    this.outcome = outcome;
    this.tookMs = this.#clock.monotonic() - this.#begun;
    return true;
  }

  #summary(): Summary {
    return (this.#document ??= summarise(this.query));
  }
}

/** A REST service's body: what it says, where it is JSON. */
function jsonOrText(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : body;
  } catch {
    return body;
  }
}

interface Summary {
  readonly fields: readonly string[];
  /** Variables that `_entities` fields get. */
  readonly entityVariables: readonly string[];
}

function summarise(query: string): Summary {
  const fields = new Set<string>();
  const entityVariables = new Set<string>();
  visit(parse(query, { noLocation: true }), {
    Field({ name, arguments: args = [] }) {
      if (name.value === '_entities') for (const variable of variablesOf(args)) entityVariables.add(variable);
      else if (name.value !== '__typename') fields.add(name.value);
    },
  });
  return { fields: [...fields], entityVariables: [...entityVariables] };
}

function variablesOf(args: readonly ArgumentNode[]): string[] {
  return args.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
}

function entitiesIn(value: unknown): Entity[] {
  return Array.isArray(value) ? (value as Entity[]) : [];
}
