import { Kind } from 'graphql';
import type { ConstDirectiveNode, DocumentNode } from 'graphql';

import type { TypeOwners } from '../model/Supergraph.js';
import { textArgument } from './links.js';

/**
 * Which subgraphs can be asked for the fields of each object type and interface, and by which keys; by graph name, from the join
 * specification. A field that needs inputs of other subgraphs, or whose owner a label decides, counts as nobody's: whoever goes by this
 * wants to ask without a plan.
 */
export function readOwners(document: DocumentNode, joinPrefix: string): Array<readonly [type: string, TypeOwners]> {
  const graphNames = readGraphNames(document, joinPrefix);
  const graphOf = (directive: ConstDirectiveNode): string | undefined =>
    graphNames.get(textArgument(directive, 'graph') ?? '');
  const owners: Array<readonly [string, TypeOwners]> = [];
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const keys: Array<readonly [subgraph: string, key: string]> = [];
    const all = new Set<string>();
    for (const directive of type.directives ?? []) {
      const graph = directive.name.value === `${joinPrefix}__type` ? graphOf(directive) : undefined;
      if (graph === undefined) continue;
      all.add(graph);
      const key = textArgument(directive, 'key');
      if (key !== undefined && !isTrue(directive, 'resolvable', false)) keys.push([graph, key]);
    }
    const fields = Object.create(null) as Record<string, readonly string[]>;
    for (const field of type.fields ?? []) {
      const joins = (field.directives ?? []).filter(({ name }) => name.value === `${joinPrefix}__field`);
      fields[field.name.value] = joins.every((join) => graphOf(join) === undefined)
        ? [...all]
        : joins.filter(isPlain).flatMap((join) => graphOf(join) ?? []);
    }
    owners.push([type.name.value, { keys, fields }]);
  }
  return owners;
}

function isPlain(join: ConstDirectiveNode): boolean {
  if (isTrue(join, 'external') || isTrue(join, 'usedOverridden')) return false;
  const names = ['requires', 'overrideLabel', 'contextArguments'];
  return !(join.arguments ?? []).some(({ name }) => names.includes(name.value));
}

/** @param what the value that is asked for */
function isTrue(directive: ConstDirectiveNode, name: string, what = true): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && value.value === what;
}

/** The names of subgraphs by their enum values. */
export function readGraphNames(document: DocumentNode, joinPrefix: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.ENUM_TYPE_DEFINITION || type.name.value !== `${joinPrefix}__Graph`) continue;
    for (const value of type.values ?? []) {
      const graph = value.directives?.find(({ name }) => name.value === `${joinPrefix}__graph`);
      const name = graph && textArgument(graph, 'name');
      if (name !== undefined) names.set(value.name.value, name);
    }
  }
  return names;
}
