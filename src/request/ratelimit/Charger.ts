import type { GraphQLSchema } from 'graphql';

import type { Clock } from '../../base/kit/Clock.js';
import type { Operation } from '../../engine/operation/Operation.js';
import type { VariableValues } from '../../engine/operation/variables.js';
import type { RequestContext } from '../context.js';

import { claimOf } from './claims.js';
import { compileLimits } from './compileLimits.js';
import type { LimitedField } from './compileLimits.js';
import type { Adjustment, Claim, Group, Limiter, Spending } from './Limiter.js';
import type { LimitPolicies, LimitPolicy, OperationPolicy } from './LimitPolicy.js';
import { StoreFailures } from './StoreFailures.js';

/** A claim and what it is for. */
interface Stake {
  readonly policy: LimitPolicy;
  readonly claim: Claim;
  /** Whether it is about what the operation costs. */
  readonly isCost: boolean;
}

/** A group and what it stands for: a field, or the whole operation. */
interface Bid {
  readonly group: Group;
  readonly stakes: readonly Stake[];
  readonly field: LimitedField | undefined;
  readonly dryRun: boolean;
}

/** Why something was refused. */
export interface RefusedByLimit {
  readonly code: 'RATE_LIMITED' | 'RATE_LIMITER_UNAVAILABLE';
  readonly message: string | undefined;
  /** Absent when it never passes, or nobody knows. */
  readonly retryAfterMs: number | undefined;
}

/** How a limit stands for this caller. */
export interface LimitStatus {
  readonly policy: string;
  readonly max: number;
  readonly windowMs: number;
  readonly remaining: number;
  readonly resetMs: number;
}

/** What came of charging a request. */
export interface Charged {
  /** The whole operation is refused. */
  readonly rejection: RefusedByLimit | undefined;
  /** Refused fields; nothing of them is asked. */
  readonly refused: ReadonlyMap<LimitedField, RefusedByLimit>;
  /** Of all limits that were met, each policy once, as it stands for the least of its callers. */
  readonly statuses: readonly LimitStatus[];
  /** Corrects what was taken for the cost of the operation, when it is known; absent where nothing was. */
  readonly correct?: ((points: number) => void) | undefined;
}

/**
 * Charges the requests of one operation.
 *
 * @param points what it is estimated to cost
 */
export type Charge = (context: RequestContext, variables: VariableValues, points: number) => Charged | Promise<Charged>;

export interface ChargerOptions {
  readonly policies: LimitPolicies;
  readonly limiter: Limiter;
  /** Counts while `limiter` cannot be asked, for limits that allow it. */
  readonly substitute: Limiter;
  readonly schema: GraphQLSchema;
  /** Of how often a store that fails is spoken of. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Decides how often. Compiled per operation, asked once per request, one call of the store whatever the number of limits. */
export class Charger {
  readonly #options: ChargerOptions;
  readonly #failures: StoreFailures;

  constructor(options: ChargerOptions) {
    this.#options = options;
    this.#failures = new StoreFailures(options.clock);
  }

  /** How requests of an operation are charged; undefined when no limit stands before it, and then they pay nothing. */
  chargeFor(operation: Operation): Charge | undefined {
    const { policies, schema } = this.#options;
    const { name } = operation;
    const whole = policies.ofOperations.filter(
      ({ operations }) => operations === undefined || (name !== undefined && operations.has(name)),
    );
    const fields = compileLimits(operation, policies.byField, schema);
    if (whole.length === 0 && fields.length === 0) return undefined;
    return (context, variables, points) => this.#charge(bidsFor(whole, fields, context, variables, points));
  }

  #charge(bids: readonly Bid[]): Charged | Promise<Charged> {
    if (bids.length === 0) return { rejection: undefined, refused: new Map(), statuses: [] };
    const groups = bids.map(({ group }) => group);
    const { limiter } = this.#options;
    let spendings: readonly Spending[] | Promise<readonly Spending[]>;
    try {
      spendings = limiter.spend(groups);
    } catch (error) {
      return this.#withoutStore(bids, error);
    }
    if (!(spendings instanceof Promise)) return this.#settle(bids, spendings, limiter);
    return spendings.then(
      (settled) => this.#settle(bids, settled, limiter),
      (error: unknown) => this.#withoutStore(bids, error),
    );
  }

  /** The store cannot be asked: what may not pass unseen is refused, the rest is counted here. */
  async #withoutStore(bids: readonly Bid[], error: unknown): Promise<Charged> {
    this.#failures.note(error);
    const refused = new Map<LimitedField, RefusedByLimit>();
    const open: Bid[] = [];
    for (const bid of bids) {
      const mustDeny = !bid.dryRun && bid.stakes.some(({ policy }) => policy.onStoreFailure === 'deny');
      if (!mustDeny) open.push(bid);
      else if (bid.field === undefined) return { rejection: UNAVAILABLE, refused, statuses: [] };
      else refused.set(bid.field, UNAVAILABLE);
    }
    const { substitute } = this.#options;
    const charged = this.#settle(open, await substitute.spend(open.map(({ group }) => group)), substitute);
    return { ...charged, refused: new Map([...refused, ...charged.refused]) };
  }

  #settle(bids: readonly Bid[], spendings: readonly Spending[], limiter: Limiter): Charged {
    const charged = settle(bids, spendings);
    const taken = takenForCost(bids, spendings);
    return taken.length === 0 ? charged : { ...charged, correct: (points) => this.#correct(taken, points, limiter) };
  }

  /** Nobody waits for it. */
  #correct(taken: readonly Taken[], points: number, limiter: Limiter): void {
    const adjustments = taken.flatMap(({ claim, at }): Adjustment[] => {
      // Whoever got far more than was estimated owes one window's worth at most.
      const units = Math.min(wholePoints(points) - claim.cost, claim.rule.max);
      return units === 0 ? [] : [{ claim, units, at }];
    });
    if (adjustments.length === 0) return;
    try {
      limiter.adjust(adjustments)?.catch((error: unknown) => this.#failures.note(error));
    } catch (error) {
      this.#failures.note(error);
    }
  }
}

const UNAVAILABLE: RefusedByLimit = {
  code: 'RATE_LIMITER_UNAVAILABLE',
  message: undefined,
  retryAfterMs: undefined,
};

/** What was taken for the cost of an operation. */
type Taken = Pick<Adjustment, 'claim' | 'at'>;

function takenForCost(bids: readonly Bid[], spendings: readonly Spending[]): readonly Taken[] {
  return bids.flatMap(({ stakes }, index) => {
    const { granted, standings } = spendings[index]!;
    if (granted === 0) return [];
    return stakes.flatMap(({ isCost, claim }, at): Taken[] => (isCost ? [{ claim, at: standings[at]!.at }] : []));
  });
}

/** Beyond every limit. */
const MAX_UNITS = 1_000_000_001;

function wholePoints(points: number): number {
  return Math.min(Math.ceil(points), MAX_UNITS);
}

function bidsFor(
  whole: readonly OperationPolicy[],
  fields: readonly LimitedField[],
  context: RequestContext,
  variables: VariableValues,
  points: number,
): readonly Bid[] {
  const bids: Bid[] = [];
  const add = (stakes: readonly Stake[], field: LimitedField | undefined, dryRun: boolean): void => {
    if (stakes.length === 0) return;
    const group = { units: 1, claims: stakes.map(({ claim }) => claim), decides: field === undefined && !dryRun };
    bids.push({ group, stakes, field, dryRun });
  };
  const split = (stakes: readonly Stake[], field: LimitedField | undefined): void => {
    add(
      stakes.filter(({ policy }) => !policy.dryRun),
      field,
      false,
    );
    // What refuses nothing must not be held back by what does, nor hold it back.
    for (const stake of stakes) if (stake.policy.dryRun) add([stake], field, true);
  };
  split(
    whole.flatMap((policy) => stakeOf(policy, context, undefined, 1, policy.countsCost ? points : undefined)),
    undefined,
  );
  for (const field of fields) {
    const occurrences = field.occurrencesWith(variables);
    if (occurrences === 0) continue;
    const args = field.argumentsWith?.(variables);
    split(
      field.policies.flatMap((policy) => stakeOf(policy, context, args, occurrences)),
      field,
    );
  }
  return bids;
}

function stakeOf(
  policy: LimitPolicy,
  context: RequestContext,
  args: Readonly<Record<string, unknown>> | undefined,
  occurrences: number,
  points?: number,
): Stake[] {
  const claim = claimOf(policy, context, args, occurrences);
  if (claim === undefined) return [];
  return points === undefined
    ? [{ policy, claim, isCost: false }]
    : [{ policy, claim: { ...claim, cost: wholePoints(points) }, isCost: true }];
}

function settle(bids: readonly Bid[], spendings: readonly Spending[]): Charged {
  let rejection: RefusedByLimit | undefined;
  const refused = new Map<LimitedField, RefusedByLimit>();
  const statuses = new Map<string, LimitStatus>();
  bids.forEach(({ stakes, field, dryRun }, index) => {
    const { granted, standings } = spendings[index]!;
    let message: string | undefined;
    let waitMs = 0;
    stakes.forEach(({ policy, claim }, at) => {
      const { remaining, retryAfterMs, resetMs } = standings[at]!;
      const { name, max, windowMs } = claim.rule;
      const known = statuses.get(name);
      if (known === undefined || remaining < known.remaining)
        statuses.set(name, { policy: name, max, windowMs, remaining, resetMs });
      if (granted > 0 || retryAfterMs === 0) return;
      message ??= policy.message;
      waitMs = Math.max(waitMs, retryAfterMs);
    });
    // After a refusal of the whole nothing else was asked.
    if (granted > 0 || dryRun || rejection !== undefined) return;
    const refusal: RefusedByLimit = {
      code: 'RATE_LIMITED',
      message,
      retryAfterMs: Number.isFinite(waitMs) ? waitMs : undefined,
    };
    if (field === undefined) rejection = refusal;
    else refused.set(field, refusal);
  });
  return { rejection, refused: rejection === undefined ? refused : new Map(), statuses: [...statuses.values()] };
}
