/**
 * Where supergraphs come from: a file, a registry, a list of subgraphs to compose.
 *
 * The shape is that of Apollo Gateway's `SupergraphManager`, so a manager that only calls `update` works here as it is.
 */
export interface SupergraphSource {
  /**
   * Gives the first supergraph and starts looking for newer ones.
   *
   * Errors: rejects when there is none; the gateway then does not start.
   */
  initialize(options: {
    /** Offers a newer SDL. Never throws: a text that is no valid supergraph is refused and reported, the old one serves on. */
    update(supergraphSdl: string): void;
  }): Promise<{
    readonly supergraphSdl: string;
    /** Stops looking. */
    readonly cleanup?: () => Promise<void>;
  }>;
}
