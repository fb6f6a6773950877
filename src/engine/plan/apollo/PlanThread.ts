import type { Worker } from 'node:worker_threads';

import { startWorker } from '../../../base/kit/startWorker.js';
import type { PlanRequest } from '../Planner.js';
import { PLAN_THREAD } from './planThreadStart.js';
import type { PlanWorkerData, PlanWorkerReply } from './planWorker.js';
import { messageOf } from '../../../base/kit/messageOf.js';

/** How a request ended: with a plan, an error of the planner, or the end of its thread. */
export type PlanOutcome =
  | { readonly kind: 'plan'; readonly plan: string }
  | { readonly kind: 'failure' | 'crash'; readonly why: string };

export interface PlanThreadEvents {
  /** It can take a request now: after its start, and after each reply. */
  readonly idle: (thread: PlanThread) => void;
  /** It is gone, or will never plan: its start failed, it crashed, or it ran out of memory. Once, and not after `stop`. */
  readonly dead: (thread: PlanThread, why: string) => void;
}

/** One worker thread and the one request it may be busy with. */
export class PlanThread {
  readonly #worker: Worker;
  readonly #events: PlanThreadEvents;
  #reply: ((outcome: PlanOutcome) => void) | undefined;
  #over = false;
  /** True between its start and its first reply: it builds the planner. */
  starting = true;

  constructor(data: PlanWorkerData, heapMb: number, events: PlanThreadEvents) {
    this.#events = events;
    this.#worker = startWorker({ ...PLAN_THREAD, data, heapMb });
    this.#worker.unref();
    this.#worker.on('message', (reply: PlanWorkerReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#die(messageOf(error)));
    this.#worker.on('exit', (code) => this.#die(`the planner thread ended with code ${code}`));
  }

  get busy(): boolean {
    return this.#reply !== undefined;
  }

  /** Whether the process must stay alive for it: only while somebody waits for what it does. */
  hold(needed: boolean): void {
    if (needed) this.#worker.ref();
    else this.#worker.unref();
  }

  send(request: PlanRequest, reply: (outcome: PlanOutcome) => void): void {
    this.#reply = reply;
    this.hold(true);
    this.#worker.postMessage(request);
  }

  /** Ends it, whatever it does. No event follows. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#reply = undefined;
    await this.#worker.terminate();
  }

  #onReply(reply: PlanWorkerReply): void {
    if (this.#over) return;
    if (reply.kind === 'broken') return this.#die(reply.why);
    const done = this.#reply;
    this.#reply = undefined;
    this.starting = false;
    this.hold(false);
    if (reply.kind !== 'ready') done?.(reply);
    this.#events.idle(this);
  }

  #die(why: string): void {
    if (this.#over) return;
    const done = this.#reply;
    this.stop().catch(() => {});
    done?.({ kind: 'crash', why });
    this.#events.dead(this, why);
  }
}
