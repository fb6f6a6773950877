import { Kind } from 'graphql';
import type { DirectiveNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

/** The size of an expanded selection set. Counts may be astronomic (they add up as floating point, to Infinity at the end). */
export interface Extent {
  /** Fields, inline fragments and spreads, and what they hold. */
  selections: number;
  aliases: number;
  /** Fields at its top level, through fragments. */
  topFields: number;
  /** Fields inside one another, what is below `__schema` and `__type` left out. */
  depth: number;
  /** Fields, those of one response name in one selection set counted once. */
  height: number;
  /** Selection sets inside one another, those of fragments too. */
  nesting: number;
  directives: number;
  /** Directives as written here, those of spread fragments left out. */
  ownDirectives: number;
  /** The most uses of one directive at one place. */
  sameDirective: number;
  /** Fields inside one another from a `__schema` or `__type` on. */
  introspectionDepth: number;
  /** Of the fields that lead from types to types in introspection: how many lie inside one another. */
  lists: number;
  /** The same, only below `__schema` and `__type`. */
  introspectionLists: number;
}

/**
 * Measures an operation or fragment as it would be expanded, without expanding it.
 *
 * @param fragments the extents of all fragments that it spreads; what is not there counts nothing
 */
export function measureDefinition(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, Extent>,
): Extent {
  const extent = measureSet(definition.selectionSet, fragments);
  addDirectives(extent, definition.directives);
  for (const variable of definition.variableDefinitions ?? []) addDirectives(extent, variable.directives);
  return extent;
}

function measureSet(set: SelectionSetNode, fragments: ReadonlyMap<string, Extent>): Extent {
  const total: Extent = {
    selections: set.selections.length,
    aliases: 0,
    topFields: 0,
    depth: 0,
    height: 0,
    nesting: 1,
    directives: 0,
    ownDirectives: 0,
    sameDirective: 0,
    introspectionDepth: 0,
    lists: 0,
    introspectionLists: 0,
  };
  const names = new Set<string>();
  for (const node of set.selections) {
    addDirectives(total, node.directives);
    if (node.kind !== Kind.FIELD) {
      const inner =
        node.kind === Kind.INLINE_FRAGMENT ? measureSet(node.selectionSet, fragments) : fragments.get(node.name.value);
      if (inner === undefined) continue;
      addInner(total, inner, node.kind === Kind.INLINE_FRAGMENT);
      total.topFields += inner.topFields;
      total.depth = Math.max(total.depth, inner.depth);
      total.lists = Math.max(total.lists, inner.lists);
      continue;
    }
    total.topFields++;
    names.add((node.alias ?? node.name).value);
    if (node.alias !== undefined) total.aliases++;
    const inner = node.selectionSet === undefined ? undefined : measureSet(node.selectionSet, fragments);
    if (inner !== undefined) addInner(total, inner, true);
    const depth = 1 + (inner?.depth ?? 0);
    const lists = inner?.lists ?? 0;
    switch (node.name.value) {
      case '__schema':
      case '__type':
        total.depth = Math.max(total.depth, 1);
        total.introspectionDepth = Math.max(total.introspectionDepth, depth);
        total.introspectionLists = Math.max(total.introspectionLists, lists);
        break;
      case 'fields':
      case 'interfaces':
      case 'possibleTypes':
      case 'inputFields':
        total.depth = Math.max(total.depth, depth);
        total.lists = Math.max(total.lists, lists + 1);
        break;
      default:
        total.depth = Math.max(total.depth, depth);
        total.lists = Math.max(total.lists, lists);
    }
  }
  total.height += names.size;
  return total;
}

/** What counts the same wherever it stands. */
function addInner(total: Extent, inner: Extent, isWrittenHere: boolean): void {
  total.selections += inner.selections;
  total.aliases += inner.aliases;
  total.height += inner.height;
  total.directives += inner.directives;
  if (isWrittenHere) total.ownDirectives += inner.ownDirectives;
  total.nesting = Math.max(total.nesting, 1 + inner.nesting);
  total.sameDirective = Math.max(total.sameDirective, inner.sameDirective);
  total.introspectionDepth = Math.max(total.introspectionDepth, inner.introspectionDepth);
  total.introspectionLists = Math.max(total.introspectionLists, inner.introspectionLists);
}

function addDirectives(total: Extent, directives: readonly DirectiveNode[] | undefined): void {
  if (directives === undefined || directives.length === 0) return;
  total.directives += directives.length;
  total.ownDirectives += directives.length;
  if (directives.length <= total.sameDirective) return;
  const uses = new Map<string, number>();
  for (const { name } of directives) {
    const count = (uses.get(name.value) ?? 0) + 1;
    uses.set(name.value, count);
    total.sameDirective = Math.max(total.sameDirective, count);
  }
}
