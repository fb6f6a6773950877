import { Kind, parse } from 'graphql';
import type {
  ConstDirectiveNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  NameNode,
  NamedTypeNode,
  ObjectTypeDefinitionNode,
  SchemaDefinitionNode,
  SchemaExtensionNode,
} from 'graphql';

import type { ConnectNames } from './ConnectNames.js';
import type { Draft } from './Draft.js';
import { printKey } from './KeyTree.js';
import type { Provided } from './provided.js';
import type { SubgraphTypes, TypeNodes } from './SubgraphTypes.js';

/** For schemas that link nothing but Connectors. Without locations: nobody wrote it. */
const FEDERATION: readonly DefinitionNode[] = parse(
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject", "@override", "@tag", "@inaccessible"])',
  { noLocation: true },
).definitions;

/** What the subgraphs of one schema's connectors have in common. */
export interface WriteSetting {
  readonly document: DocumentNode;
  readonly types: SubgraphTypes;
  readonly names: ConnectNames;
  /** `Type.field` that several connectors give. */
  readonly shared: ReadonlySet<string>;
}

/**
 * The schema of one connector as a subgraph of its own: the part of its subgraph's schema that it can answer. Nodes keep their places, so
 * that what composition says about them is said of the file.
 */
export function writeSubgraph(draft: Draft, provided: Provided, setting: WriteSetting): DocumentNode {
  const writer = new SubgraphWriter(draft, provided, setting);
  return { kind: Kind.DOCUMENT, definitions: writer.definitions() };
}

class SubgraphWriter {
  readonly #draft: Draft;
  readonly #provided: Provided;
  readonly #setting: WriteSetting;
  /** Fields of each object type and interface, as they will be. */
  readonly #fields = new Map<string, ReadonlySet<string>>();

  constructor(draft: Draft, provided: Provided, setting: WriteSetting) {
    this.#draft = draft;
    this.#provided = provided;
    this.#setting = setting;
    this.#settleFields();
  }

  definitions(): DefinitionNode[] {
    const { document, types } = this.#setting;
    const { reach } = this.#draft;
    const result: DefinitionNode[] = this.#setting.names.isFederation ? [] : [...FEDERATION];
    for (const node of document.definitions) {
      if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) result.push(this.#schema(node));
      else if (node.kind === Kind.DIRECTIVE_DEFINITION) result.push(node);
    }
    for (const name of types.names) {
      const type = types.type(name)!;
      if (reach.whole.has(name)) result.push(...(type.nodes as readonly DefinitionNode[]));
      else if (this.#fields.has(name)) result.push(...this.#composite(name, type));
    }
    return result;
  }

  /** An interface has the fields that all its types have here; a type without fields is left out. */
  #settleFields(): void {
    const { types } = this.#setting;
    const { fields } = this.#draft.reach;
    const interfaces = new Set<string>();
    for (const [name, reached] of fields) {
      const kind = types.type(name)?.kind;
      if (kind === 'object' && reached.size > 0) {
        this.#fields.set(name, reached);
        for (const each of types.interfacesOf(name)) interfaces.add(each);
      } else if (kind === 'interface') interfaces.add(name);
      else if (kind === 'union') this.#fields.set(name, new Set());
    }
    for (const name of interfaces) {
      const members = types.possibleTypes(name).flatMap((each) => this.#fields.get(each) ?? []);
      const common = types.fieldsOf(name).filter((field) => members.every((each) => each.has(field.name.value)));
      if (common.length > 0) this.#fields.set(name, new Set(common.map((field) => field.name.value)));
    }
  }

  #schema(node: SchemaDefinitionNode | SchemaExtensionNode): SchemaDefinitionNode | SchemaExtensionNode {
    const { names } = this.#setting;
    const { source } = this.#draft.declaration.texts;
    const directives = node.directives?.filter(
      (directive) => directive.name.value !== names.source || nameArgument(directive) === source,
    );
    const operationTypes = node.operationTypes?.filter(({ type }) => this.#fields.has(type.name.value));
    return { ...node, directives, operationTypes } as SchemaDefinitionNode;
  }

  #composite(name: string, type: TypeNodes): DefinitionNode[] {
    if (type.kind === 'union') {
      const members = type.nodes.flatMap(({ types = [] }) => types).filter((each) => this.#fields.has(each.name.value));
      const [first] = type.nodes;
      const directives = type.nodes.flatMap((node) => node.directives ?? []);
      return members.length === 0 ? [] : [{ ...first!, kind: Kind.UNION_TYPE_DEFINITION, directives, types: members }];
    }
    if (type.kind !== 'object' && type.kind !== 'interface') return [];
    const [first] = type.nodes;
    const { names, types } = this.#setting;
    const written = type.nodes.flatMap((node) => node.directives ?? []);
    const directives = written.filter((directive) => !names.dropped.has(directive.name.value));
    const node = {
      ...first!,
      kind: type.kind === 'object' ? Kind.OBJECT_TYPE_DEFINITION : Kind.INTERFACE_TYPE_DEFINITION,
      interfaces: this.#interfaces(type.nodes.flatMap(({ interfaces = [] }) => interfaces)),
      directives: [...directives, ...this.#typeDirectives(name, written)],
      fields: types.fieldsOf(name).flatMap((field) => this.#field(name, type.kind, field)),
    };
    const described = type.nodes.find((each) => 'description' in each && each.description !== undefined);
    return [
      {
        ...node,
        description: described !== undefined && 'description' in described ? described.description : undefined,
      } as ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
    ];
  }

  #interfaces(named: readonly NamedTypeNode[]): NamedTypeNode[] {
    const seen = new Set<string>();
    return named.filter(({ name: { value } }) => {
      if (seen.has(value) || !this.#fields.has(value)) return false;
      seen.add(value);
      return true;
    });
  }

  #typeDirectives(name: string, written: readonly ConstDirectiveNode[]): ConstDirectiveNode[] {
    const { names } = this.#setting;
    const { declaration, entry } = this.#draft;
    const result: ConstDirectiveNode[] = [];
    if (entry?.typeName === name) {
      result.push(directiveNode(names.key, { fields: printKey(entry.key) }, declaration.directive));
    } else if (written.some((each) => each.name.value === names.interfaceObject)) {
      for (const each of written) {
        if (each.name.value === names.key)
          result.push(directiveNode(names.key, { fields: fieldsArgument(each), resolvable: false }, each));
      }
    }
    if (declaration.field === undefined && declaration.typeName === name) result.push(declaration.directive);
    return result;
  }

  #field(typeName: string, kind: TypeNodes['kind'], field: FieldDefinitionNode): FieldDefinitionNode[] {
    if (!this.#fields.get(typeName)!.has(field.name.value)) return [];
    const { names, shared } = this.#setting;
    const { declaration, entry } = this.#draft;
    const coordinate = `${typeName}.${field.name.value}`;
    const directives = (field.directives ?? []).filter(({ name }) => !names.dropped.has(name.value));
    const isExternal = this.#provided.external.has(coordinate);
    const provides = this.#provided.provides.get(coordinate);
    if (isExternal) directives.push(directiveNode(names.external, {}, field));
    else if (
      kind === 'object' &&
      shared.has(coordinate) &&
      directives.every(({ name }) => name.value !== names.shareable)
    ) {
      directives.push(directiveNode(names.shareable, {}, field));
    }
    if (provides !== undefined) directives.push(directiveNode(names.provides, { fields: provides }, field));
    if (field === declaration.field) {
      if (entry !== undefined && entry.requires.size > 0) {
        directives.push(directiveNode(names.requires, { fields: printKey(entry.requires) }, field));
      }
      directives.push(declaration.directive);
    }
    return [{ ...field, directives }];
  }
}

function directiveNode(
  name: string,
  args: Readonly<Record<string, string | boolean>>,
  at: { readonly loc?: ConstDirectiveNode['loc'] },
): ConstDirectiveNode {
  const loc = at.loc === undefined ? {} : { loc: at.loc };
  const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value, ...loc });
  return {
    kind: Kind.DIRECTIVE,
    name: nameNode(name),
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: nameNode(argument),
      value: typeof value === 'string' ? { kind: Kind.STRING, value, ...loc } : { kind: Kind.BOOLEAN, value, ...loc },
      ...loc,
    })),
    ...loc,
  };
}

function nameArgument(directive: ConstDirectiveNode): string | undefined {
  return stringArgument(directive, 'name');
}

function fieldsArgument(directive: ConstDirectiveNode): string {
  return stringArgument(directive, 'fields') ?? '';
}

function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((each) => each.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
