import { Kind } from 'graphql';
import type { DocumentNode, TypeDefinitionNode } from 'graphql';

import type { Demand } from '../model/AccessRules.js';
import { accessDirectives } from './accessDirectives.js';
import type { ReadDemands } from './accessDirectives.js';
import { implies } from './implies.js';
import { readPossibleTypes } from './possibleTypes.js';

export type AccessFacts = ReadonlyArray<readonly [coordinate: string, demands: readonly Demand[]]>;

/**
 * The demands of `@authenticated`, `@requiresScopes` and `@policy`, merged across subgraphs by composition already.
 *
 * Composition writes at an interface what its object types demand together; that says nothing new and is left out. Anything else at
 * an interface was written by somebody who believed that it protects the object types, which it does not: refused. What an interface
 * object protects is carried over to the object types.
 *
 * Errors: an Error that names the coordinate, when a demand cannot be understood or stands at an interface.
 */
export function readAccess(document: DocumentNode): AccessFacts {
  const read = accessDirectives(document);
  const demands = new Map<string, readonly Demand[]>();
  const interfaces = new Map<string, readonly Demand[]>();
  for (const node of document.definitions) {
    if (!isOutputType(node)) continue;
    const isInterface = node.kind === Kind.INTERFACE_TYPE_DEFINITION;
    const into = isInterface ? interfaces : demands;
    for (const [coordinate, found] of demandsOf(node, read)) into.set(coordinate, found);
  }
  if (interfaces.size > 0) checkInterfaces(document, interfaces, demands);
  return [...demands];
}

function isOutputType(node: { readonly kind: string }): node is TypeDefinitionNode {
  return node.kind.endsWith('TypeDefinition') && node.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION;
}

function* demandsOf(
  node: TypeDefinitionNode,
  read: ReadDemands,
): Iterable<readonly [coordinate: string, demands: readonly Demand[]]> {
  const type = node.name.value;
  const own = at(type, () => read(node.directives));
  if (own.length > 0) yield [type, own];
  if (!('fields' in node)) return;
  for (const field of node.fields ?? []) {
    const coordinate = `${type}.${field.name.value}`;
    const found = at(coordinate, () => read(field.directives));
    if (found.length > 0) yield [coordinate, found];
  }
}

function at<Value>(coordinate: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Error(`${coordinate}: ${(error as Error).message}`, { cause: error });
  }
}

function checkInterfaces(
  document: DocumentNode,
  interfaces: ReadonlyMap<string, readonly Demand[]>,
  demands: ReadonlyMap<string, readonly Demand[]>,
): void {
  const possible = new Map(readPossibleTypes(document));
  for (const [coordinate, written] of interfaces) {
    const [type = '', field] = coordinate.split('.');
    const together = (possible.get(type) ?? []).flatMap((name) => [
      ...(demands.get(name) ?? []),
      ...(field === undefined ? [] : (demands.get(`${name}.${field}`) ?? [])),
    ]);
    if (implies(together, written)) continue;
    throw new Error(
      `${coordinate}: access rules cannot stand at an interface; write them at the object types that implement ${type}`,
    );
  }
}
