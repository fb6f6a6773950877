import type { SubgraphClient } from '../../upstream/SubgraphClient.js';

import type { FallbackSetting } from './fallback/FallbackCompiler.js';
import type { EntityBatching } from './groupPlan.js';
import type { PossibleTypes } from './representation.js';
import type { ErrorExposure } from './subgraphFaults.js';

/** What a generation gives its plans. */
export interface ExecutionSetting {
  clientOf(subgraph: string): SubgraphClient;
  readonly possible: PossibleTypes;
  isObjectType(name: string): boolean;
  /** The keys by which a subgraph finds a type, each as the names of its fields. */
  keysOf(subgraph: string, type: string): ReadonlyArray<readonly string[]>;
  batchingOf(subgraph: string): EntityBatching;
  exposureOf(subgraph: string): ErrorExposure;
  /** Absent where nothing falls back. */
  readonly fallbacks?: FallbackSetting | undefined;
}
