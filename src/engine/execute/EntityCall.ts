import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { SubgraphClient, SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';

import { callSubgraph } from './callSubgraph.js';
import type { WriteVariables } from './callVariables.js';
import type { EntityBatch } from './EntityBatch.js';
import type { Fault } from './Faults.js';
import type { JsonObject } from './json.js';
import type { PossibleTypes } from './representation.js';
import type { Run } from './Run.js';
import { callFault, httpFault, malformed, readErrors } from './subgraphFaults.js';
import type { ErrorExposure, ReadError } from './subgraphFaults.js';

export interface EntityCallOptions {
  readonly client: SubgraphClient;
  readonly writeVariables: WriteVariables;
  readonly possible: PossibleTypes;
  readonly exposure: ErrorExposure;
  /** What it asks for, for when a stand-in answers. */
  readonly coordinates?: readonly string[] | undefined;
}

/** Sends one request for one or several batches of entities, and shares out what comes back: values, gaps and errors. */
export class EntityCall {
  readonly #options: EntityCallOptions;

  constructor(options: EntityCallOptions) {
    this.#options = options;
  }

  /** @param variables the text of the representations' variables. Never rejects. */
  async send(
    run: Run,
    batches: readonly EntityBatch[],
    operation: SubgraphOperation,
    variables: string,
  ): Promise<void> {
    const { client, writeVariables } = this.#options;
    try {
      const reply = await callSubgraph(
        run,
        client,
        operation,
        writeVariables(run.input.variables, variables),
        this.#options.coordinates,
      );
      const errors = readErrors(reply.errors, client.name, this.#options.exposure, run.faults);
      const blamed = await this.#askInnocent(run, batches, reply, errors);
      this.#take(run, blamed, reply, errors, (batch) => batch.selection.alias);
    } catch (error) {
      this.#fail(run, batches, callFault(error, client.name));
    }
  }

  /**
   * `_entities` is non-null, so one resolver that throws nulls a whole joint answer. Batches that no error names are asked once more,
   * alone. Gives those that are left with the answer as it is.
   */
  async #askInnocent(
    run: Run,
    batches: readonly EntityBatch[],
    reply: SubgraphReply,
    errors: readonly ReadError[],
  ): Promise<readonly EntityBatch[]> {
    if (batches.length === 1 || isJsonObject(reply.data) || !isSuccess(reply) || errors.length === 0) return batches;
    const named = new Set(errors.map(({ path }) => path?.[0]));
    const innocent = batches.filter((batch) => !named.has(batch.selection.alias));
    // An error that names none of them may concern them all.
    if (named.has(undefined) || innocent.length === batches.length || run.isOver) return batches;
    await Promise.all(innocent.filter((batch) => batch.asks).map((batch) => this.#sendAlone(run, batch)));
    return batches.filter((batch) => !innocent.includes(batch));
  }

  async #sendAlone(run: Run, batch: EntityBatch): Promise<void> {
    const { client, exposure, writeVariables } = this.#options;
    try {
      const { alone, aloneVariables } = batch.selection;
      const own = `"representations":[${batch.representations()}]${aloneVariables}`;
      const variables = writeVariables(run.input.variables, own);
      const reply = await callSubgraph(run, client, alone, variables, this.#options.coordinates);
      const errors = readErrors(reply.errors, client.name, exposure, run.faults);
      this.#take(run, [batch], reply, errors, () => '_entities');
    } catch (error) {
      this.#fail(run, [batch], callFault(error, client.name));
    }
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

  #fail(run: Run, batches: readonly EntityBatch[], fault: Fault): void {
    run.faults.add(fault);
    for (const batch of batches) batch.explain(run, [fault]);
  }
}

function inexact(fault: Fault): Fault {
  fault.exact = false;
  return fault;
}

function isSuccess({ status }: SubgraphReply): boolean {
  return status >= 200 && status <= 299;
}
