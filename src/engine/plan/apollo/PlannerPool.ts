import { LRUCache } from 'lru-cache';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import type { Lifetime } from '../../../base/kit/Lifetime.js';
import { lifetimeError } from '../../../base/errors/lifetimeError.js';
import type { Plan } from '../nodes.js';
import type { PlanRequest, Planner } from '../Planner.js';
import { planningFailed } from './planningFailed.js';
import { PlanPlaces } from './PlanPlaces.js';
import { PlanThread } from './PlanThread.js';
import type { PlanOutcome } from './PlanThread.js';
import type { PlanWorkerData } from './planWorker.js';
import { Refusals } from './Refusals.js';
import { SpareThreads } from './SpareThreads.js';

export interface PlannerPoolOptions {
  readonly data: PlanWorkerData;
  /**
   * Plans made at the same time, and as many slow ones besides (`PlanPlaces`). One thread more is kept ready, to replace a killed one at
   * once.
   */
  readonly workers: number;
  /** How long one plan may take, ms. Counted from its start, not from its arrival. */
  readonly timeoutMs: number;
  /** Operations that may wait for a thread. */
  readonly maxQueue: number;
  readonly heapMb: number;
  /** Milliseconds on a steady clock. */
  readonly now: () => number;
}

interface Job {
  readonly key: string;
  readonly request: PlanRequest;
  readonly waiters: Set<Waiter>;
  running: boolean;
}

interface Waiter {
  readonly resolve: (plan: string) => void;
  readonly reject: (error: PorticoError) => void;
}

interface Warming {
  readonly threads: number;
  readonly resolve: () => void;
  readonly reject: (error: PorticoError) => void;
}

/** Plans that were finished after their last caller had left, kept for the next one. */
const MAX_LEFTOVERS = 32;
/** Wait before another thread is started after one failed to start, ms. Doubles with each failure up to the maximum. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** Shares out plan requests among worker threads. Threads are started by the first request, or by `warm`. */
export class PlannerPool implements Planner {
  readonly #options: PlannerPoolOptions;
  readonly #refusals: Refusals;
  readonly #threads = new Set<PlanThread>();
  readonly #idle: PlanThread[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #leftovers = new LRUCache<string, string>({ max: MAX_LEFTOVERS });
  /** In order of arrival. */
  #queue: Job[] = [];
  readonly #places: PlanPlaces;
  #startFailures = 0;
  #retryAt = 0;
  #closed = false;
  #warming: Warming[] = [];
  readonly #spares = new SpareThreads(() => this.#topUp());

  constructor(options: PlannerPoolOptions) {
    this.#options = options;
    this.#refusals = new Refusals(options.now);
    this.#places = new PlanPlaces(options.workers, () => {
      this.#topUp();
      this.#dispatch();
    });
  }

  async plan(request: PlanRequest, lifetime: Lifetime): Promise<Plan> {
    if (this.#closed) throw shuttingDown();
    const refused = this.#refusals.find(request.text);
    if (refused !== undefined) throw refused;
    const key = JSON.stringify([request.text, request.labels]);
    const leftover = this.#leftovers.get(key);
    if (leftover !== undefined) return parsePlan(leftover);
    return parsePlan(await this.#wait(this.#job(key, request), lifetime));
  }

  /**
   * Starts the threads. Done when `threads` of them can plan (default 1, at most `workers` and the spare one); rejects with
   * SUPERGRAPH_INVALID when no planner can be built for this supergraph.
   */
  warm(threads = 1): Promise<void> {
    if (this.#closed) return Promise.reject(shuttingDown());
    return new Promise((resolve, reject) => {
      this.#warming.push({ threads: Math.min(threads, this.#options.workers + 1), resolve, reject });
      this.#tellWarming();
      this.#topUp();
      this.#hold();
    });
  }

  /** Threads that are alive, those that still start included. */
  get threadCount(): number {
    return this.#threads.size;
  }

  /** Stops all threads; plans under way are rejected with SHUTTING_DOWN. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs.values()) this.#settle(job, (waiter) => waiter.reject(shuttingDown()));
    for (const each of this.#warming.splice(0)) each.reject(shuttingDown());
    this.#spares.close();
    this.#queue = [];
    this.#idle.length = 0;
    const threads = [...this.#threads];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  #job(key: string, request: PlanRequest): Job {
    const known = this.#jobs.get(key);
    if (known !== undefined) return known;
    if (this.#queue.length >= this.#options.maxQueue) {
      const details = { waiting: this.#queue.length };
      throw new PorticoError('QUERY_PLANNING_OVERLOADED', 'Too many operations are waiting to be planned', { details });
    }
    const job = { key, request, waiters: new Set<Waiter>(), running: false };
    this.#jobs.set(key, job);
    this.#queue.push(job);
    return job;
  }

  #wait(job: Job, lifetime: Lifetime): Promise<string> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (plan) => {
          detach();
          resolve(plan);
        },
        reject: (error) => {
          detach();
          reject(error);
        },
      };
      job.waiters.add(waiter);
      const detach = lifetime.onEnd((end) => {
        job.waiters.delete(waiter);
        reject(lifetimeError(end, { waitedFor: 'plan' }));
        if (job.waiters.size === 0 && !job.running) this.#drop(job);
      });
      this.#topUp();
      this.#dispatch();
    });
  }

  /** Takes a job that nobody waits for out of the queue. */
  #drop(job: Job): void {
    this.#jobs.delete(job.key);
    this.#queue = this.#queue.filter((each) => each !== job);
    this.#hold();
  }

  #settle(job: Job, tell: (waiter: Waiter) => void): void {
    this.#jobs.delete(job.key);
    for (const waiter of job.waiters) tell(waiter);
    job.waiters.clear();
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0 && this.#places.free) {
      this.#run(this.#queue.shift()!, this.#idle.pop()!);
    }
    this.#hold();
  }

  #run(job: Job, thread: PlanThread): void {
    job.running = true;
    const leave = this.#places.take();
    const { timeoutMs } = this.#options;
    const timer = setTimeout(() => {
      leave();
      this.#threads.delete(thread);
      thread.stop().catch(() => {});
      const why = `planning the operation took longer than ${timeoutMs} ms`;
      this.#refusals.add(job.request.text, 'QUERY_PLANNING_TIMEOUT', why);
      const error = new PorticoError('QUERY_PLANNING_TIMEOUT', `Stopped: ${why}`);
      this.#settle(job, (waiter) => waiter.reject(error));
      this.#topUp();
      this.#dispatch();
    }, timeoutMs);
    thread.send(job.request, (outcome) => {
      clearTimeout(timer);
      leave();
      this.#finish(job, outcome);
    });
  }

  #finish(job: Job, outcome: PlanOutcome): void {
    if (outcome.kind === 'plan') {
      if (job.waiters.size === 0) this.#leftovers.set(job.key, outcome.plan);
      return this.#settle(job, (waiter) => waiter.resolve(outcome.plan));
    }
    if (outcome.kind === 'crash') {
      this.#refusals.add(job.request.text, 'QUERY_PLANNING_FAILED', `the planner crashed on it: ${outcome.why}`);
    }
    const error = planningFailed(outcome.why);
    this.#settle(job, (waiter) => waiter.reject(error));
  }

  /** Starts missing threads: the first one alone, several would only delay the first plan. The others a moment later, or when needed. */
  #topUp(): void {
    if (this.#closed) return;
    const isShort = this.#warming.length > 0 || this.#queue.length > this.#idle.length;
    const wanted = this.#readyCount() > 0 && this.#spares.isDue(isShort) ? this.#places.threads + 1 : 1;
    while (this.#threads.size < wanted) {
      if (this.#startFailures > 0 && this.#options.now() < this.#retryAt) {
        if (this.#threads.size === 0) this.#giveUp('the planner could not be started a moment ago');
        return;
      }
      const thread = new PlanThread(this.#options.data, this.#options.heapMb, {
        idle: (each) => this.#onIdle(each),
        dead: (each, why) => this.#onDead(each, why),
      });
      this.#threads.add(thread);
    }
  }

  #readyCount(): number {
    let ready = 0;
    for (const thread of this.#threads) if (!thread.starting) ready += 1;
    return ready;
  }

  #tellWarming(): void {
    const ready = this.#readyCount();
    const done = this.#warming.filter((each) => each.threads <= ready);
    this.#warming = this.#warming.filter((each) => each.threads > ready);
    for (const each of done) each.resolve();
  }

  #onIdle(thread: PlanThread): void {
    this.#startFailures = 0;
    if (this.#queue.length === 0 && this.#threads.size > this.#places.threads + 1) {
      // It was started in the place of one that was slow.
      this.#threads.delete(thread);
      thread.stop().catch(() => {});
      return;
    }
    this.#idle.push(thread);
    this.#tellWarming();
    this.#topUp();
    this.#dispatch();
  }

  #onDead(thread: PlanThread, why: string): void {
    this.#threads.delete(thread);
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    if (thread.starting) {
      this.#retryAt = this.#options.now() + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#startFailures);
      this.#startFailures += 1;
      if (this.#threads.size === 0) this.#giveUp(why);
    }
    this.#topUp();
    this.#dispatch();
  }

  /** No thread can be had: nobody shall wait for one. */
  #giveUp(why: string): void {
    for (const job of this.#queue.splice(0)) this.#settle(job, (waiter) => waiter.reject(planningFailed(why)));
    for (const each of this.#warming.splice(0)) {
      each.reject(new PorticoError('SUPERGRAPH_INVALID', `No planner can be built for the supergraph: ${why}`));
    }
  }

  /** A thread that starts keeps the process alive only while somebody waits for it. */
  #hold(): void {
    const needed = this.#queue.length > 0 || this.#warming.length > 0;
    for (const thread of this.#threads) if (thread.starting) thread.hold(needed);
  }
}

function parsePlan(text: string): Plan {
  return JSON.parse(text) as Plan;
}

function shuttingDown(): PorticoError {
  return new PorticoError('SHUTTING_DOWN', 'The planner is closed');
}
