import type { Clock } from '../../base/kit/Clock.js';

import { Breaker } from './Breaker.js';
import type { BreakerOptions, BreakerScope } from './Breaker.js';
import { Bulkhead } from './Bulkhead.js';
import type { ConcurrencyOptions } from './Bulkhead.js';
import { LeaseTable } from './LeaseTable.js';
import type { Lease } from './LeaseTable.js';
import { RetryBudget } from './RetryBudget.js';
import type { RetryBudgetOptions } from './RetryBudget.js';

/**
 * What is known about the traffic of a process: breakers, places and retry budgets, shared by the generations of the graph.
 *
 * A reload in the middle of an outage keeps an open breaker open, and one that an operator has forced stays forced. What changes a
 * breaker's own settings or URL begins with a closed one. Nothing is left when the last generation is closed.
 */
export class TrafficRegistry {
  readonly #breakers = new LeaseTable<Breaker>((breaker) => breaker.dispose());
  readonly #bulkheads = new LeaseTable<Bulkhead>();
  readonly #budgets = new LeaseTable<RetryBudget>();

  /** @param place where the calls go, so that a moved subgraph begins anew */
  breaker(scope: BreakerScope, place: string, options: BreakerOptions, clock: Clock): Lease<Breaker> {
    const { subgraph, endpoint, coordinate } = scope;
    const key = JSON.stringify([subgraph, endpoint ?? null, coordinate ?? null, place, options]);
    return this.#breakers.acquire(key, () => new Breaker(scope, options, clock));
  }

  bulkhead(subgraph: string, place: string, options: ConcurrencyOptions): Lease<Bulkhead> {
    return this.#bulkheads.acquire(JSON.stringify([subgraph, place, options]), () => new Bulkhead(subgraph, options));
  }

  budget(subgraph: string, place: string, options: RetryBudgetOptions, clock: Clock): Lease<RetryBudget> {
    return this.#budgets.acquire(JSON.stringify([subgraph, place, options]), () => new RetryBudget(options, clock));
  }

  /** All breakers in service: to look at, and to force (`forceOpen`, `forceClosed`, `release`). */
  breakers(): readonly Breaker[] {
    return this.#breakers.values();
  }

  /** The newest breaker of a subgraph, of one of its endpoints or of one field. */
  findBreaker(scope: BreakerScope): Breaker | undefined {
    return this.breakers().findLast(
      ({ scope: { subgraph, endpoint, coordinate } }) =>
        subgraph === scope.subgraph && endpoint === scope.endpoint && coordinate === scope.coordinate,
    );
  }
}
