import type { Refusal } from '../../base/telemetry/channels.js';
import type { Plan } from '../../engine/plan/nodes.js';
import type { RequestRecord } from './RequestRecord.js';

/** The requests of one gateway, and which of them are under way. */
export class RequestLog {
  readonly all: RequestRecord[] = [];
  readonly #running = new Set<RequestRecord>();
  /** Documents are planned once; later requests have the plan of the first. */
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
    if (record.rawPlan !== undefined) this.#plans.set(record.planKey, record.rawPlan);
    const known = this.#plans.get(record.planKey);
    if (known !== undefined) record.planned(known);
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
