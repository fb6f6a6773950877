/** What answers say about limits. */
export interface LimitNotes {
  /** In the head (`RateLimit`, `RateLimit-Policy`). */
  readonly headers: boolean;
  /** In `extensions.rateLimit`. */
  readonly extensions: boolean;
}
