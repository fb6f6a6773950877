import { getNamedType, isListType, isNonNullType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';

import { hashText } from './Draw.js';
import type { Family, MockGraph } from './MockGraph.js';

/** References by path lead to so many entities of a type; prime, so that every step goes through all of them. */
export const POOL = 19;
/** The most children of one parent. */
const BLOCKS = 64;
/** Beyond these an ordinal of a child would not fit an Int, or would have more digits than a key is read with. */
const MAX_PARENT = { narrow: 2 ** 24, wide: 2 ** 43 };

/** How a reference and the list that leads back to it agree: `review.product` and `product.reviews`. */
export interface Relation {
  /** The list's `index`-th child of a parent. */
  child(parent: number, index: number): number | undefined;
  /** The parent of a child. */
  parent(child: number): number;
}

/**
 * Child and parent as a formula that can be read both ways: children stand in blocks of as many as the parents are, and each block is the
 * parents in another order.
 *
 * @param seed of the world
 * @param wide whether ordinals of children may be beyond the range of an Int
 */
export function relationOf(seed: string, { childType, reference, step }: Pair, wide: boolean): Relation {
  const shift = hashText(`${seed} ${childType}.${reference}`) % POOL;
  return {
    child(parent, index) {
      if (parent > MAX_PARENT[wide ? 'wide' : 'narrow'] || index >= BLOCKS) return undefined;
      const page = Math.floor((parent - 1) / POOL);
      const place = (((parent - 1 - shift - step * index) % POOL) + POOL) % POOL;
      return page * POOL * BLOCKS + index * POOL + place + 1;
    },
    parent(child) {
      const page = Math.floor((child - 1) / (POOL * BLOCKS));
      const block = Math.floor((child - 1) / POOL) % BLOCKS;
      return page * POOL + ((((child - 1) % POOL) + shift + step * block) % POOL) + 1;
    },
  };
}

/** The child's side of a relation. */
export interface Pair {
  /** The type and field with the single reference. */
  readonly childType: string;
  readonly reference: string;
  /** From 1; another one for each reference of the type, so that reviews of one product are not all by one author. */
  readonly step: number;
}

/**
 * The relation that a field is one side of: a list of one type, each of which refers back by one field; or such a reference.
 *
 * Only between entities of families with one member, and only where both fields are the only ones of their kind.
 */
export function pairOf(
  graph: MockGraph,
  owner: Family,
  field: string,
): (Pair & { readonly side: 'list' | 'reference' }) | undefined {
  const [type] = owner.members;
  if (owner.members.length !== 1 || type === undefined) return undefined;
  const found = graph.anyField(type, field);
  const other = found && graph.family(getNamedType(found.type).name);
  if (found === undefined || other === undefined || other.members.length !== 1) return undefined;
  const target = other.members[0]!;
  const isList = isListOfOne(found.type);
  const [childType, parentType] = isList ? [target, type] : [type, target];
  const references = fieldsTo(graph, childType, parentType).filter(
    (name) => !isListOfOne(typeOf(graph, childType, name)),
  );
  const lists = fieldsTo(graph, parentType, childType).filter((name) => isListOfOne(typeOf(graph, parentType, name)));
  const [reference] = references;
  if (references.length !== 1 || lists.length !== 1 || reference === undefined) return undefined;
  const all = graph
    .fieldNames(childType)
    .filter((name) => graph.family(getNamedType(typeOf(graph, childType, name)).name));
  const step = 1 + (all.sort().indexOf(reference) % (POOL - 1));
  return { childType, reference, step, side: isList ? 'list' : 'reference' };
}

function fieldsTo(graph: MockGraph, from: string, to: string): string[] {
  return graph.fieldNames(from).filter((name) => getNamedType(typeOf(graph, from, name)).name === to);
}

function typeOf(graph: MockGraph, type: string, field: string): GraphQLOutputType {
  return graph.anyField(type, field)!.type;
}

function isListOfOne(type: GraphQLOutputType): boolean {
  const inner = isNonNullType(type) ? (type.ofType as GraphQLOutputType) : type;
  return isListType(inner);
}
