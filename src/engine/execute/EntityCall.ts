import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';

import { callSubgraph } from './callSubgraph.js';
import type { AskedSubgraph } from './callSubgraph.js';
import type { WriteVariables } from './callVariables.js';
import type { EntityBatch } from './EntityBatch.js';
import type { Fault } from './Faults.js';
import type { JsonObject } from './json.js';
import type { PossibleTypes } from './representation.js';
import type { Run } from './Run.js';
import { callFault, httpFault, malformed, readErrors } from './subgraphFaults.js';
import type { ErrorExposure, ReadError } from './subgraphFaults.js';

export interface EntityCallOptions extends AskedSubgraph {
  readonly writeVariables: WriteVariables;
  readonly possible: PossibleTypes;
  readonly exposure: ErrorExposure;
}

/** Sends one request for one or several batches of entities, and shares out what comes back: values, gaps and errors. */
export class EntityCall {
  readonly #options: EntityCallOptions;

  constructor(options: EntityCallOptions) {
    this.#options = options;
  }

  /** @param variables the text of the representations' variables. Never rejects. */
  send(run: Run, batches: readonly EntityBatch[], operation: SubgraphOperation, variables: string): Promise<void> {
    const { writeVariables } = this.#options;
    const written = writeVariables(run.input.variables, variables);
    const take = (reply: SubgraphReply): Promise<void> | void => this.#receive(run, batches, reply);
    const fail = (error: unknown): void => this.#failCall(run, batches, error);
    return callSubgraph(run, this.#options, operation, written, take, fail);
  }

  #receive(run: Run, batches: readonly EntityBatch[], reply: SubgraphReply): Promise<void> | void {
    const errors = readErrors(reply.errors, this.#options.client.name, this.#options.exposure, run.faults);
    const innocent = innocentAmong(batches, reply, errors);
    const aliasOf = (batch: EntityBatch): string => batch.selection.alias;
    if (innocent.length === 0 || run.isOver) return this.#take(run, batches, reply, errors, aliasOf);
    const blamed = batches.filter((batch) => !innocent.includes(batch));
    return Promise.all(innocent.filter((batch) => batch.asks).map((batch) => this.#sendAlone(run, batch)))
      .then(() => this.#take(run, blamed, reply, errors, aliasOf))
      .catch((error: unknown) => this.#failCall(run, batches, error));
  }

  #sendAlone(run: Run, batch: EntityBatch): Promise<void> {
    const { client, exposure, writeVariables } = this.#options;
    const { alone, aloneVariables } = batch.selection;
    const own = `"representations":[${batch.representations()}]${aloneVariables}`;
    const variables = writeVariables(run.input.variables, own);
    const take = (reply: SubgraphReply): void => {
      const errors = readErrors(reply.errors, client.name, exposure, run.faults);
      this.#take(run, [batch], reply, errors, () => '_entities');
    };
    return callSubgraph(run, this.#options, alone, variables, take, (error) => this.#failCall(run, [batch], error));
  }

  #take(
    run: Run,
    batches: readonly EntityBatch[],
    reply: SubgraphReply,
    errors: readonly ReadError[],
    aliasOf: (batch: EntityBatch) => string,
  ): void {
    const data = isJsonObject(reply.data) ? reply.data : undefined;
    if (errors.length === 0)
      for (const batch of batches) this.#settle(run, batch, data?.[aliasOf(batch)], reply, false);
    else this.#takeWithErrors(run, batches, data, reply, errors, aliasOf);
    if (!isSuccess(reply)) this.#fail(run, batches, httpFault(this.#options.client.name, reply.status));
  }

  #takeWithErrors(
    run: Run,
    batches: readonly EntityBatch[],
    data: JsonObject | undefined,
    reply: SubgraphReply,
    errors: readonly ReadError[],
    aliasOf: (batch: EntityBatch) => string,
  ): void {
    const wide: Fault[] = [];
    const byAlias = new Map(batches.map((batch) => [aliasOf(batch), batch]));
    const errorsOf = new Map<EntityBatch, ReadError[]>();
    for (const error of errors) {
      const first = error.path?.[0];
      const batch = typeof first === 'string' ? byAlias.get(first) : undefined;
      if (batch === undefined) wide.push(inexact(error.fault));
      else errorsOf.set(batch, [...(errorsOf.get(batch) ?? []), error]);
    }
    for (const batch of batches) {
      const own = errorsOf.get(batch) ?? [];
      const isMerged = this.#settle(run, batch, data?.[aliasOf(batch)], reply, own.length + wide.length > 0);
      if (isMerged) for (const { fault, path } of own) batch.place(run, fault, path!);
      else if (own.length > 0) {
        // No entity came, so each of the errors concerns all.
        const faults = own.map(({ fault }) => inexact(fault));
        batch.explain(run, faults);
      }
      if (wide.length > 0) batch.explain(run, wide);
    }
  }

  /** Merges a batch's list. Gives false when there is none; that is malformed unless an error explains it. */
  #settle(run: Run, batch: EntityBatch, list: unknown, reply: SubgraphReply, isExplained: boolean): boolean {
    const { client, possible } = this.#options;
    if (!batch.asks) return true;
    if (Array.isArray(list) && list.length === batch.size) {
      batch.merge(run, list, reply.shared, possible, client.name);
      batch.remember(run, reply);
      return true;
    }
    if (list !== undefined && list !== null) {
      const what = Array.isArray(list)
        ? `${list.length} entities for ${batch.size} representations`
        : '_entities is not a list';
      this.#fail(run, [batch], malformed(client.name, what));
    } else if (!isExplained && isSuccess(reply)) {
      this.#fail(run, [batch], malformed(client.name, 'no _entities and no errors'));
    }
    return false;
  }

  #failCall(run: Run, batches: readonly EntityBatch[], error: unknown): void {
    this.#fail(run, batches, callFault(error, this.#options.client.name));
  }

  #fail(run: Run, batches: readonly EntityBatch[], fault: Fault): void {
    run.faults.add(fault);
    for (const batch of batches) batch.explain(run, [fault]);
  }
}

/**
 * `_entities` is non-null, so one resolver that throws nulls a whole joint answer. Batches that no error names may be asked once more, alone.
 * None where an error names nobody: it may concern them all.
 */
function innocentAmong(
  batches: readonly EntityBatch[],
  reply: SubgraphReply,
  errors: readonly ReadError[],
): readonly EntityBatch[] {
  if (batches.length === 1 || isJsonObject(reply.data) || !isSuccess(reply) || errors.length === 0) return [];
  const named = new Set(errors.map(({ path }) => path?.[0]));
  if (named.has(undefined)) return [];
  const innocent = batches.filter((batch) => !named.has(batch.selection.alias));
  return innocent.length === batches.length ? [] : innocent;
}

function inexact(fault: Fault): Fault {
  fault.exact = false;
  return fault;
}

function isSuccess({ status }: SubgraphReply): boolean {
  return status >= 200 && status <= 299;
}
