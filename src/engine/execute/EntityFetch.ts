import type { SubgraphOperation } from '../../upstream/SubgraphClient.js';
import type { PathStep, Rewrite } from '../plan/nodes.js';

import { EntityBatch } from './EntityBatch.js';
import { EntityCall } from './EntityCall.js';
import type { EntityCallOptions } from './EntityCall.js';
import type { Represent } from './representation.js';
import type { Run } from './Run.js';
import type { Shape } from './Shape.js';
import type { Step } from './Step.js';
import { findTargets } from './targets.js';

/** One place of the tree whose entities a fetch extends. */
export interface EntityTarget {
  readonly path: readonly PathStep[];
  readonly represent: Represent;
  /** Index into the fetch's selections. */
  readonly selection: number;
  /**
   * Index of the place in `run.interned` when the objects found there hold nothing but what identifies them: equal ones are then
   * made one object. -1 when they hold more (two objects of one entity may differ in what their parents said about it).
   */
  readonly internAt: number;
}

/** One `_entities` list of the sub-request. */
export interface EntitySelection {
  readonly alias: string;
  /** The variable's name in the joint request, as a JSON key with its colon. */
  readonly head: string;
  /** The shape of one entity. */
  readonly shape: Shape;
  /** Index into `run.loaded`, or -1 where nothing may be remembered. */
  readonly loadedAt: number;
  /** Whether equal entities must not share objects: in plans with context arguments they may differ below. */
  readonly isolate: boolean;
  readonly outputRewrites: readonly Rewrite[];
  /** For asking this selection alone after a joint request failed as a whole. */
  readonly alone: SubgraphOperation;
}

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
    const { selections, targets, isObjectType, operation } = this.#options;
    const batches = selections.map((selection) => new EntityBatch(selection, isObjectType));
    for (const target of targets) batches[target.selection]!.collect(run, target, findTargets(run, target.path));
    let asks = false;
    for (const batch of batches) asks = batch.recall(run) || asks;
    // Everything is known already, or there is nothing to ask: a sub-request without representations is never sent.
    if (!asks) return undefined;
    let variables = '';
    for (const batch of batches)
      variables += `${variables === '' ? '' : ','}${batch.selection.head}[${batch.representations()}]`;
    return this.#call.send(run, batches, operation, variables);
  }
}
