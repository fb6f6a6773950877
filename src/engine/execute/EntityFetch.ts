import type { SubgraphOperation } from '../../upstream/SubgraphClient.js';

import { EntityBatch } from './EntityBatch.js';
import { EntityCall } from './EntityCall.js';
import type { EntityCallOptions } from './EntityCall.js';
import type { EntitySelection, EntityTarget } from './entityParts.js';
import type { Run } from './Run.js';
import type { Step } from './Step.js';
import { findTargets } from './targets.js';

export interface EntityFetchOptions extends EntityCallOptions {
  readonly operation: SubgraphOperation;
  readonly targets: readonly EntityTarget[];
  readonly selections: readonly EntitySelection[];
  /** Whether a `__typename` names an object type (an interface's name, as interface objects have, is provisional). */
  readonly isObjectType: (name: string) => boolean;
}

/** Extends entities of the tree by one request to one subgraph, whatever number of places they stand at. */
export class EntityFetch implements Step {
  readonly #options: EntityFetchOptions;
  readonly #call: EntityCall;

  constructor(options: EntityFetchOptions) {
    this.#options = options;
    this.#call = new EntityCall(options);
  }

  run(run: Run): Promise<void> | undefined {
    const { selections, targets, isObjectType } = this.#options;
    const batches = selections.map((selection) => new EntityBatch(selection, isObjectType));
    for (const target of targets) {
      const found = findTargets(run, target.path, target.internAt >= 0);
      batches[target.selection]!.collect(run, target, found);
    }
    const pending: Array<Promise<void>> = [];
    for (const batch of batches) batch.recall(run, pending);
    const own = this.#ask(run, batches);
    if (own !== undefined) pending.push(own);
    return waitForAll(pending);
  }

  /** Undefined when everything is known or on its way: a sub-request without representations is never sent. */
  #ask(run: Run, batches: readonly EntityBatch[]): Promise<void> | undefined {
    if (!batches.some((batch) => batch.asks)) return undefined;
    let variables = '';
    for (const batch of batches)
      variables += `${variables === '' ? '' : ','}${batch.selection.head}[${batch.representations()}]`;
    const call = this.#call.send(run, batches, this.#options.operation, variables);
    for (const batch of batches) batch.sent(call);
    return call;
  }
}

function waitForAll(pending: ReadonlyArray<Promise<void>>): Promise<void> | undefined {
  // One call may bring entities of several batches.
  return pending.length > 1 ? (Promise.all(new Set(pending)) as unknown as Promise<void>) : pending[0];
}
