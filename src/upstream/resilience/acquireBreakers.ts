import type { Clock } from '../../base/kit/Clock.js';
import type { SubgraphOperation } from '../SubgraphClient.js';

import type { Breaker, BreakerOptions, BreakerScope } from './Breaker.js';
import type { Lease } from './LeaseTable.js';
import type { TrafficRegistry } from './TrafficRegistry.js';
import type { BreakersOf } from './withBreaker.js';

/** The field coordinates (`Query.search`) that an operation carries. Slow: asked once per operation. */
export type CoordinatesOf = (operation: SubgraphOperation) => ReadonlySet<string>;

export interface BreakersOptions {
  readonly breaker: BreakerOptions;
  /** By field coordinate; what one does not say is as in `breaker`. */
  readonly fieldBreakers: ReadonlyMap<string, Partial<BreakerOptions>>;
  /** Whether calls go to several endpoints, each with a breaker of its own: then the subgraph as a whole has none. Default false. */
  readonly isSpread?: boolean | undefined;
}

/** The breakers of one subgraph. */
export interface SubgraphBreakers {
  readonly whole: Breaker | undefined;
  /** Of the fields that an operation carries. */
  readonly ofFields: BreakersOf;
  /** All that stand before an operation. */
  readonly before: BreakersOf;
  readonly leases: ReadonlyArray<Lease<Breaker>>;
}

const NONE: readonly Breaker[] = [];

/** Breakers for a subgraph and its fields as its options say; shared with other generations. */
export function acquireBreakers(
  scope: BreakerScope,
  url: string,
  { breaker, fieldBreakers, isSpread = false }: BreakersOptions,
  registry: TrafficRegistry,
  clock: Clock,
  coordinatesOf: CoordinatesOf | undefined,
): SubgraphBreakers {
  const whole = breaker.enabled && !isSpread ? registry.breaker(scope, url, breaker, clock) : undefined;
  const fields = new Map(
    (coordinatesOf === undefined || !breaker.enabled ? [] : [...fieldBreakers]).map(([coordinate, own]) => [
      coordinate,
      registry.breaker({ ...scope, coordinate }, url, { ...breaker, ...own }, clock),
    ]),
  );
  const wholeOnly = whole === undefined ? NONE : [whole.value];
  const leases = [...(whole === undefined ? [] : [whole]), ...fields.values()];
  if (fields.size === 0) return { whole: whole?.value, ofFields: () => NONE, before: () => wholeOnly, leases };

  const known = new WeakMap<
    SubgraphOperation,
    { readonly fields: readonly Breaker[]; readonly all: readonly Breaker[] }
  >();
  const of = (operation: SubgraphOperation) => {
    const kept = known.get(operation);
    if (kept !== undefined) return kept;
    const coordinates = coordinatesOf!(operation);
    const mine = [...fields].filter(([coordinate]) => coordinates.has(coordinate)).map(([, { value }]) => value);
    const made = { fields: mine, all: [...wholeOnly, ...mine] };
    known.set(operation, made);
    return made;
  };
  return {
    whole: whole?.value,
    ofFields: (operation) => of(operation).fields,
    before: (operation) => of(operation).all,
    leases,
  };
}
