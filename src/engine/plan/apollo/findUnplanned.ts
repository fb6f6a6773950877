import {
  baseType,
  isCompositeType,
  isInterfaceType,
  isUnionType,
  possibleRuntimeTypes,
} from '@apollo/federation-internals';
import type { CompositeType, Schema } from '@apollo/federation-internals';
import { Kind, parse } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

import type { FetchNode, PlanNode } from '../nodes.js';

/** Response names that the plan's fetches bring, as a tree. */
interface Covered {
  readonly children: Map<string, Covered>;
}

/**
 * Planner guard `empty`: fields that the operation asks for and no fetch brings. Apollo's planner leaves out what it finds no path
 * to, without an error.
 *
 * Looked for at the root, and below objects whose type has no possible object type. Elsewhere a missing field is often right:
 * a member of a union that no subgraph can return is never asked for.
 *
 * @returns response names from the root, joined with `.`
 */
export function findUnplanned(document: DocumentNode, plan: PlanNode | undefined, schema: Schema): string[] {
  const operation = operationOf(document);
  const rootType = schema.schemaDefinition.rootType(operation.operation);
  if (rootType === undefined) return [];
  const covered: Covered = { children: new Map() };
  if (plan !== undefined) coverNode(plan, covered);
  const hollow = hollowTypes(schema);
  const unplanned = new Set<string>();
  collect(operation.selectionSet, rootType, covered, true, '', hollow, unplanned);
  return [...unplanned];
}

function collect(
  set: SelectionSetNode,
  parent: CompositeType,
  covered: Covered,
  strict: boolean,
  path: string,
  hollow: ReadonlySet<string>,
  unplanned: Set<string>,
): void {
  for (const selection of set.selections) {
    if (isSkipped(selection)) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const type = condition === undefined ? parent : parent.schema().type(condition);
      if (type === undefined || !isCompositeType(type)) continue;
      collect(selection.selectionSet, type, covered, strict, path, hollow, unplanned);
    } else if (selection.kind === Kind.FIELD && !selection.name.value.startsWith('__')) {
      const name = selection.alias?.value ?? selection.name.value;
      const below = covered.children.get(name);
      if (below === undefined) {
        if (strict) unplanned.add(path + name);
        continue;
      }
      if (selection.selectionSet === undefined || hollow.size === 0) continue;
      const type = parent.kind === 'UnionType' ? undefined : parent.field(selection.name.value)?.type;
      const named = type && baseType(type);
      if (named === undefined || !isCompositeType(named)) continue;
      collect(selection.selectionSet, named, below, hollow.has(named.name), `${path}${name}.`, hollow, unplanned);
    }
  }
}

function isSkipped(selection: SelectionNode): boolean {
  return (selection.directives ?? []).some(({ name, arguments: args }) => {
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind !== Kind.BOOLEAN) return false;
    return (name.value === 'skip' && value.value) || (name.value === 'include' && !value.value);
  });
}

const hollowBySchema = new WeakMap<Schema, ReadonlySet<string>>();

/** Interfaces that no object type implements, unions without members. */
function hollowTypes(schema: Schema): ReadonlySet<string> {
  let hollow = hollowBySchema.get(schema);
  if (hollow === undefined) {
    const abstract = [...schema.interfaceTypes(), ...schema.unionTypes()];
    hollow = new Set(abstract.filter((type) => isHollow(type)).map((type) => type.name));
    hollowBySchema.set(schema, hollow);
  }
  return hollow;
}

function isHollow(type: CompositeType): boolean {
  return (isInterfaceType(type) || isUnionType(type)) && possibleRuntimeTypes(type).length === 0;
}

function coverNode(node: PlanNode, root: Covered): void {
  switch (node.kind) {
    case 'Fetch':
      return coverFetch(node, root);
    case 'Flatten': {
      let at = root;
      for (const step of node.path) if (step.kind === 'field') at = child(at, step.name);
      return coverFetch(node.node, at);
    }
    case 'Sequence':
    case 'Parallel':
      for (const each of node.nodes) coverNode(each, root);
      return;
    case 'Condition':
      for (const each of [node.then, node.otherwise]) if (each !== undefined) coverNode(each, root);
      return;
    case 'Defer':
      for (const each of [node.primary, ...node.deferred]) if (each.node !== undefined) coverNode(each.node, root);
      return;
    case 'Subscription':
      coverFetch(node.primary, root);
      if (node.rest !== undefined) coverNode(node.rest, root);
  }
}

function coverFetch(fetch: FetchNode, at: Covered): void {
  const renamed = new Map<string, string>();
  for (const rewrite of fetch.outputRewrites) {
    if (rewrite.kind === 'KeyRenamer') renamed.set(rewrite.path.at(-1)!, rewrite.key);
  }
  const { selectionSet } = operationOf(parse(fetch.operation, { noLocation: true }));
  if (fetch.requires === undefined) return coverSelections(selectionSet, at, renamed);
  for (const entities of selectionSet.selections) {
    coverSelections((entities as FieldNode).selectionSet, at, renamed);
  }
}

function coverSelections(set: SelectionSetNode | undefined, at: Covered, renamed: ReadonlyMap<string, string>): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT) coverSelections(selection.selectionSet, at, renamed);
    else if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value;
      coverSelections(selection.selectionSet, child(at, renamed.get(name) ?? name), renamed);
    }
  }
}

function child(at: Covered, name: string): Covered {
  let below = at.children.get(name);
  if (below === undefined) at.children.set(name, (below = { children: new Map() }));
  return below;
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The document has no operation');
  return operation;
}
