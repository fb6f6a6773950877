/**
 * One rule about the headers of calls to a subgraph: exactly one of the three is set. Names are lower case, and never those of
 * CONNECTION_HEADERS.
 */
export interface HeaderRule {
  /** Hands on the client's header `named`, or all whose whole name `matching` matches. */
  readonly propagate?:
    | {
        readonly named?: string | undefined;
        /** A regular expression. */
        readonly matching?: string | undefined;
        /** The name that the subgraph sees; with `named`. */
        readonly rename?: string | undefined;
        /** Sent when the client has not sent it; with `named`. */
        readonly default?: string | undefined;
      }
    | undefined;
  /** Sends a header of its own. */
  readonly insert?: { readonly name: string; readonly value: string } | undefined;
  /** Takes away what earlier rules have set. */
  readonly remove?: { readonly named?: string | undefined; readonly matching?: string | undefined } | undefined;
}

/** Rules for all subgraphs, and further ones for single ones; in their order, a later one overrules an earlier one. */
export interface HeaderRules {
  readonly all: readonly HeaderRule[];
  readonly bySubgraph: ReadonlyMap<string, readonly HeaderRule[]>;
}
