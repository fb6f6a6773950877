import { createHash } from 'node:crypto';

import { parseJson, writeJson } from '../../../base/kit/json.js';
import type { StaleStore } from '../../../base/storage/StaleStore.js';
import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { SubgraphReply } from '../../../upstream/SubgraphClient.js';
import type { WriteVariables } from '../callVariables.js';
import type { JsonObject } from '../json.js';
import type { Run } from '../Run.js';

export interface LastGoodOptions {
  readonly store: StaleStore;
  readonly subgraph: string;
  /** What is selected, as text: together with variables and headers all that shapes an answer. */
  readonly selection: string;
  readonly writeVariables: WriteVariables;
  /** Names in the tree of what may be asked for again, and for how long. */
  readonly keys: ReadonlyArray<readonly [key: string, maxStaleMs: number]>;
}

/**
 * The last good answers of one selection: of each entity by its representation, of root fields by nothing.
 *
 * Kept is what a subgraph answered without any error, unless it said `no-store`; what it called `private` only where headers of the client
 * are part of the key. Nothing is kept where hooks may have read what we do not know of (RunInput.keptFor).
 */
export class LastGood {
  readonly #options: LastGoodOptions;
  readonly #maxAgeMs: number;

  constructor(options: LastGoodOptions) {
    this.#options = options;
    this.#maxAgeMs = Math.max(...options.keys.map(([, maxStaleMs]) => maxStaleMs));
  }

  /** Whether anything of this reply may be kept. */
  admits(run: Run, reply: SubgraphReply): boolean {
    if (run.input.keptFor === undefined || reply.degraded !== undefined) return false;
    if (reply.status < 200 || reply.status > 299) return false;
    if (Array.isArray(reply.errors) ? reply.errors.length > 0 : (reply.errors ?? undefined) !== undefined) return false;
    const header = reply.headers['cache-control'];
    const rules = (typeof header === 'string' ? header : (header?.join() ?? '')).toLowerCase();
    if (rules.includes('no-store')) return false;
    return !rules.includes('private') || run.input.headersFor(this.#options.subgraph).length > 0;
  }

  /** @param identity the representation; empty for root fields */
  keep(run: Run, identity: string, data: JsonObject): void {
    const kept: JsonObject = {};
    for (const [key] of this.#options.keys) {
      const value = data[key];
      if (value !== undefined && typeof value !== 'function') kept[key] = value;
    }
    this.#options.store.keep(this.#key(run, identity), writeJson(kept), this.#maxAgeMs);
  }

  async find(run: Run, identity: string): Promise<{ readonly values: JsonObject; readonly ageMs: number } | undefined> {
    if (run.input.keptFor === undefined) return undefined;
    const found = await this.#options.store.find(this.#key(run, identity));
    if (found === undefined) return undefined;
    const values = parseJson(found.text);
    return isJsonObject(values) ? { values, ageMs: found.ageMs } : undefined;
  }

  /** A digest: keys would hold credentials, and be longer than what they stand for. JSON texts have no line feeds. */
  #key(run: Run, identity: string): string {
    const { subgraph, selection, writeVariables } = this.#options;
    const { input } = run;
    return createHash('sha256')
      .update(JSON.stringify([subgraph, selection, input.keptFor, input.headersFor(subgraph)]))
      .update(`\n${writeVariables(input.variables, undefined) ?? ''}\n${identity}`)
      .digest('base64');
  }
}
