/** One `@rateLimit` of a subgraph, checked: the arguments of the directive with their defaults. */
export interface RateLimitRule {
  readonly max: number;
  /** Milliseconds. */
  readonly windowMs: number;
  readonly algorithm: 'sliding_window' | 'token_bucket' | 'fixed_window';
  /** For `token_bucket`; default `max`. */
  readonly burst: number;
  /** `identity`, `ip`, `tenant`, `plan`, `header:NAME`, `claim:NAME`. */
  readonly by: readonly string[];
  readonly identityArgs: readonly string[];
  readonly arrayLengthField: string | undefined;
  readonly cost: number;
  readonly readOnly: boolean;
  readonly uncountRejected: boolean;
  readonly message: string | undefined;
  readonly onStoreFailure: 'allow' | 'deny' | undefined;
}
