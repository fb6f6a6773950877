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
      degraded: this.#asks.degraded(),
    };
  }

  async #root(data: Record<string, unknown>, { key, argumentsOf, projection }: FieldCall): Promise<void> {
    const outcome = await this.#asks.root(argumentsOf(this.#variables));
    [data[key]] = await this.#takeAll([outcome], projection, () => [key]);
  }

  async #entities(data: Record<string, unknown>, list: EntityList): Promise<void> {
    const representations = list.representationsOf(this.#variables);
    const all: readonly unknown[] = Array.isArray(representations) ? representations : [];
    if (list.calls.length > 0) {
      data[list.key] = await this.#entityFields(all, list);
      return;
    }
    const outcomes = await this.#asks.entities(all);
    data[list.key] = await this.#takeAll(outcomes, list.projection, (at) => [list.key, at]);
  }

  async #entityFields(all: readonly unknown[], { key, calls, projection }: EntityList): Promise<unknown[]> {
    const entities = all.map((representation) => {
      const entity: Record<string, unknown> = {};
      if (typeof representation === 'object' && representation !== null) {
        projectInto(entity, representation as Record<string, unknown>, projection, []);
      }
      return entity;
    });
    await Promise.all(
      calls.map(async (call) => {
        const outcomes = await this.#asks.fields(all, call.argumentsOf(this.#variables));
        const values = await this.#takeAll(outcomes, call.projection, (at) => [key, at, call.key]);
        for (let at = 0; at < entities.length; at++) entities[at]![call.key] = values[at];
      }),
    );
    return entities;
  }

  /** The values of outcomes; what of them is not finished is looked up for all together. */
  async #takeAll(
    outcomes: readonly Outcome[],
    projection: Projection | undefined,
    pathOf: (at: number) => ReadonlyArray<string | number> | undefined,
  ): Promise<unknown[]> {
    const unfinished: Unfinished[] = [];
    const values = new Array<unknown>(outcomes.length);
    for (let at = 0; at < outcomes.length; at++) {
      const outcome = outcomes[at]!;
      if (outcome.failure !== undefined) {
        this.#fail(outcome.failure, pathOf(at));
        values[at] = null;
        continue;
      }
      this.#isAnswered = true;
      values[at] = projection === undefined ? (outcome.value ?? null) : project(outcome.value, projection, unfinished);
    }
    if (unfinished.length > 0) await this.#finish(unfinished);
    return values;
  }

  /** Looks up the rest of objects that an answer has only in part. Ends with the depth of the operation. */
  async #finish(unfinished: readonly Unfinished[]): Promise<void> {
    const { fieldName, root } = this.#caller.connector;
    // By what is missing: the same selection in many objects is one list of look-ups.
    const groups = new Map<Projection, Unfinished[]>();
    for (const each of unfinished) {
      const group = groups.get(each.projection);
      if (group === undefined) groups.set(each.projection, [each]);
      else group.push(each);
    }
    await Promise.all(
      [...groups].map(async ([projection, group]) => {
        const values = group.map(({ value }) => value);
        if (root === undefined && fieldName !== undefined) {
          for (const { key, inner } of projection.fields) {
            // oxlint-disable-next-line eslint/no-await-in-loop -- one field, as a rule; several are of the same look-ups
            const found = await this.#takeAll(await this.#asks.fields(values, {}), inner, () => undefined);
            for (let at = 0; at < group.length; at++) group[at]!.target[key] = found[at];
          }
          return;
        }
        const next: Unfinished[] = [];
        const outcomes = await this.#asks.entities(values);
        for (let at = 0; at < group.length; at++) {
          const { failure, value } = outcomes[at] as { failure?: Outcome['failure']; value?: unknown };
          if (failure !== undefined) this.#fail(failure, undefined);
          const entity = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
          projectInto(group[at]!.target, entity, projection, next);
        }
        if (next.length > 0) await this.#finish(next);
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
