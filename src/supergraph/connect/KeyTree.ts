import { Kind, parse } from 'graphql';
import type { SelectionSetNode } from 'graphql';

import { namedType } from '../read/readFieldTypes.js';
import type { SubgraphTypes } from './SubgraphTypes.js';
import type { Reach } from './Reach.js';

/** Fields of a key, with what they select. */
export type KeyTree = ReadonlyMap<string, KeyTree>;

/** The tree of several paths: `id`, `size.unit`. */
export function keyTree(paths: Iterable<readonly string[]>): KeyTree {
  const root = new Map<string, KeyTree>();
  for (const path of paths) {
    let at = root;
    for (const name of path) {
      const inner = (at.get(name) ?? new Map()) as Map<string, KeyTree>;
      at.set(name, inner);
      at = inner;
    }
  }
  return root;
}

/** As `@key(fields:)` has it: `id size { unit }`. */
export function printKey(tree: KeyTree): string {
  return [...tree].map(([name, inner]) => (inner.size === 0 ? name : `${name} { ${printKey(inner)} }`)).join(' ');
}

/**
 * Adds the fields of a key to what a connector needs.
 *
 * @returns why the key cannot be one; undefined when it can
 */
export function addKey(types: SubgraphTypes, reach: Reach, typeName: string, tree: KeyTree): string | undefined {
  for (const [name, inner] of tree) {
    const field = types.field(typeName, name);
    if (field === undefined) return `${typeName} has no field "${name}"`;
    if ((field.arguments?.length ?? 0) > 0) return `${typeName}.${name} has arguments, so that no key can hold it`;
    const type = namedType(field.type);
    const kind = types.type(type)?.kind;
    if (kind === 'union' || kind === 'interface')
      return `${typeName}.${name} is no object type, so that no key can hold it`;
    if (kind === 'object' && inner.size === 0)
      return `${typeName}.${name} is an object: name the fields that are needed`;
    if (kind !== 'object' && inner.size > 0) return `${typeName}.${name} is of type ${type} and has no fields`;
    reach.addField(typeName, name);
    if (kind !== 'object') reach.addInput(type);
    const why = addKey(types, reach, type, inner);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The tree of a `@key(fields:)`; undefined for one that cannot be read. */
export function parseKey(text: string): KeyTree | undefined {
  try {
    const [definition] = parse(`{${text}}`).definitions;
    return definition?.kind === Kind.OPERATION_DEFINITION ? treeOf(definition.selectionSet) : undefined;
  } catch {
    return undefined;
  }
}

function treeOf({ selections }: SelectionSetNode): KeyTree {
  const tree = new Map<string, KeyTree>();
  for (const each of selections) {
    if (each.kind === Kind.FIELD) tree.set(each.name.value, each.selectionSet ? treeOf(each.selectionSet) : new Map());
  }
  return tree;
}
