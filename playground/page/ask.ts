import { createGraphiQLFetcher } from '@graphiql/toolkit';
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';

import { settings } from './settings';

/** See src/request/exposePlan.ts. */
export interface ExposedPlan {
  readonly text: string;
  readonly requests?: readonly ExposedCall[];
}

export interface ExposedCall {
  readonly subgraph: string;
  readonly operation: string;
  readonly startedMs: number;
  readonly tookMs: number;
  readonly failed: boolean;
}

/** How the latest operation was answered. */
export interface Outcome {
  /** Absent when the gateway does not expose plans, or the operation was refused before it was planned. */
  readonly plan: ExposedPlan | undefined;
  /** Until the answer was here, as the browser saw it. */
  readonly tookMs: number;
  readonly failedToPlan: boolean;
}

type Answer = { readonly data?: unknown; readonly extensions?: { readonly queryPlan?: ExposedPlan } };

const send = createGraphiQLFetcher({
  url: settings.endpoint,
  headers: { 'portico-expose-query-plan': 'true' },
});

/** Sends operations to the gateway; hands the plan to `onOutcome` and the answer without it to the editor. */
export function createAsk(onOutcome: (outcome: Outcome | undefined) => void): Fetcher {
  return async (params, options) => {
    if (isIntrospection(params)) return send(params, options);
    onOutcome(undefined);
    const startedAt = performance.now();
    const answer = await send(params, options);
    if (Symbol.asyncIterator in answer || 'subscribe' in answer) return answer;
    const { data, extensions } = answer as Answer;
    onOutcome({
      plan: extensions?.queryPlan,
      tookMs: performance.now() - startedAt,
      failedToPlan: data === undefined,
    });
    return withoutPlan(answer as Answer) as typeof answer;
  };
}

function isIntrospection({ operationName }: FetcherParams): boolean {
  return operationName === 'IntrospectionQuery';
}

function withoutPlan(answer: Answer): Answer {
  if (answer.extensions?.queryPlan === undefined) return answer;
  const { queryPlan: _, ...others } = answer.extensions;
  const { extensions: __, ...rest } = answer;
  return Object.keys(others).length === 0 ? rest : { ...rest, extensions: others };
}
