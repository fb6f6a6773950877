import { AsyncResource } from 'node:async_hooks';
import { setImmediate } from 'node:timers';

import { failures } from '../../base/telemetry/channels.js';
import type { Exchange, Places } from './Exchange.js';

/** How long an answer may wait for others, in milliseconds, not counting what one of them computes in one go. */
const MAX_WAIT_MS = 1;

type Answered = Pick<Exchange, 'requestId' | 'response' | 'holdPlace' | 'yieldPlace'>;

/** An answer whose head is written. */
interface Ready {
  readonly exchange: Answered;
  readonly body: Buffer | undefined;
  /** Where it is counted again while its client does not read it. */
  readonly places: Places | undefined;
}

/**
 * Answers that get ready in one turn of the event loop. They are written together, at the end of the turn, when everything that had arrived
 * has been read. Meanwhile they take no place from other requests.
 *
 * HOT: once per request. Written where it is made, each answer wakes a client that may have gone to sleep since the last one, and what
 * writes and what reads push each other out of the processor's caches: 16 to 19 % of the CPU time of a small request under 50
 * connections, and as much of its latency (`npm run bench`, body "light", 2026-11-28). An answer that is alone is written at once: its
 * turn is over.
 */
export class AnswerTurn {
  #ready: Ready[] = [];
  #since = 0;
  #isScheduled = false;
  /** The turn's end belongs to no request: what hangs on the context of the first (AsyncLocalStorage) must not reach the others. */
  readonly #outside = new AsyncResource('PORTICO_ANSWERS');
  readonly #end = (): void => {
    this.#isScheduled = false;
    this.#writeAll();
  };

  /** Ends a response whose head is written, with the rest of the turn's. */
  end(exchange: Answered, body: Buffer | undefined): void {
    const now = performance.now();
    if (this.#ready.length === 0) this.#since = now;
    this.#ready.push({ exchange, body, places: exchange.yieldPlace() });
    if (now - this.#since > MAX_WAIT_MS) this.write();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#outside.runInAsyncScope(setImmediate, undefined, this.#end);
    }
  }

  /** Writes those that have waited long enough, before something else is begun. HOT: before each request. */
  writeLate(): void {
    if (this.#ready.length > 0 && performance.now() - this.#since > MAX_WAIT_MS) this.write();
  }

  /** Writes all that are ready, now: what is written past them would come first. */
  write(): void {
    if (this.#ready.length > 0) this.#outside.runInAsyncScope(this.#writeAll, this);
  }

  #writeAll(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const { exchange, body, places } of ready) {
      const { response } = exchange;
      // Its client has gone meanwhile.
      if (response.destroyed) continue;
      try {
        response.end(body);
        if (places === undefined || response.writableFinished) continue;
        places.enterAgain();
        exchange.holdPlace(places);
      } catch (error) {
        // Whoever has tampered with one response must not keep the others from being written.
        if (failures.hasSubscribers) failures.publish({ requestId: exchange.requestId, error });
        response.destroy();
      }
    }
  }
}

/** Those of this thread, whatever listener they are for: it has one event loop. */
export const readyAnswers = new AnswerTurn();
