import { getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, GraphQLSchema, SelectionSetNode } from 'graphql';

import type { Rewrite } from '../../plan/nodes.js';
import type { FallbackRule, FallbackTable } from './FallbackRule.js';

/** A field of a fetch that something can stand in for. */
export interface CoveredField {
  /** Its name in the tree. */
  readonly key: string;
  readonly node: FieldNode;
  /** By object type; by an interface's name where an answer says no more. */
  readonly rules: ReadonlyMap<string, FallbackRule>;
}

/** The covered fields of one selection set. */
export interface Coverage {
  /** The type of the objects where the schema leaves no choice. */
  readonly typename: string | undefined;
  readonly fields: readonly CoveredField[];
  readonly below: ReadonlyArray<{ readonly key: string; readonly coverage: Coverage }>;
  /** Leaf fields that are always there under their own names: what keys can be read from. */
  readonly plain: ReadonlySet<string>;
}

export interface CoverageSetting {
  readonly table: FallbackTable;
  readonly schema: GraphQLSchema;
  readonly subgraph: string;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly outputRewrites: readonly Rewrite[];
}

interface Draft {
  readonly fields: Map<string, { key: string; node: FieldNode; rules: Map<string, FallbackRule> }>;
  readonly below: Map<string, { readonly sets: SelectionSetNode[]; readonly type: string }>;
  readonly plain: Set<string>;
}

/**
 * What of a selection set is covered; undefined for nothing, which is the normal case.
 *
 * @param type the type that the selection stands in; undefined for `_entities`, whose fragments say it
 * @param names the tree's names that lead here from the root of the fetch's answer
 */
export function compileCoverage(
  sets: readonly SelectionSetNode[],
  type: string | undefined,
  setting: CoverageSetting,
  names: readonly string[] = [],
): Coverage | undefined {
  const draft: Draft = { fields: new Map(), below: new Map(), plain: new Set() };
  for (const set of sets) collect(set, type, true, draft, setting, names);
  const below = [...draft.below].flatMap(([key, each]) => {
    const coverage = compileCoverage(each.sets, each.type, setting, [...names, key]);
    return coverage === undefined ? [] : [{ key, coverage }];
  });
  if (draft.fields.size === 0 && below.length === 0) return undefined;
  const typename = type !== undefined && isObjectType(setting.schema.getType(type)) ? type : undefined;
  return { typename, fields: [...draft.fields.values()], below, plain: draft.plain };
}

function collect(
  set: SelectionSetNode,
  type: string | undefined,
  isCertain: boolean,
  draft: Draft,
  setting: CoverageSetting,
  names: readonly string[],
): void {
  for (const node of set.selections) {
    if (node.kind !== Kind.FIELD) {
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : setting.fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value ?? type;
      const narrows = condition !== type || (node.directives?.length ?? 0) > 0;
      collect(fragment.selectionSet, condition, isCertain && !narrows, draft, setting, names);
    } else if (type !== undefined) {
      addField(node, type, isCertain, draft, setting, names);
    }
  }
}

function addField(
  node: FieldNode,
  type: string,
  isCertain: boolean,
  draft: Draft,
  setting: CoverageSetting,
  names: readonly string[],
): void {
  const { schema, table, subgraph, outputRewrites } = setting;
  const name = node.name.value;
  const declared = schema.getType(type);
  if (!isObjectType(declared) && !isInterfaceType(declared)) return;
  const key = treeKey(node, names, outputRewrites);
  if (isCertain && node.alias === undefined && node.selectionSet === undefined && (node.directives?.length ?? 0) === 0)
    draft.plain.add(name);
  const types = isAbstractType(declared) ? [declared, ...schema.getPossibleTypes(declared)] : [declared];
  for (const each of types) {
    const rule = table.find(subgraph, each.name, name);
    if (rule === undefined || rule.on.size === 0) continue;
    let covered = draft.fields.get(key);
    if (covered === undefined) draft.fields.set(key, (covered = { key, node, rules: new Map<string, FallbackRule>() }));
    covered.rules.set(each.name, rule);
  }
  const fields = declared.getFields();
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const below = field === undefined ? undefined : getNamedType(field.type);
  if (node.selectionSet === undefined || below === undefined || !isCompositeType(below)) return;
  const known = draft.below.get(key);
  if (known === undefined) draft.below.set(key, { sets: [node.selectionSet], type: below.name });
  else known.sets.push(node.selectionSet);
}

/** The name a field of the answer has in the tree: the planner may want it renamed. */
export function treeKey(node: FieldNode, names: readonly string[], rewrites: readonly Rewrite[]): string {
  const key = node.alias?.value ?? node.name.value;
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const steps = rewrite.path.filter((step) => !step.startsWith('... on '));
    if (steps.at(-1) === key && steps.length === names.length + 1 && names.every((name, i) => steps[i] === name))
      return rewrite.key;
  }
  return key;
}
