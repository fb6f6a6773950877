import type { RequestContext } from './context.js';

/** What a client gets in `extensions.queryPlan` when it asks for the plan, and the gateway exposes plans. */
export interface ExposedPlan {
  /** For people; see printPlan. */
  readonly text: string;
  /** The calls that were made for this request, in the order in which they ended. Absent after a dry run. */
  readonly requests?: readonly ExposedCall[];
}

/** One call to one subgraph: entity fetches that were ready together are one. */
export interface ExposedCall {
  readonly subgraph: string;
  /** The GraphQL document that was sent. */
  readonly operation: string;
  /** Milliseconds from the start of the execution. */
  readonly startedMs: number;
  readonly tookMs: number;
  readonly failed: boolean;
}

/** `dry-run`: the operation is planned and not executed. */
export type PlanWish = 'with-answer' | 'dry-run';

/** Ours, and the one that Apollo Router's clients send. */
const HEADERS = ['portico-expose-query-plan', 'apollo-expose-query-plan'];

/** Whether the client asks for the plan. Ask only where plans are exposed: elsewhere these headers mean nothing. */
export function planWish(context: RequestContext): PlanWish | undefined {
  for (const name of HEADERS) {
    const value = context.header(name)?.toLowerCase();
    if (value === 'true') return 'with-answer';
    if (value === 'dry-run') return value;
  }
  return undefined;
}
