import type { Declaration } from './Declaration.js';
import type { KeyTree } from './KeyTree.js';
import type { Reach } from './Reach.js';

/** A connector that has been checked: what its own subgraph will have. */
export interface Draft {
  readonly declaration: Declaration;
  readonly reach: Reach;
  /** Type of the field, or the type that it gives. */
  readonly outputType: string;
  /** Where objects can be looked up by a key: of which type, and which. */
  readonly entry: Entry | undefined;
}

/** Where objects can be looked up. */
export interface Entry {
  readonly typeName: string;
  readonly key: KeyTree;
  /** Fields of the key that are other subgraphs'. */
  readonly external: ReadonlySet<string>;
  /** Fields of other subgraphs (`@external`) that the connector reads as well: `@requires`. */
  readonly requires: KeyTree;
  /** What a look-up gives, fields of the key included. */
  readonly fields: ReadonlySet<string>;
}
