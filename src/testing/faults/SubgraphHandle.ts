import type { CallLog } from '../records/CallLog.js';
import type { TestCall } from '../records/TestCall.js';
import { Faults } from './Faults.js';
import type { FaultScript } from './FaultScript.js';
import type { FaultReason } from './transportFault.js';

/** One subgraph of a test gateway: its calls, and what shall go wrong with them. */
export class SubgraphHandle extends Faults {
  readonly name: string;
  readonly #log: CallLog;
  readonly #script: FaultScript;

  constructor(name: string, log: CallLog, script: FaultScript) {
    super(script);
    this.name = name;
    this.#log = log;
    this.#script = script;
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

  /** Nothing goes wrong any more. Calls that hang go on hanging. */
  recover(): this {
    this.#script.clear();
    return this;
  }

  /** As `recover`. */
  reset(): this {
    return this.recover();
  }
}
