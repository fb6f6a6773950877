/** One `@listSize`, merged across subgraphs: how long the list of a field may be. */
export interface ListSizeRule {
  /** Absent where nothing is assumed. */
  readonly assumedSize: number | undefined;
  /** Paths to arguments that say how many items are wanted: `first`, `page.limit`. Of several the largest counts. */
  readonly slicingArguments: ReadonlyArray<readonly string[]>;
  /** Paths, below the field, to the lists that the size is of; empty: the field's own list. */
  readonly sizedFields: ReadonlyArray<readonly string[]>;
  readonly requireOneSlicingArgument: boolean;
}

/** What things cost, as subgraphs say it (`@cost`, `@listSize`). */
export interface CostRules {
  /** By coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
  readonly weights: ReadonlyMap<string, number>;
  /** By coordinate of a field. */
  readonly listSizes: ReadonlyMap<string, ListSizeRule>;
}
