import { Kind, buildASTSchema, isIntrospectionType, isSpecifiedScalarType, visit } from 'graphql';
import type {
  DocumentNode,
  FieldDefinitionNode,
  GraphQLSchema,
  SchemaDefinitionNode,
  TypeDefinitionNode,
} from 'graphql';

type Types = Map<string, TypeDefinitionNode>;

/**
 * The part of a schema that somebody sees: fields that they may have, and types that these fields, their arguments and interfaces lead to.
 *
 * @param isVisible of a field of an object type or interface
 */
export function visibleSchema(
  schema: GraphQLSchema,
  isVisible: (type: string, field: string) => boolean,
): GraphQLSchema {
  const types: Types = new Map();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type) || !type.astNode) continue;
    types.set(
      type.name,
      withFields(type.astNode, (field) => isVisible(type.name, field.name.value)),
    );
  }
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const query = roots[0]?.name ?? 'Query';
  while (removeEmpty(types, query));
  const directives = schema.getDirectives().flatMap(({ astNode }) => (astNode ? [astNode] : []));
  const named = roots.flatMap((type) => (type && types.has(type.name) ? [type.name] : []));
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [schemaNode(schema, types), ...directives, ...reachable(types, named, directives)],
  };
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

function withFields(node: TypeDefinitionNode, keeps: (field: FieldDefinitionNode) => boolean): TypeDefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
  return { ...node, fields: (node.fields ?? []).filter(keeps) };
}

/** Takes away types of which nothing is left, and what refers to them. Gives whether anything changed. */
function removeEmpty(types: Types, query: string): boolean {
  const before = types.size;
  for (const [name, node] of types) {
    const hasNothing = 'fields' in node ? node.fields?.length === 0 : 'types' in node && node.types?.length === 0;
    if (hasNothing && name !== query) types.delete(name);
  }
  if (types.size === before) return false;
  const exists = (name: string): boolean => types.has(name) || BUILT_IN.has(name);
  for (const [name, node] of types) {
    let kept = withFields(node, (field) => exists(namedType(field)));
    if ('interfaces' in kept)
      kept = { ...kept, interfaces: (kept.interfaces ?? []).filter((each) => types.has(each.name.value)) };
    if (kept.kind === Kind.UNION_TYPE_DEFINITION)
      kept = { ...kept, types: (kept.types ?? []).filter((each) => types.has(each.name.value)) };
    types.set(name, kept);
  }
  return true;
}

const BUILT_IN: ReadonlySet<string> = new Set(['ID', 'Int', 'Float', 'String', 'Boolean']);

function namedType({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

/** Types that something visible names; of an interface also the types that implement it. */
function reachable(
  types: Types,
  roots: readonly string[],
  directives: DocumentNode['definitions'],
): TypeDefinitionNode[] {
  const implementers = new Map<string, string[]>();
  for (const [name, node] of types) {
    if (!('interfaces' in node)) continue;
    for (const { name: parent } of node.interfaces ?? [])
      implementers.set(parent.value, [...(implementers.get(parent.value) ?? []), name]);
  }
  const found = new Set<string>();
  const pending = [...roots];
  const follow = (node: Parameters<typeof visit>[0]): void =>
    void visit(node, { NamedType: ({ name }) => void pending.push(name.value) });
  for (const directive of directives) follow(directive);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = types.get(name);
    if (node === undefined || found.has(name)) continue;
    found.add(name);
    follow(node);
    pending.push(...(implementers.get(name) ?? []));
  }
  return [...types].filter(([name]) => found.has(name)).map(([, node]) => node);
}

function schemaNode(schema: GraphQLSchema, types: Types): SchemaDefinitionNode {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return {
    kind: Kind.SCHEMA_DEFINITION,
    operationTypes: roots.flatMap(([operation, type]) =>
      type && types.has(type.name)
        ? [
            {
              kind: Kind.OPERATION_TYPE_DEFINITION,
              operation: operation as SchemaDefinitionNode['operationTypes'][number]['operation'],
              type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
            } as const,
          ]
        : [],
    ),
  };
}
