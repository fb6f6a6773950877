/** What this subgraph knows of a user, apart from what the user wrote. */
export interface UserReference {
  readonly id: string;
}

/** What this subgraph knows of a product, apart from what was written about it. */
export interface ProductReference {
  readonly id: string;
}
