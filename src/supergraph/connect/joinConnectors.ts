import { Kind, print } from 'graphql';
import type {
  ConstDirectiveNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  OperationTypeDefinitionNode,
  SchemaDefinitionNode,
  SchemaExtensionNode,
  UnionTypeDefinitionNode,
} from 'graphql';

import { CONNECT } from '../model/Connector.js';
import { featureIdentity, textArgument } from '../read/links.js';
import { connectNames } from './ConnectNames.js';
import type { ConnectNames } from './ConnectNames.js';
import { expandConnectors } from './expandConnectors.js';
import { parseKey } from './KeyTree.js';

/** What directives are called. */
type Names = Pick<ConnectNames, 'connect' | 'source' | 'external' | 'provides' | 'requires' | 'shareable'>;

const USUAL: Names = {
  connect: 'connect',
  source: 'source',
  external: 'external',
  provides: 'provides',
  requires: 'requires',
  shareable: 'shareable',
};

/**
 * The schema of a REST service as a GraphQL server would have it: without connectors, and with the keys that they look objects up by.
 * Undefined for a schema that has none, or whose connectors are wrong: that is said where they are composed.
 *
 * @param document parsed with locations
 */
export function withoutConnectors(document: DocumentNode): DocumentNode | undefined {
  const names = connectNames(document);
  const subgraphs = expandConnectors('rest', document)?.subgraphs ?? [];
  if (names === undefined || subgraphs.length === 0) return undefined;
  return joinConnectors(
    subgraphs.map((each) => each.document),
    names,
  );
}

/**
 * One subgraph that answers what each of these does. It can look up every field of an object whose key is known, which a connector may be
 * unable to: nothing is `@provides`d, and `@external` is only what is `@requires`d of others.
 *
 * @param documents what stands for the connectors of one subgraph, see `expandConnectors`
 */
export function joinConnectors(documents: readonly DocumentNode[], names: Names = USUAL): DocumentNode {
  const joined = new Map<string, DefinitionNode[]>();
  for (const document of documents) {
    for (const [name, nodes] of byName(document)) {
      const known = joined.get(name)?.[0];
      const [node] = nodes;
      if (known === undefined) joined.set(name, nodes);
      else if (isComposite(known) && isComposite(node!)) joined.set(name, [joinTypes(known, node)]);
      else if (known.kind === Kind.UNION_TYPE_DEFINITION && node?.kind === Kind.UNION_TYPE_DEFINITION) {
        joined.set(name, [joinUnions(known, node)]);
      }
    }
  }
  const definitions = [...joined.values()].flat().map((node) => (isComposite(node) ? asServed(node, names) : node));
  return { kind: Kind.DOCUMENT, definitions: [joinSchemas(documents), ...definitions] };
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
type Schema = SchemaDefinitionNode | SchemaExtensionNode;

/** Types and directives; a type may stand in several parts. */
function byName({ definitions }: DocumentNode): Map<string, DefinitionNode[]> {
  const found = new Map<string, DefinitionNode[]>();
  for (const node of definitions) {
    if (!('name' in node) || node.name === undefined) continue;
    const name = `${node.kind === Kind.DIRECTIVE_DEFINITION ? '@' : ''}${node.name.value}`;
    found.set(name, [...(found.get(name) ?? []), node]);
  }
  return found;
}

function isComposite(node: DefinitionNode): node is Composite {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function joinTypes<Type extends Composite>(one: Type, other: Composite): Type {
  const fields = new Map((one.fields ?? []).map((field) => [field.name.value, field]));
  for (const field of other.fields ?? []) {
    const known = fields.get(field.name.value);
    const same = known && { ...known, directives: joinDirectives(known, field) };
    fields.set(field.name.value, same ?? field);
  }
  return {
    ...one,
    interfaces: distinct([...(one.interfaces ?? []), ...(other.interfaces ?? [])]),
    directives: joinDirectives(one, other),
    fields: [...fields.values()],
  };
}

function joinUnions(one: UnionTypeDefinitionNode, other: UnionTypeDefinitionNode): UnionTypeDefinitionNode {
  return { ...one, types: distinct([...(one.types ?? []), ...(other.types ?? [])]) };
}

/** What they link, but for Connectors, and their root types. */
function joinSchemas(documents: readonly DocumentNode[]): Schema {
  const schemas = documents
    .flatMap(({ definitions }) => definitions)
    .filter((node): node is Schema => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION);
  const links = schemas.flatMap(({ directives = [] }) => directives.filter(isOtherLink));
  const operations = new Map<string, OperationTypeDefinitionNode>();
  for (const { operationTypes = [] } of schemas)
    for (const each of operationTypes) operations.set(each.operation, each);
  const parts = { directives: distinct(links), operationTypes: [...operations.values()] };
  return operations.size > 0 ? { kind: Kind.SCHEMA_DEFINITION, ...parts } : { kind: Kind.SCHEMA_EXTENSION, ...parts };
}

function isOtherLink(directive: ConstDirectiveNode): boolean {
  const url = textArgument(directive, 'url');
  return url !== undefined && featureIdentity(url) !== CONNECT;
}

function joinDirectives(
  one: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  other: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
): readonly ConstDirectiveNode[] {
  return distinct([...(one.directives ?? []), ...(other.directives ?? [])]);
}

function distinct<Node extends Parameters<typeof print>[0]>(nodes: readonly Node[]): readonly Node[] {
  return [...new Map(nodes.map((node) => [print(node), node])).values()];
}

/** A type as a GraphQL server has it. */
function asServed<Type extends Composite>(type: Type, names: Names): Type {
  const { fields = [], directives = [] } = type;
  const required = new Set(fields.flatMap((field) => namesRequired(field, names)));
  const served = fields.map((field) => {
    const [external, others] = [names.external, [names.connect, names.provides]];
    const isRequired = required.has(field.name.value);
    const kept = (field.directives ?? [])
      .filter(({ name }) => !others.includes(name.value))
      // What others have as well, or it would not be external.
      .map((each) => (each.name.value === external && !isRequired ? renamed(each, names.shareable) : each));
    return { ...field, directives: distinct(kept) };
  });
  return { ...type, directives: directives.filter(({ name }) => name.value !== names.connect), fields: served };
}

/** Fields of the same type that a field requires of other subgraphs. */
function namesRequired({ directives = [] }: FieldDefinitionNode, names: Names): string[] {
  return directives.flatMap((directive) => {
    const fields = directive.name.value === names.requires ? textArgument(directive, 'fields') : undefined;
    return fields === undefined ? [] : [...(parseKey(fields)?.keys() ?? [])];
  });
}

function renamed(directive: ConstDirectiveNode, value: string): ConstDirectiveNode {
  return { ...directive, name: { kind: Kind.NAME, value } };
}
