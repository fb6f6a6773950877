import type { CallLog } from '../records/CallLog.js';
import type { TestCall } from '../records/TestCall.js';
import type { TrafficRegistry } from '../../upstream/resilience/TrafficRegistry.js';
import { Circuit } from './Circuit.js';
import { Faults } from './Faults.js';
import type { FaultScript } from './FaultScript.js';
import type { FaultReason } from './transportFault.js';

/** One subgraph of a test gateway: its calls, and what shall go wrong with them. */
export class SubgraphHandle extends Faults {
  readonly name: string;
  readonly #log: CallLog;
  readonly #script: FaultScript;
  readonly #traffic: TrafficRegistry;

  constructor(name: string, log: CallLog, script: FaultScript, traffic: TrafficRegistry) {
    super(script);
    this.name = name;
    this.#log = log;
    this.#script = script;
    this.#traffic = traffic;
  }

  /** Its circuit breaker, or the one of a field (`Query.search`) that the settings give a breaker of its own. */
  circuit(coordinate?: string): Circuit {
    return new Circuit(this.#traffic, this.name, coordinate);
  }

  /** In the order of sending. */
  get calls(): readonly TestCall[] {
    return this.#log.calls.filter(({ subgraph }) => subgraph === this.name);
  }

  /** The next call fails, or the next `count`. */
  failNext(count = 1, reason?: FaultReason | Error): this {
    this.times(count).fail(reason);
    return this;
  }

  /** Such calls fail. */
  failWhen(applies: (call: TestCall) => boolean, reason?: FaultReason | Error): this {
    this.when(applies).fail(reason);
    return this;
  }

  /** Nothing goes wrong any more, and its circuits are closed. Calls that hang go on hanging. */
  recover(): this {
    this.#script.clear();
    for (const breaker of this.#traffic.breakers()) if (breaker.scope.subgraph === this.name) breaker.release();
    return this;
  }

  /** As `recover`. */
  reset(): this {
    return this.recover();
  }
}
