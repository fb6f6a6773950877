import { CostTable } from '../engine/operation/cost/CostTable.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { DemandControl, SubgraphBudget } from '../request/DemandControl.js';
import { declaredNames } from '../supergraph/model/Supergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { EngineConfig } from '../base/config/loadOptions.js';

/** How much one operation may ask for in a generation; undefined where nobody wants to know: then nothing is counted. */
export function createDemandControl(
  supergraph: Supergraph,
  settings: EngineConfig['demandControl'] | undefined,
  { maxListSize }: Pick<OperationLimits, 'maxListSize'>,
): DemandControl | undefined {
  if (settings === undefined || (!settings.enabled && maxListSize === Infinity)) return undefined;
  const { enabled, mode, strategy, headers, extensions } = settings;
  const { listSize, max } = strategy.staticEstimated;
  const table = new CostTable(supergraph.apiSchema, supergraph.costs, { listSize });
  const budgets = budgetsOf(supergraph, strategy.staticEstimated);
  return { table, enabled, mode, max, budgets, headers, extensions };
}

function budgetsOf(
  { apiSchema, costs, subgraphs, askable }: Supergraph,
  { listSize, subgraph: said }: EngineConfig['demandControl']['strategy']['staticEstimated'],
): readonly SubgraphBudget[] {
  return [...declaredNames({ subgraphs })].flatMap((name): SubgraphBudget[] => {
    const graphs = new Set(
      [...subgraphs.values()].filter((each) => (each.declaredBy ?? each.name) === name).map((each) => each.name),
    );
    const own = Object.hasOwn(said.subgraphs, name) ? said.subgraphs[name] : undefined;
    const max = own?.max ?? said.all.max;
    if (max === undefined) return [];
    const table = new CostTable(apiSchema, costs, {
      listSize: own?.listSize ?? said.all.listSize ?? listSize,
      prices: (coordinate) => askable.get(coordinate)?.some((graph) => graphs.has(graph)) === true,
    });
    return [{ subgraph: name, table, max }];
  });
}
