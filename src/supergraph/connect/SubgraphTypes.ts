import { Kind } from 'graphql';
import type {
  DefinitionNode,
  DocumentNode,
  EnumTypeDefinitionNode,
  EnumTypeExtensionNode,
  FieldDefinitionNode,
  InputObjectTypeDefinitionNode,
  InputObjectTypeExtensionNode,
  InterfaceTypeDefinitionNode,
  InterfaceTypeExtensionNode,
  ObjectTypeDefinitionNode,
  ObjectTypeExtensionNode,
  OperationTypeNode,
  ScalarTypeDefinitionNode,
  ScalarTypeExtensionNode,
  TypeNode,
  UnionTypeDefinitionNode,
  UnionTypeExtensionNode,
} from 'graphql';

export type ComplexNode =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;
export type TypeNodes =
  | { readonly kind: 'object' | 'interface'; readonly nodes: readonly ComplexNode[] }
  | { readonly kind: 'union'; readonly nodes: ReadonlyArray<UnionTypeDefinitionNode | UnionTypeExtensionNode> }
  | { readonly kind: 'enum'; readonly nodes: ReadonlyArray<EnumTypeDefinitionNode | EnumTypeExtensionNode> }
  | {
      readonly kind: 'input';
      readonly nodes: ReadonlyArray<InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode>;
    }
  | { readonly kind: 'scalar'; readonly nodes: ReadonlyArray<ScalarTypeDefinitionNode | ScalarTypeExtensionNode> };

/** The types of one subgraph's schema, extensions joined to what they extend. */
export class SubgraphTypes {
  readonly #types = new Map<string, TypeNodes>();
  readonly #possible = new Map<string, string[]>();
  readonly #roots = new Map<string, 'query' | 'mutation' | 'subscription'>([
    ['Query', 'query'],
    ['Mutation', 'mutation'],
    ['Subscription', 'subscription'],
  ]);

  constructor(document: DocumentNode) {
    for (const node of document.definitions) this.#add(node);
    for (const [name, type] of this.#types) {
      if (type.kind === 'union') {
        this.#possible.set(name, [
          ...new Set(type.nodes.flatMap(({ types = [] }) => types.map((each) => each.name.value))),
        ]);
      } else if (type.kind === 'object') {
        for (const interfaceName of this.interfacesOf(name)) {
          const list = this.#possible.get(interfaceName);
          if (list === undefined) this.#possible.set(interfaceName, [name]);
          else list.push(name);
        }
      }
    }
  }

  get names(): Iterable<string> {
    return this.#types.keys();
  }

  type(name: string): TypeNodes | undefined {
    return this.#types.get(name);
  }

  rootOf(typeName: string): 'query' | 'mutation' | 'subscription' | undefined {
    return this.#roots.get(typeName);
  }

  /** Fields of an object type or interface; of anything else none. */
  fieldsOf(typeName: string): readonly FieldDefinitionNode[] {
    const type = this.#types.get(typeName);
    if (type?.kind !== 'object' && type?.kind !== 'interface') return [];
    return type.nodes.flatMap(({ fields = [] }) => fields);
  }

  field(typeName: string, fieldName: string): FieldDefinitionNode | undefined {
    return this.fieldsOf(typeName).find(({ name }) => name.value === fieldName);
  }

  interfacesOf(typeName: string): readonly string[] {
    const type = this.#types.get(typeName);
    if (type?.kind !== 'object' && type?.kind !== 'interface') return [];
    return [...new Set(type.nodes.flatMap(({ interfaces = [] }) => interfaces.map((each) => each.name.value)))];
  }

  /** What an interface or union may be; of an object type itself. */
  possibleTypes(typeName: string): readonly string[] {
    return this.#types.get(typeName)?.kind === 'object' ? [typeName] : (this.#possible.get(typeName) ?? []);
  }

  isComposite(typeName: string): boolean {
    const kind = this.#types.get(typeName)?.kind;
    return kind === 'object' || kind === 'interface' || kind === 'union';
  }

  #add(node: DefinitionNode): void {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const { operation, type } of node.operationTypes ?? []) this.#rename(operation, type.name.value);
      return;
    }
    const kind = kinds.get(node.kind);
    if (kind === undefined || !('name' in node) || node.name === undefined) return;
    const name = node.name.value;
    const before = this.#types.get(name);
    // What is two things at once is for composition to refuse.
    if (before !== undefined && before.kind !== kind) return;
    this.#types.set(name, { kind, nodes: [...(before?.nodes ?? []), node] } as TypeNodes);
  }

  #rename(operation: OperationTypeNode, typeName: string): void {
    for (const [name, root] of this.#roots) if (root === operation) this.#roots.delete(name);
    this.#roots.set(typeName, operation);
  }
}

const kinds: ReadonlyMap<string, TypeNodes['kind']> = new Map([
  [Kind.OBJECT_TYPE_DEFINITION, 'object'],
  [Kind.OBJECT_TYPE_EXTENSION, 'object'],
  [Kind.INTERFACE_TYPE_DEFINITION, 'interface'],
  [Kind.INTERFACE_TYPE_EXTENSION, 'interface'],
  [Kind.UNION_TYPE_DEFINITION, 'union'],
  [Kind.UNION_TYPE_EXTENSION, 'union'],
  [Kind.ENUM_TYPE_DEFINITION, 'enum'],
  [Kind.ENUM_TYPE_EXTENSION, 'enum'],
  [Kind.INPUT_OBJECT_TYPE_DEFINITION, 'input'],
  [Kind.INPUT_OBJECT_TYPE_EXTENSION, 'input'],
  [Kind.SCALAR_TYPE_DEFINITION, 'scalar'],
  [Kind.SCALAR_TYPE_EXTENSION, 'scalar'],
] as const);

export function isListType(type: TypeNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return inner.kind === Kind.LIST_TYPE;
}
