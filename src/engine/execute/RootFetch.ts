import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';
import type { PathStep, Rewrite } from '../plan/nodes.js';

import type { WriteVariables } from './callVariables.js';
import type { LastGood } from './fallback/LastGood.js';
import type { Fault } from './Faults.js';
import type { JsonObject } from './json.js';
import { markShared } from './markShared.js';
import { applyOutputRewrites, rewrittenPath } from './outputRewrites.js';
import type { PossibleTypes } from './representation.js';
import type { Run } from './Run.js';
import { callSubgraph } from './callSubgraph.js';
import type { AskedSubgraph } from './callSubgraph.js';
import { copySpine, dropStrays, mergeInto } from './Shape.js';
import type { Shape } from './Shape.js';
import type { Step } from './Step.js';
import { callFault, httpFault, malformed, placeByPath, readErrors } from './subgraphFaults.js';
import type { ErrorExposure, ReadError } from './subgraphFaults.js';
import { findTargets } from './targets.js';

export interface RootFetchOptions extends AskedSubgraph {
  readonly operation: SubgraphOperation;
  readonly shape: Shape;
  /** Where the root fields belong: empty for the root of the tree, else where a root type is reached again. */
  readonly path: readonly PathStep[];
  readonly writeVariables: WriteVariables;
  readonly outputRewrites: readonly Rewrite[];
  readonly possible: PossibleTypes;
  readonly exposure: ErrorExposure;
  /** Where answers are kept for when there are none; absent where nothing may be. */
  readonly lastGood?: LastGood | undefined;
}

/** A fetch of root fields: its data is merged into the root of the tree, or where a root type is reached again. */
export class RootFetch implements Step {
  readonly #options: RootFetchOptions;

  constructor(options: RootFetchOptions) {
    this.#options = options;
  }

  run(run: Run): Promise<void> | undefined {
    const { client, operation, path, writeVariables } = this.#options;
    const owners = findTargets(run, path).objects;
    if (owners.length === 0) return undefined;
    const variables = writeVariables(run.input.variables, undefined);
    const take = (reply: SubgraphReply): void => this.#take(run, owners, reply);
    const fail = (error: unknown): void => this.#fail(run, owners, callFault(error, client.name));
    return callSubgraph(run, this.#options, operation, variables, take, fail);
  }

  #take(run: Run, owners: readonly JsonObject[], reply: SubgraphReply): void {
    const { client, shape, outputRewrites, possible, exposure } = this.#options;
    const { data } = reply;
    const hasData = isJsonObject(data);
    if (hasData) {
      const own = reply.shared ? copySpine(data, shape) : data;
      if (outputRewrites.length > 0) applyOutputRewrites(own, outputRewrites, possible);
      if (shape.mayStray) dropStrays(own, shape);
      const { lastGood } = this.#options;
      if (lastGood?.admits(run, reply) === true) lastGood.keep(run, '', own as typeof data);
      if (owners.length > 1) markShared(run, own as typeof data, shape);
      for (const owner of owners) mergeInto(owner, own as typeof data, shape);
    }
    const errors = readErrors(reply.errors, client.name, exposure, run.faults);
    for (const { fault, path } of errors) this.#place(run, owners, fault, path && rewrittenPath(path, outputRewrites));
    if (reply.status < 200 || reply.status > 299) this.#fail(run, owners, httpFault(client.name, reply.status));
    else if (!hasData && errors.length === 0)
      this.#fail(run, owners, malformed(client.name, 'neither data nor errors'));
    else if (data !== null && data !== undefined && !hasData)
      this.#fail(run, owners, malformed(client.name, 'data is not an object'));
  }

  #place(run: Run, owners: readonly JsonObject[], fault: Fault, path: ReadError['path']): void {
    const first = path?.[0];
    const key = first === undefined ? undefined : String(first);
    if (path === undefined || key === undefined || !this.#options.shape.fields.has(key)) {
      fault.exact = false;
      this.#explain(run, owners, fault);
      return;
    }
    for (const owner of owners) {
      if (Object.hasOwn(owner, key)) placeByPath(run.faults, fault, owner, path);
      else run.faults.place(fault, owner, key);
    }
  }

  #fail(run: Run, owners: readonly JsonObject[], fault: Fault): void {
    run.faults.add(fault);
    this.#explain(run, owners, fault);
  }

  /** The fault explains every field of this fetch that has no value. */
  #explain(run: Run, owners: readonly JsonObject[], fault: Fault): void {
    for (const owner of owners) for (const key of this.#options.shape.keys) run.faults.place(fault, owner, key);
  }
}
