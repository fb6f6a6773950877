/** Fields of one thing: plain values, or methods that take the field's arguments. */
export type Fields = Readonly<Record<string, unknown>>;

/** One thing in the data: `$id` names it in faults, `__typename` is its object type. */
export type DataRecord = Fields & { readonly __typename: string; readonly $id: string };

export interface GraphData {
  readonly Query: Fields;
  readonly Mutation?: Fields;
  /** Everything that a subgraph may be asked for by key, of all types together. */
  readonly records: readonly DataRecord[];
}

/** What a field of one subgraph answers from. */
export interface OverrideInput {
  /** The representation the gateway sent; a field that needs one throws without it. */
  readonly rep: Fields;
  readonly args: Fields;
  readonly record: DataRecord;
}

/**
 * A federated graph together with its truth: the same records answer the subgraphs and one merged schema.
 *
 * Subgraphs never see more than their own SDL. A field with `@requires` or `@fromContext` is listed in `overrides` and computes
 * from what the gateway sent, never from the record: wrong inputs become wrong answers.
 */
export interface FederatedGraph {
  readonly name: string;
  /** SDL by subgraph, without the federation `@link` (composeSdl adds it). */
  readonly subgraphs: Readonly<Record<string, string>>;
  /** Fresh data for each execution, so that mutations leave no trace. */
  readonly data: () => GraphData;
  /** `subgraph.Type.field` → its answer in that subgraph. */
  readonly overrides?: Readonly<Record<string, (input: OverrideInput) => unknown>>;
  /** Values for arguments, by scalar name; better than random ones, because they meet the data. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** False when stock Apollo Gateway refuses the supergraph. */
  readonly stock: boolean;
}
