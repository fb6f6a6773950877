import type { CostTable } from '../engine/operation/cost/CostTable.js';

/** How much one operation may ask one subgraph for. */
export interface SubgraphBudget {
  readonly subgraph: string;
  /** Prices what the subgraph may be asked for alone. */
  readonly table: CostTable;
  readonly max: number;
}

/** How much one operation may ask for. */
export interface DemandControl {
  readonly table: CostTable;
  /** Whether what operations cost is estimated and measured; else lists are checked alone. */
  readonly enabled: boolean;
  /** `measure`: nothing is refused. */
  readonly mode: 'measure' | 'enforce';
  /** Points that one operation may be estimated to cost. */
  readonly max: number;
  readonly budgets: readonly SubgraphBudget[];
  /** Whether answers say it in `X-Cost-Estimated` and `X-Cost-Actual`. */
  readonly headers: boolean;
  /** Whether answers say it in `extensions.cost`. */
  readonly extensions: boolean;
}
