/** What a limiter needs of Redis. */
export interface RedisScripts {
  /**
   * Runs a script. `keys` lie in one slot.
   *
   * Errors: rejects when Redis is away, refuses, or does not answer within the command deadline (100 ms by default).
   */
  evaluate(script: string, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<unknown>;
  /** The slot of a key where a cluster spreads them; absent where one server has all. */
  readonly slotOf?: ((key: string) => number) | undefined;
}
