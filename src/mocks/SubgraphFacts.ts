import { GraphQLError, Kind, isInterfaceType, isObjectType, parse, print, valueFromASTUntyped } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, GraphQLSchema, SelectionSetNode } from 'graphql';

import { withoutConnectors } from '../supergraph/connect/joinConnectors.js';
import { buildMockSchema, withoutDirective } from './buildMockSchema.js';
import { argument, federationNames } from './federationNames.js';
import type { MockSubgraph } from './mockSubgraph.js';

/** The leaves of a field set, as paths: `id organization { id }` is `id` and `organization.id`. */
export type KeyPaths = readonly string[];

/** What `@mock` says at a field. */
export type MockHint = Readonly<Record<string, unknown>>;

/** What one subgraph says about the graph; immutable. */
export interface SubgraphFacts {
  readonly name: string;
  /** Without `@mock`; with its connectors. */
  readonly sdl: string;
  /** What it says of itself: the same, without connectors. */
  readonly ownSdl: string;
  /** Executable; no resolvers yet. That of a REST service is what a GraphQL server would have in its place. */
  readonly schema: GraphQLSchema;
  /** By type: of objects, interfaces and interface objects. */
  readonly keys: ReadonlyMap<string, readonly KeyPaths[]>;
  readonly interfaceObjects: ReadonlySet<string>;
  /** By `Type.field`, of fields with `@requires`. */
  readonly requires: ReadonlyMap<string, KeyPaths>;
  /** `Type`, `Enum.VALUE`. */
  readonly inaccessible: ReadonlySet<string>;
  /** By `Type.field`, and by scalar. */
  readonly hints: ReadonlyMap<string, MockHint>;
  readonly said: MockSubgraph;
}

/** Throws: a GraphQLError for an SDL that does not parse, or whose keys or hints do not. */
export function readSubgraphFacts(name: string, said: MockSubgraph): SubgraphFacts {
  const written = parse(said.typeDefs);
  const plain = withoutConnectors(written);
  const parsed = plain ?? written;
  const canonicalName = federationNames(parsed);
  const keys = new Map<string, KeyPaths[]>();
  const interfaceObjects = new Set<string>();
  const requires = new Map<string, KeyPaths>();
  const inaccessible = new Set<string>();
  const hints = new Map<string, MockHint>();
  let hinted = false;
  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    for (const directive of directives ?? []) {
      const directiveName = canonicalName(directive.name.value);
      if (directiveName === 'interfaceObject') interfaceObjects.add(coordinate);
      else if (directiveName === 'inaccessible') inaccessible.add(coordinate);
      else if (directiveName === 'mock') {
        hinted = true;
        hints.set(coordinate, readHint(directive));
      } else if (directiveName === 'key' || directiveName === 'requires') {
        const fields = argument(directive, 'fields');
        if (fields?.kind !== Kind.STRING) continue;
        const paths = fieldSetPaths(fields.value, directive);
        if (directiveName === 'requires') requires.set(coordinate, paths);
        else keys.set(coordinate, [...(keys.get(coordinate) ?? []), paths]);
      }
    }
  };
  for (const node of parsed.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) hinted ||= node.name.value === 'mock';
    if (!('name' in node) || node.name === undefined || !('directives' in node)) continue;
    read(node.name.value, node.directives as readonly ConstDirectiveNode[]);
    for (const field of 'fields' in node ? (node.fields ?? []) : [])
      read(`${node.name.value}.${field.name.value}`, field.directives);
    for (const value of 'values' in node ? (node.values ?? []) : [])
      read(`${node.name.value}.${value.name.value}`, value.directives);
  }
  const document: DocumentNode = hinted ? withoutDirective(parsed, 'mock') : parsed;
  const sdl = hinted ? print(withoutDirective(written, 'mock')) : said.typeDefs;
  const schema = buildMockSchema(document, objectsOf(document, keys));
  for (const [type] of keys) {
    const found = schema.getType(type);
    if (!isObjectType(found) && !isInterfaceType(found)) keys.delete(type);
  }
  return {
    name,
    sdl,
    ownSdl: plain === undefined ? sdl : print(document),
    schema,
    keys,
    interfaceObjects,
    requires,
    inaccessible,
    hints,
    said,
  };
}

function objectsOf(document: DocumentNode, keys: ReadonlyMap<string, unknown>): string[] {
  const names = new Set<string>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (keys.has(node.name.value)) names.add(node.name.value);
  }
  return [...names];
}

function fieldSetPaths(fields: string, directive: ConstDirectiveNode): KeyPaths {
  try {
    const [operation] = parse(`{${fields}}`, { noLocation: true }).definitions;
    return leaves((operation as { readonly selectionSet: SelectionSetNode }).selectionSet, '');
  } catch (error) {
    throw new GraphQLError(
      `@${directive.name.value}(fields: "${fields}") is no set of fields: ${(error as Error).message}`,
      {
        nodes: directive,
      },
    );
  }
}

function leaves({ selections }: SelectionSetNode, prefix: string): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) {
      return selection.kind === Kind.INLINE_FRAGMENT ? leaves(selection.selectionSet, prefix) : [];
    }
    const path = `${prefix}${selection.name.value}`;
    if (selection.name.value === '__typename') return [];
    return selection.selectionSet === undefined ? [path] : leaves(selection.selectionSet, `${path}.`);
  });
}

/** What a field with `@requires` was given, and nothing that other fields of the same fetch need. undefined for other fields. */
export function inputsOf(
  { requires }: SubgraphFacts,
  coordinate: string,
  inputs: Readonly<Record<string, unknown>> | undefined,
): unknown {
  const paths = requires.get(coordinate);
  return paths && inputs && paths.map((path) => along(inputs, path.split('.')));
}

function along(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => along(item, names));
  const [name, ...rest] = names;
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  return Object.hasOwn(value, name) ? along((value as Record<string, unknown>)[name], rest) : undefined;
}

const HINTS = new Set(['value', 'oneOf', 'min', 'max', 'list']);

function readHint(directive: ConstDirectiveNode): MockHint {
  const hint: Record<string, unknown> = {};
  for (const { name, value } of directive.arguments ?? []) {
    if (!HINTS.has(name.value)) {
      throw new GraphQLError(`@mock has no argument "${name.value}" (it has ${[...HINTS].join(', ')})`, {
        nodes: directive,
      });
    }
    hint[name.value] = valueFromASTUntyped(value);
  }
  return hint;
}
