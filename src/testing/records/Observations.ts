import { AsyncLocalStorage } from 'node:async_hooks';

import type { Clock } from '../../base/kit/Clock.js';
import { TrafficRegistry } from '../../upstream/resilience/TrafficRegistry.js';
import { FaultScript } from '../faults/FaultScript.js';
import { SubgraphHandle } from '../faults/SubgraphHandle.js';
import { CallLog } from './CallLog.js';
import { RequestLog } from './RequestLog.js';
import type { RequestRecord } from './RequestRecord.js';

/** What a test gateway writes down of its requests and calls, and what shall go wrong with them. */
export class Observations {
  readonly clock: Clock;
  /** The request that the code which asks runs for. */
  readonly current = new AsyncLocalStorage<RequestRecord>();
  readonly requests = new RequestLog();
  readonly log: CallLog;
  readonly traffic = new TrafficRegistry();
  /** By subgraph. */
  readonly scripts: ReadonlyMap<string, FaultScript>;
  /** By subgraph. */
  readonly handles: ReadonlyMap<string, SubgraphHandle>;

  constructor({ subgraphs }: { readonly subgraphs: ReadonlyArray<{ readonly name: string }> }, clock: Clock) {
    this.clock = clock;
    this.log = new CallLog(clock);
    this.scripts = new Map(subgraphs.map(({ name }) => [name, new FaultScript()]));
    this.handles = new Map(
      [...this.scripts].map(([name, script]) => [name, new SubgraphHandle(name, this.log, script, this.traffic)]),
    );
  }
}
