import type { Lifetime } from '../../base/kit/Lifetime.js';
import type { Plan } from './nodes.js';

export interface PlanRequest {
  /** The normalised operation (see operation/normalise.ts): one operation, no named fragments, canonical response names. */
  readonly text: string;
  /** Override labels that are on for this request, sorted; only labels that this operation can meet. */
  readonly labels: readonly string[];
}

/**
 * Turns one normalised operation into a plan. Belongs to one supergraph generation.
 *
 * Errors: QUERY_PLANNING_FAILED (the planner threw), QUERY_PLANNING_TIMEOUT (its deadline passed; the same operation is then
 * refused at once for a minute), QUERY_PLANNING_OVERLOADED (the queue is full), or the end of `lifetime`.
 */
export interface Planner {
  plan(request: PlanRequest, lifetime: Lifetime): Promise<Plan>;
  close(): Promise<void>;
}
