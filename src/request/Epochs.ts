/** Read your writes: what was in flight before a mutation finished answers nobody who came after it. */
export class Epochs {
  readonly #bySubgraph = new Map<string, number>();
  #current = 0;

  /** How many mutations have finished. */
  get current(): number {
    return this.#current;
  }

  /** How many of them have touched this subgraph. */
  of(subgraph: string): number {
    return this.#bySubgraph.get(subgraph) ?? 0;
  }

  /** A mutation has finished that may have touched these. */
  touch(subgraphs: readonly string[]): void {
    this.#current++;
    for (const subgraph of subgraphs) this.#bySubgraph.set(subgraph, this.of(subgraph) + 1);
  }
}
