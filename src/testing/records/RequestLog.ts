import type { Refusal } from '../../base/telemetry/channels.js';
import type { Plan } from '../../engine/plan/nodes.js';
import type { PlanRequest } from '../../engine/plan/Planner.js';
import type { RequestTrace } from '../../request/context.js';
import { planKey } from '../prepareGraph.js';
import type { RequestRecord } from './RequestRecord.js';

/** The requests of one gateway, and which of them are under way. */
export class RequestLog {
  readonly all: RequestRecord[] = [];
  readonly #running = new Set<RequestRecord>();
  /** By what was planned: later requests, of others too, execute what was planned for the first. */
  readonly #plans = new Map<string, Plan>();

  get last(): RequestRecord {
    const last = this.all.at(-1);
    if (last === undefined) throw new Error('There was no request yet');
    return last;
  }

  begin(record: RequestRecord): void {
    if (!record.dryRun) this.all.push(record);
    this.#running.add(record);
  }

  end(record: RequestRecord): void {
    this.#running.delete(record);
  }

  planned(request: PlanRequest, plan: Plan): void {
    this.#plans.set(planKey(request), plan);
  }

  planOf({ planned, sharedWith }: RequestTrace): Plan | undefined {
    const leader =
      sharedWith === undefined ? undefined : this.all.findLast(({ requestId }) => requestId === sharedWith);
    const executed = planned ?? leader?.trace?.planned;
    return executed && this.#plans.get(planKey(executed));
  }

  refused(refusal: Refusal): void {
    for (const record of this.#running) record.refused(refusal);
  }

  /** Whether a request has not come as far as it can: to its first call, to its answer, or to somebody else's execution. */
  isBusy(): boolean {
    for (const { calls, trace } of this.#running) {
      if (calls.length === 0 && trace?.sharedWith === undefined) return true;
    }
    return false;
  }

  leaveAll(): void {
    for (const record of this.#running) record.leave();
  }
}
