import type { ConditionNode, FetchNode, FlattenNode } from '../plan/nodes.js';

/** A plan whose entity fetches are grouped. */
export type GroupedNode =
  | { readonly kind: 'Root'; readonly fetch: FetchNode; readonly path: FlattenNode['path'] }
  | { readonly kind: 'Entities'; readonly members: readonly FlattenNode[] }
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly GroupedNode[] }
  | {
      readonly kind: 'Condition';
      readonly condition: ConditionNode;
      readonly then: GroupedNode | undefined;
      readonly otherwise: GroupedNode | undefined;
    };

/** Fetches of entities that are sent together. */
export type Entities = Extract<GroupedNode, { kind: 'Entities' }>;
