import type { Clock } from '../../base/kit/Clock.js';
import type { SubgraphCall } from '../../upstream/SubgraphClient.js';
import { RecordedCall } from './RecordedCall.js';
import type { RequestRecord } from './RequestRecord.js';

/** Every call that a gateway made, in the order of sending. */
export class CallLog {
  readonly calls: RecordedCall[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param request the one that it is made for; absent for calls that belong to none */
  begin(subgraph: string, call: SubgraphCall, request: RequestRecord | undefined): RecordedCall {
    // The same question for the same request, asked in vain before: this is another attempt.
    const inVain = (request?.calls ?? []).filter((each) => each.subgraph === subgraph && each.failedToAsk(call));
    const recorded = new RecordedCall(subgraph, call, 1 + inVain.length, this.#clock);
    this.calls.push(recorded);
    request?.calls.push(recorded);
    return recorded;
  }
}
