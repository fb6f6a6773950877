import { Charger } from '../request/ratelimit/Charger.js';
import { createPolicies } from '../request/ratelimit/createPolicies.js';
import type { LimitStores } from '../request/ratelimit/LimitStores.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { EngineConfig } from '../base/config/loadOptions.js';

/** What charges the requests of a generation, and what gives back the store when it has ended. */
export interface BuiltCharger {
  /** Absent where nothing is limited: then no store is opened. */
  readonly charger: Charger | undefined;
  release(): void;
}

const NOTHING: BuiltCharger = { charger: undefined, release() {} };

export function createCharger(
  supergraph: Supergraph,
  settings: EngineConfig['rateLimit'] | undefined,
  stores: LimitStores,
): BuiltCharger {
  if (settings === undefined) return NOTHING;
  const policies = createPolicies(settings, supergraph);
  if (policies.byField.size === 0 && policies.ofOperations.length === 0) return NOTHING;
  const { limiter, substitute, release } = stores.acquire(settings.storage);
  return { charger: new Charger({ policies, limiter, substitute, schema: supergraph.apiSchema }), release };
}
