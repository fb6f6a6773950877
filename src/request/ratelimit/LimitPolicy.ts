import type { LimitRule } from './LimitRule.js';

/** A part of who is counted together. */
export type CallerPart =
  | { readonly kind: 'identity' | 'ip' | 'tenant' | 'plan' }
  | { readonly kind: 'header' | 'claim'; readonly name: string };

/** A limit and whom it is for, from the schema (`@rateLimit`) or the configuration. */
export interface LimitPolicy {
  /** Of everybody for whom nothing else is said. */
  readonly rule: LimitRule;
  /** Who is counted together; empty: everybody. */
  readonly by: readonly CallerPart[];
  /** Paths to argument values that belong to who is counted. */
  readonly identityArgs: ReadonlyArray<readonly string[]>;
  /** Path to an argument whose length says how often an occurrence counts. */
  readonly arrayLength: readonly string[] | undefined;
  /** What one occurrence takes. */
  readonly cost: number;
  readonly readOnly: boolean;
  /** Whether it counts and reports, and refuses nothing. */
  readonly dryRun: boolean;
  readonly onStoreFailure: 'allow' | 'deny';
  /** What the client reads; absent for a general sentence. */
  readonly message: string | undefined;
  /** Other numbers by plan and by consumer (consumerKey), the consumer's first; `undefined` as a value: no limit. */
  readonly byPlan: ReadonlyMap<string, LimitRule | undefined>;
  readonly byConsumer: ReadonlyMap<string, LimitRule | undefined>;
}

/** What whole operations meet. */
export interface OperationPolicy extends LimitPolicy {
  /** Names of operations; undefined: all of them. */
  readonly operations: ReadonlySet<string> | undefined;
  /** Whether an operation takes the points that it costs. */
  readonly countsCost: boolean;
}

/** All limits of a generation. */
export interface LimitPolicies {
  /** By coordinate, those of interfaces' implementations too. */
  readonly byField: ReadonlyMap<string, readonly LimitPolicy[]>;
  readonly ofOperations: readonly OperationPolicy[];
}
