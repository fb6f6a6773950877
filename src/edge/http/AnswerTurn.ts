import { AsyncResource } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers';

/** How long an answer may wait for others, in milliseconds; one that is found to have waited longer takes all with it. */
const MAX_WAIT_MS = 1;

/**
 * Answers that get ready in one turn of the event loop. They are written together, at the end of the turn, when everything that had arrived
 * has been read.
 *
 * HOT: once per request. Written where it is made, each answer wakes a client that may have gone to sleep since the last one, and what
 * writes and what reads push each other out of the processor's caches: 16 to 19 % of the CPU time of a small request under 50
 * connections, and as much of its latency (`npm run bench`, body "light", 2026-11-28). An answer that is alone is written at once: its
 * turn is over.
 */
export class AnswerTurn {
  #responses: ServerResponse[] = [];
  #bodies: Array<Buffer | undefined> = [];
  #since = 0;
  #isScheduled = false;
  /** The turn's end belongs to no request: what hangs on the context of the first (AsyncLocalStorage) must not reach the others. */
  readonly #outside = new AsyncResource('PORTICO_ANSWERS');
  readonly #end = (): void => {
    this.#isScheduled = false;
    this.#write();
  };

  /** Ends a response whose head is written, with the rest of the turn's. */
  end(response: ServerResponse, body: Buffer | undefined): void {
    const now = performance.now();
    if (this.#responses.length === 0) this.#since = now;
    this.#responses.push(response);
    this.#bodies.push(body);
    if (now - this.#since > MAX_WAIT_MS) this.#outside.runInAsyncScope(this.#write, this);
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#outside.runInAsyncScope(setImmediate, undefined, this.#end);
    }
  }

  #write(): void {
    const responses = this.#responses;
    const bodies = this.#bodies;
    this.#responses = [];
    this.#bodies = [];
    // One whose client has gone meanwhile takes it in silence.
    for (let index = 0; index < responses.length; index++) responses[index]!.end(bodies[index]);
  }
}
