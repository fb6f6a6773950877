import { Kind, buildASTSchema, parse } from 'graphql';
import type { ConstDirectiveNode, DefinitionNode, DocumentNode, GraphQLSchema } from 'graphql';

/** Extensions that may stand without a definition, and what they are then. */
const DEFINITIONS = {
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
} as const;

/**
 * The schema that a subgraph executes: its SDL with `_service` and, when it has entities, `_entities`. No directive is looked at, so
 * that an SDL needs neither `@link` nor definitions.
 *
 * @param entities names of the object types with a key
 * Throws: a GraphQLError for unknown types.
 */
export function buildMockSchema(document: DocumentNode, entities: readonly string[]): GraphQLSchema {
  const defined = new Set(document.definitions.filter(isDefinition).map((node) => node.name.value));
  const queryName = rootName(document);
  const definitions: DefinitionNode[] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION || node.kind === Kind.OPERATION_DEFINITION) continue;
    const kind = DEFINITIONS[node.kind as keyof typeof DEFINITIONS];
    const name = kind === undefined ? undefined : (node as { readonly name: { readonly value: string } }).name.value;
    if (name === undefined || defined.has(name)) {
      definitions.push(node);
      continue;
    }
    defined.add(name);
    definitions.push({ ...node, kind } as DefinitionNode);
  }
  const fields = `_service: _Service! ${entities.length > 0 ? '_entities(representations: [_Any!]!): [_Entity]!' : ''}`;
  const added = parse(`
    ${defined.has(queryName) ? 'extend ' : ''}type ${queryName} { ${fields} }
    ${defined.has('_Service') ? '' : 'type _Service { sdl: String! }'}
    ${defined.has('_Any') ? '' : 'scalar _Any'}
    ${entities.length > 0 && !defined.has('_Entity') ? `union _Entity = ${entities.join(' | ')}` : ''}
  `);
  return buildASTSchema(
    { kind: Kind.DOCUMENT, definitions: [...definitions, ...added.definitions] },
    { assumeValid: true, assumeValidSDL: true },
  );
}

/** What the root type of queries is called. */
function rootName(document: DocumentNode): string {
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    const query = node.operationTypes?.find(({ operation }) => operation === 'query');
    if (query !== undefined) return query.type.name.value;
  }
  return 'Query';
}

function isDefinition(node: DefinitionNode): node is DefinitionNode & { readonly name: { readonly value: string } } {
  return (Object.values(DEFINITIONS) as string[]).includes(node.kind);
}

/** The document without a directive and its definition. */
export function withoutDirective(document: DocumentNode, name: string): DocumentNode {
  const clean = <T>(node: T): T => {
    if (Array.isArray(node)) return node.filter((one) => !isUse(one, name)).map(clean) as T;
    if (typeof node !== 'object' || node === null || !('kind' in node)) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, key === 'loc' ? value : clean(value)]),
    ) as T;
  };
  return clean(document);
}

function isUse(node: unknown, name: string): boolean {
  const { kind, name: called } = node as ConstDirectiveNode;
  return (kind === Kind.DIRECTIVE || (kind as string) === Kind.DIRECTIVE_DEFINITION) && called.value === name;
}
