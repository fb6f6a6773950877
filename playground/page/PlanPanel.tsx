import type { ReactNode } from 'react';

import type { Outcome } from './ask';
import { CallTimeline } from './CallTimeline';
import { HeadView } from './HeadView';
import { PlanText } from './PlanText';

/**
 * How the latest operation was answered: what its head says about limits, which services were called when, and the plan behind it.
 *
 * @param children what stands above it
 */
export function PlanPanel({
  outcome,
  children,
}: {
  readonly outcome: Outcome | undefined;
  readonly children: ReactNode;
}) {
  const plan = outcome?.plan;
  const calls = plan?.requests ?? [];
  return (
    <aside className="graphiql-container plan-panel" aria-label="Query plan">
      {children}
      <header>
        <h2>Query plan</h2>
        {plan !== undefined && (
          <span>{summary(outcome!, calls.length, new Set(calls.map((call) => call.subgraph)).size)}</span>
        )}
      </header>
      {outcome?.head !== undefined && <HeadView head={outcome.head} />}
      {plan === undefined ? (
        <p>{explanation(outcome)}</p>
      ) : (
        <div className="plan-body">
          {calls.length === 0 ? <p>No service was called.</p> : <CallTimeline calls={calls} />}
          <PlanText text={plan.text} />
        </div>
      )}
    </aside>
  );
}

function summary({ tookMs }: Outcome, calls: number, services: number): string {
  return `${count(calls, 'call')} · ${count(services, 'service')} · ${tookMs.toFixed(0)} ms`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function explanation(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'Run an operation to see which services answer it, in which order, and with what.';
  if (outcome.failedToPlan) return 'The operation was refused before it was planned. The answer says why.';
  return 'This gateway does not show its plans. Start it with --expose-plans to see them here.';
}
