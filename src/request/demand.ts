import { GraphQLError } from 'graphql';

import { notices } from '../base/telemetry/channels.js';
import type { CostEstimator } from '../engine/operation/cost/compileCost.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import { requestError } from '../engine/operation/requestError.js';
import type { VariableValues } from '../engine/operation/variables.js';

import type { GraphQLReply, RequestContext } from './context.js';
import type { DemandControl } from './DemandControl.js';
import type { OperationCosts } from './OperationCosts.js';

/** What an operation is estimated to cost. */
export interface Demand {
  readonly points: number;
  /** Refused as a whole: nothing is executed. */
  readonly rejection: GraphQLReply | undefined;
  /** Subgraphs that are not asked; absent for none. */
  readonly skipped?: ReadonlySet<string> | undefined;
  /** Puts into an answer, shared or not, what this request cost. */
  finish(reply: GraphQLReply): GraphQLReply;
}

const unchanged = (reply: GraphQLReply): GraphQLReply => reply;

/** Decides how much may be asked for at once. Never rejects as a promise; nothing here waits. */
export function demand(
  costs: OperationCosts | undefined,
  variables: VariableValues,
  context: RequestContext,
  control: DemandControl,
  limits: OperationLimits,
): Demand | undefined {
  if (costs === undefined) return undefined;
  const estimator = costs.estimator(variables);
  const oversized = checkSlices(estimator, variables, limits);
  if (oversized !== undefined && !limits.warnOnly) return refused(0, oversized);
  if (oversized !== undefined) notices.publish({ level: 'warn', message: oversized.message });
  if (!control.enabled) return { points: 0, rejection: undefined, finish: unchanged };

  const { mode, max, headers, extensions } = control;
  const points = estimator.points(variables);
  const isTooMuch = points > max;
  context.trace.cost = {
    estimated: points,
    actual: undefined,
    result: isTooMuch ? 'COST_ESTIMATED_TOO_EXPENSIVE' : 'COST_OK',
  };
  if (headers) context.answerHeaders.push(['x-cost-estimated', String(points)]);
  const refusal =
    mode === 'enforce' ? (unsliced(estimator, variables) ?? (isTooMuch ? tooMuch(points, max) : undefined)) : undefined;
  if (refusal !== undefined) return refused(points, refusal);
  return {
    points,
    rejection: undefined,
    skipped: mode === 'enforce' ? costs.overBudget(variables) : undefined,
    finish(reply) {
      const { points: actual } = reply;
      if (actual !== undefined) {
        const result = isTooMuch
          ? 'COST_ESTIMATED_TOO_EXPENSIVE'
          : actual > max
            ? 'COST_ACTUAL_TOO_EXPENSIVE'
            : 'COST_OK';
        context.trace.cost = { estimated: points, actual, result };
        if (headers) context.answerHeaders.push(['x-cost-actual', String(actual)]);
      }
      return extensions
        ? { ...reply, extensions: { ...reply.extensions, cost: { estimated: points, actual, max } } }
        : reply;
    },
  };
}

function refused(points: number, error: GraphQLError): Demand {
  const rejection = { data: undefined, errors: [error], extensions: undefined };
  return { points, rejection, finish: unchanged };
}

function checkSlices(
  { slices }: CostEstimator,
  variables: VariableValues,
  { maxListSize }: OperationLimits,
): GraphQLError | undefined {
  if (maxListSize === Infinity) return undefined;
  for (const { coordinate, largest } of slices) {
    const size = largest(variables);
    if (size === undefined || size <= maxListSize) continue;
    const text = `${coordinate} is asked for ${size} items, at most ${maxListSize} are allowed`;
    return requestError('MAX_LIST_SIZE_EXCEEDED', text);
  }
  return undefined;
}

function unsliced({ slices }: CostEstimator, variables: VariableValues): GraphQLError | undefined {
  for (const { coordinate, requiresOne, given } of slices) {
    if (!requiresOne) continue;
    const count = given(variables);
    if (count === 1) continue;
    const text = `${coordinate} needs exactly one argument that says how many items are wanted, and has ${count === 0 ? 'none' : count}`;
    return requestError('COST_QUERY_PARSE_FAILURE', text);
  }
  return undefined;
}

function tooMuch(points: number, max: number): GraphQLError {
  const { message, extensions } = requestError(
    'COST_ESTIMATED_TOO_EXPENSIVE',
    `The operation is estimated to cost ${points} points, at most ${max} are allowed`,
  );
  return new GraphQLError(message, { extensions: { ...extensions, cost: { estimated: points, max } } });
}
