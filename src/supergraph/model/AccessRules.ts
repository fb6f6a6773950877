/** Of the groups at least one, and of that group every name. */
export type AnyOf = ReadonlyArray<readonly string[]>;

/** One thing that must hold: the caller is somebody; has scopes; policies say yes. */
export type Demand =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: AnyOf }
  | { readonly kind: 'policies'; readonly anyOf: AnyOf };

/** Who may see what, as the supergraph says it (`@authenticated`, `@requiresScopes`, `@policy`). */
export interface AccessRules {
  /**
   * What must hold, all of it, by coordinate: `Type.field` of an object type, or `Type` of an object, scalar or enum. There is nothing of
   * interfaces here: what they demand is what their object types demand.
   */
  readonly demands: ReadonlyMap<string, readonly Demand[]>;
  /**
   * What else the value of a field is made of, by coordinate: what it names in `@requires` and `@fromContext` and
   * what its connector reads of `$this`, fields and their types. Whoever
   * may see the value must be allowed to see these.
   */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
}
