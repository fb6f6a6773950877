/** A subgraph as a list of subgraphs names it. */
export interface SubgraphDefinition {
  /** Unique in its list. */
  readonly name: string;
  /** Where its operations are sent. */
  readonly url: string;
  readonly schema: SubgraphSchema;
}

/** Where the SDL of a subgraph comes from. */
export type SubgraphSchema =
  /** A file, watched; an absolute path. `shownAs` is what messages call it. */
  | { readonly kind: 'file'; readonly path: string; readonly shownAs: string }
  /** A module with a subgraph in code, watched; likewise. */
  | { readonly kind: 'module'; readonly path: string; readonly shownAs: string }
  /** The text itself. */
  | { readonly kind: 'sdl'; readonly sdl: string }
  /** The running subgraph, asked with `{ _service { sdl } }` and these headers. */
  | { readonly kind: 'service'; readonly url: string; readonly headers: Readonly<Record<string, string>> };
