import type { SubgraphOperation } from '../../upstream/SubgraphClient.js';
import type { PathStep, Rewrite } from '../plan/nodes.js';

import type { LastGood } from './fallback/LastGood.js';
import type { Represent } from './representation.js';
import type { Shape } from './Shape.js';

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
  /** Further variables of `alone`, each with a comma before it: the values of context arguments. Nearly always empty. */
  readonly aloneVariables: string;
  /** Where answers are kept for when there are none; absent where nothing may be. */
  readonly lastGood?: LastGood | undefined;
}
