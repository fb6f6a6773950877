import type { SubgraphClient, SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';
import type { Rewrite } from '../plan/nodes.js';

import type { WriteVariables } from './callVariables.js';
import type { Fault } from './Faults.js';
import { isJsonObject } from './json.js';
import { applyOutputRewrites } from './outputRewrites.js';
import type { PossibleTypes } from './representation.js';
import type { Run } from './Run.js';
import { callSubgraph } from './callSubgraph.js';
import { copySpine, mergeInto } from './Shape.js';
import type { Shape } from './Shape.js';
import type { Step } from './Step.js';
import { callFault, httpFault, malformed, placeByPath, readErrors } from './subgraphFaults.js';
import type { ErrorExposure } from './subgraphFaults.js';

export interface RootFetchOptions {
  readonly client: SubgraphClient;
  readonly operation: SubgraphOperation;
  readonly shape: Shape;
  readonly writeVariables: WriteVariables;
  readonly outputRewrites: readonly Rewrite[];
  readonly possible: PossibleTypes;
  readonly exposure: ErrorExposure;
}

/** A fetch of root fields: its data is merged into the root of the tree. */
export class RootFetch implements Step {
  readonly #options: RootFetchOptions;

  constructor(options: RootFetchOptions) {
    this.#options = options;
  }

  async run(run: Run): Promise<void> {
    const { client, operation, writeVariables } = this.#options;
    try {
      const reply = await callSubgraph(run, client, operation, writeVariables(run.input.variables, undefined));
      this.#take(run, reply);
    } catch (error) {
      this.#fail(run, callFault(error, client.name));
    }
  }

  #take(run: Run, reply: SubgraphReply): void {
    const { client, shape, outputRewrites, possible, exposure } = this.#options;
    const { data } = reply;
    const hasData = isJsonObject(data);
    if (hasData) {
      const own = reply.shared ? copySpine(data, shape) : data;
      if (outputRewrites.length > 0) applyOutputRewrites(own, outputRewrites, possible);
      mergeInto(run.root, own as typeof data, shape);
    }
    const errors = readErrors(reply.errors, client.name, exposure, run.faults);
    for (const { fault, path } of errors) {
      const key = path === undefined || path.length === 0 ? undefined : String(path[0]);
      if (key !== undefined && Object.hasOwn(run.root, key)) placeByPath(run.faults, fault, run.root, path!);
      else if (key !== undefined && shape.fields.has(key)) run.faults.place(fault, run.root, key);
      else {
        fault.exact = false;
        this.#explain(run, fault);
      }
    }
    if (reply.status < 200 || reply.status > 299) this.#fail(run, httpFault(client.name, reply.status));
    else if (!hasData && errors.length === 0) this.#fail(run, malformed(client.name, 'neither data nor errors'));
    else if (data !== null && data !== undefined && !hasData)
      this.#fail(run, malformed(client.name, 'data is not an object'));
  }

  #fail(run: Run, fault: Fault): void {
    run.faults.add(fault);
    this.#explain(run, fault);
  }

  /** The fault explains every root field of this fetch that has no value. */
  #explain(run: Run, fault: Fault): void {
    for (const key of this.#options.shape.keys) run.faults.place(fault, run.root, key);
  }
}
