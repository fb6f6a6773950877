import { parseJson } from '../../base/kit/json.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import type { CallAsks, ConnectorCaller } from './ConnectorCaller.js';
import { errorEntry } from './Outcome.js';
import type { Outcome } from './Outcome.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { project, projectInto } from './Projection.js';
import type { Projection, Unfinished } from './Projection.js';
import { compileRestOperation } from './RestOperation.js';
import type { EntityList, FieldCall, RestOperation, RestOperationTools } from './RestOperation.js';

export interface ConnectorClientOptions extends RestOperationTools {
  readonly caller: ConnectorCaller;
}

/** Operations whose compiled form is kept; plans keep theirs, so that it is found by identity. */
type Compiled = WeakMap<SubgraphCall['operation'], RestOperation>;

/**
 * The client of a connector's subgraph: answers the operations that the planner sends with calls to the REST service.
 *
 * Its name is that of the subgraph which declares the connector: header rules, routes, epochs and reports go by it.
 *
 * - One of several look-ups that fails leaves a null and an error with its path. When all fail, the call does.
 * - A key that is null is looked up nowhere: the object is null.
 */
export function createConnectorClient({ caller, ...tools }: ConnectorClientOptions): SubgraphClient {
  const compiled: Compiled = new WeakMap();
  const { subgraph } = tools.connector;
  return {
    name: subgraph,
    async execute(call) {
      let operation = compiled.get(call.operation);
      if (operation === undefined) {
        operation = compileRestOperation(call.operation.text, tools);
        compiled.set(call.operation, operation);
      }
      return new Answer(caller, call).of(operation);
    },
    // The sockets are the source's.
    close: () => Promise.resolve(),
  };
}

/** One answer in the making. */
class Answer {
  readonly #caller: ConnectorCaller;
  readonly #asks: CallAsks;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #call: SubgraphCall;
  readonly #errors: object[] = [];
  #firstFailure: PorticoError | undefined;
  #isAnswered = false;

  constructor(caller: ConnectorCaller, call: SubgraphCall) {
    this.#caller = caller;
    this.#call = call;
    this.#asks = caller.asks(call);
    this.#variables =
      call.variablesJson === undefined ? {} : (parseJson(call.variablesJson) as Readonly<Record<string, unknown>>);
  }

  async of({ roots, entities, typenames }: RestOperation): Promise<SubgraphReply> {
    const data: Record<string, unknown> = {};
    const isMutation = this.#call.operation.kind === 'mutation';
    for (const key of typenames) data[key] = isMutation ? 'Mutation' : 'Query';
    const work = [
      ...entities.map((list) => () => this.#entities(data, list)),
      ...roots.map((root) => () => this.#root(data, root)),
    ];
    // Mutations one after another (GraphQL specification, 6.2.2).
    // oxlint-disable-next-line eslint/no-await-in-loop -- see above
    if (isMutation) for (const each of work) await each();
    else await Promise.all(work.map((each) => each()));
    if (!this.#isAnswered && this.#firstFailure !== undefined) throw this.#firstFailure;
    return {
      data,
      errors: this.#errors.length === 0 ? undefined : this.#errors,
      extensions: undefined,
      status: 200,
      headers: this.#asks.headers(),
      shared: false,
    };
  }

  async #root(data: Record<string, unknown>, { key, argumentsOf, projection }: FieldCall): Promise<void> {
    const outcome = await this.#asks.root(argumentsOf(this.#variables));
    data[key] = await this.#take(outcome, projection, [key]);
  }

  async #entities(data: Record<string, unknown>, list: EntityList): Promise<void> {
    const representations = list.representationsOf(this.#variables);
    const all: readonly unknown[] = Array.isArray(representations) ? representations : [];
    data[list.key] = await Promise.all(
      all.map((representation, at) =>
        list.calls.length === 0 ? this.#entity(representation, list, at) : this.#entityFields(representation, list, at),
      ),
    );
  }

  async #entity(representation: unknown, { key, projection }: EntityList, at: number): Promise<unknown> {
    const outcome = await this.#asks.entity(representation);
    return this.#take(outcome, projection, [key, at]);
  }

  async #entityFields(representation: unknown, { key, calls, projection }: EntityList, at: number): Promise<unknown> {
    const entity: Record<string, unknown> = {};
    if (typeof representation === 'object' && representation !== null) {
      projectInto(entity, representation as Record<string, unknown>, projection, []);
    }
    await Promise.all(
      calls.map(async (call) => {
        const outcome = await this.#asks.field(representation, call.argumentsOf(this.#variables));
        entity[call.key] = await this.#take(outcome, call.projection, [key, at, call.key]);
      }),
    );
    return entity;
  }

  async #take(
    outcome: Outcome,
    projection: Projection | undefined,
    path: ReadonlyArray<string | number>,
  ): Promise<unknown> {
    if (outcome.failure !== undefined) {
      this.#fail(outcome.failure, path);
      return null;
    }
    this.#isAnswered = true;
    if (projection === undefined) return outcome.value ?? null;
    const unfinished: Unfinished[] = [];
    const value = project(outcome.value, projection, unfinished);
    if (unfinished.length > 0) await this.#finish(unfinished);
    return value;
  }

  /** Looks up the rest of objects that an answer has only in part. Ends with the depth of the operation. */
  async #finish(unfinished: readonly Unfinished[]): Promise<void> {
    const { fieldName, root } = this.#caller.connector;
    const isField = root === undefined && fieldName !== undefined;
    await Promise.all(
      unfinished.map(async ({ value, target, projection }) => {
        if (!isField) {
          const outcome = await this.#asks.entity(value);
          if (outcome.failure !== undefined) return this.#fail(outcome.failure, undefined);
          const next: Unfinished[] = [];
          const entity: object = typeof outcome.value === 'object' && outcome.value !== null ? outcome.value : {};
          projectInto(target, entity as Record<string, unknown>, projection, next);
          return this.#finish(next);
        }
        for (const { key, inner } of projection.fields) {
          // oxlint-disable-next-line eslint/no-await-in-loop -- one field, as a rule; several are of one loader
          const outcome = await this.#asks.field(value, {});
          // oxlint-disable-next-line eslint/no-await-in-loop -- as above
          target[key] = outcome.failure === undefined ? await this.#take(outcome, inner, []) : null;
          if (outcome.failure !== undefined) this.#fail(outcome.failure, undefined);
        }
        return undefined;
      }),
    );
  }

  #fail(failure: NonNullable<Outcome['failure']>, path: ReadonlyArray<string | number> | undefined): void {
    this.#errors.push(errorEntry(failure, path));
    if (failure instanceof PorticoError) this.#firstFailure ??= failure;
    // Somebody has answered, and said what is wrong.
    else this.#isAnswered = true;
  }
}
