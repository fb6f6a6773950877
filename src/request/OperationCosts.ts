import type { Run } from '../engine/execute/Run.js';
import { compileCost } from '../engine/operation/cost/compileCost.js';
import type { CostEstimator } from '../engine/operation/cost/compileCost.js';
import type { Condition, Operation } from '../engine/operation/Operation.js';
import type { VariableValues } from '../engine/operation/variables.js';
import { compileMeasure } from '../engine/respond/compileMeasure.js';
import type { Measure } from '../engine/respond/compileMeasure.js';

import type { DemandControl, SubgraphBudget } from './DemandControl.js';

/** Kept per operation: one for each combination of its condition variables that occurs. */
const MAX_KEPT = 16;

/** What one operation costs, before and after. */
export class OperationCosts {
  readonly #operation: Operation;
  readonly #control: DemandControl;
  readonly #estimators = new Map<string, CostEstimator>();
  readonly #measures = new Map<string, Measure>();
  readonly #budgets = new Map<string, ReadonlyArray<readonly [budget: SubgraphBudget, estimator: CostEstimator]>>();

  constructor(operation: Operation, control: DemandControl) {
    this.#operation = operation;
    this.#control = control;
  }

  /** Estimates a request, and says what its slicing arguments are. */
  estimator(variables: VariableValues): CostEstimator {
    return this.#kept(this.#estimators, variables, (includes) =>
      compileCost(this.#operation, this.#control.table, includes),
    );
  }

  /** Subgraphs that are estimated to be asked for more than their budget; undefined for none. */
  overBudget(variables: VariableValues): ReadonlySet<string> | undefined {
    const { budgets } = this.#control;
    if (budgets.length === 0) return undefined;
    const kept = this.#kept(this.#budgets, variables, (includes) =>
      budgets.map((budget) => [budget, compileCost(this.#operation, budget.table, includes)] as const),
    );
    const over = kept.filter(([{ max }, estimator]) => estimator.points(variables) > max);
    return over.length === 0 ? undefined : new Set(over.map(([{ subgraph }]) => subgraph));
  }

  /** What an execution cost; undefined where nobody counts. */
  measure(run: Run, variables: VariableValues): number | undefined {
    if (!this.#control.enabled) return undefined;
    const measure = this.#kept(this.#measures, variables, (includes) =>
      compileMeasure(this.#operation, this.#control.table, includes),
    );
    return measure(run, variables);
  }

  #kept<Value>(
    map: Map<string, Value>,
    variables: VariableValues,
    make: (includes: (condition: Condition) => boolean) => Value,
  ): Value {
    let key = '';
    for (const name of this.#operation.conditionVariables) key += variables[name] === true ? '1' : '0';
    let value = map.get(key);
    if (value === undefined) {
      if (map.size >= MAX_KEPT) map.delete(map.keys().next().value!);
      value = make((condition) =>
        condition.every(({ variable, include }) => (variables[variable] === true) === include),
      );
      map.set(key, value);
    }
    return value;
  }
}
