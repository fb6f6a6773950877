import { CostTable } from '../engine/operation/cost/CostTable.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { DemandControl } from '../request/DemandControl.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { EngineConfig } from '../base/config/loadOptions.js';

/** How much one operation may ask for in a generation; undefined where nobody wants to know: then nothing is counted. */
export function createDemandControl(
  { apiSchema, costs }: Supergraph,
  settings: EngineConfig['demandControl'] | undefined,
  { maxListSize }: Pick<OperationLimits, 'maxListSize'>,
): DemandControl | undefined {
  if (settings === undefined || (!settings.enabled && maxListSize === Infinity)) return undefined;
  const { enabled, mode, strategy, headers, extensions } = settings;
  const { listSize, max } = strategy.staticEstimated;
  return { table: new CostTable(apiSchema, costs, { listSize }), enabled, mode, max, headers, extensions };
}
