import { Charger } from '../request/ratelimit/Charger.js';
import { createPolicies } from '../request/ratelimit/createPolicies.js';
import type { LimitStores } from '../request/ratelimit/LimitStores.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { RateMeters } from '../upstream/resilience/RateMeter.js';
import type { EngineConfig } from '../base/config/loadOptions.js';
import { createRateMeters } from './createRateMeters.js';

/** What counts the requests of a generation and its calls to subgraphs, and what gives back the store when it has ended. */
export interface BuiltCharger {
  /** Absent where nothing is limited. */
  readonly charger: Charger | undefined;
  /** Of the ceilings of subgraphs; absent where nothing is counted. */
  readonly rateMeters: RateMeters | undefined;
  release(): void;
}

const NOTHING: BuiltCharger = { charger: undefined, rateMeters: undefined, release() {} };

/** No store is opened before somebody needs it. */
export function createCharger(
  supergraph: Supergraph,
  settings: EngineConfig['rateLimit'] | undefined,
  stores: LimitStores,
): BuiltCharger {
  if (settings === undefined) return NOTHING;
  let lease: ReturnType<LimitStores['acquire']> | undefined;
  const store = () => (lease ??= stores.acquire(settings.storage));
  const policies = createPolicies(settings, supergraph);
  const isLimited = policies.byField.size > 0 || policies.ofOperations.length > 0;
  return {
    charger: isLimited ? new Charger({ policies, ...store(), schema: supergraph.apiSchema }) : undefined,
    rateMeters: createRateMeters(store),
    release: () => lease?.release(),
  };
}
