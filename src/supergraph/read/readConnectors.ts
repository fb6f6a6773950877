import { Kind, valueFromASTUntyped } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { CONNECT, CONNECT_VERSIONS } from '../model/Connector.js';
import type { Connector, RestSource } from '../model/Connector.js';
import { declaringSubgraph } from '../model/connectorUrl.js';
import { ConnectArgumentProblem, connectTexts, sourceTexts } from './connectTexts.js';
import { toLink } from './links.js';
import { namedType } from './readFieldTypes.js';
import { argument, carriedBy, importedName } from './specDirectives.js';

/** What one graph of the supergraph says about connectors. */
interface Graph {
  readonly name: string;
  /** The subgraph that declares the connector. */
  readonly subgraph: string;
  version: Connector['version'] | undefined;
  connect: string;
  source: string;
  readonly sources: Map<string, RestSource>;
}

/**
 * The connectors of a supergraph in which each is a subgraph of its own, as Portico composes it.
 *
 * Errors: SUPERGRAPH_FEATURE_UNSUPPORTED for one that stands in a subgraph with other things: it has to be expanded first;
 * SUPERGRAPH_INVALID for arguments that make no sense.
 */
export function readConnectors(document: DocumentNode, joinPrefix: string): readonly Connector[] {
  const joinDirective = `${joinPrefix}__directive`;
  const graphs = readGraphs(document, joinPrefix);
  const carried = (directives: readonly ConstDirectiveNode[] | undefined): Carried[] =>
    (directives ?? []).flatMap((each) => {
      const directive = carriedBy(each, joinDirective);
      return directive === undefined ? [] : graphsOf(each).map((graph) => ({ directive, graph }));
    });
  try {
    readSchema(document, graphs, carried);
    if (![...graphs.values()].some(({ version }) => version !== undefined)) return [];
    return readAll(document, joinPrefix, graphs, carried);
  } catch (error) {
    if (!(error instanceof ConnectArgumentProblem)) throw error;
    throw new PorticoError(
      'SUPERGRAPH_INVALID',
      `The supergraph has a connector that cannot be used: ${error.message}`,
    );
  }
}

interface Carried {
  readonly directive: ConstDirectiveNode;
  /** Value of `join__Graph`. */
  readonly graph: string;
}

type ReadCarried = (directives: readonly ConstDirectiveNode[] | undefined) => Carried[];

function readSchema(document: DocumentNode, graphs: ReadonlyMap<string, Graph>, carried: ReadCarried): void {
  const all = document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? carried(node.directives) : [],
  );
  for (const { directive, graph } of all) {
    const at = graphs.get(graph);
    const url = stringArgument(directive, 'url');
    if (at === undefined || url === undefined) continue;
    const { identity, version, prefix } = toLink(url, stringArgument(directive, 'as'), undefined);
    if (identity !== CONNECT) continue;
    const imports = argument(directive, 'import');
    at.version = CONNECT_VERSIONS.find((each) => `v${each}` === version);
    at.connect = importedName(imports, '@connect') ?? prefix;
    at.source = importedName(imports, '@source') ?? `${prefix}__source`;
  }
  for (const { directive, graph } of all) {
    const at = graphs.get(graph);
    if (at?.version === undefined || directive.name.value !== at.source) continue;
    const source = sourceTexts(directive);
    at.sources.set(source.name, source);
  }
}

function readAll(
  document: DocumentNode,
  joinPrefix: string,
  graphs: ReadonlyMap<string, Graph>,
  carried: ReadCarried,
): Connector[] {
  const connectors: Connector[] = [];
  const roots = rootTypes(document);
  const keys = readKeys(document, joinPrefix);
  const add = (found: readonly Carried[], typeName: string, field: FieldDefinitionNode | undefined): void => {
    for (const { directive, graph } of found) {
      const at = graphs.get(graph);
      if (at?.version === undefined || directive.name.value !== at.connect) continue;
      if (at.subgraph === '') throw notExpanded(at.name);
      const texts = connectTexts(directive);
      const root = roots.get(typeName);
      const outputType = field === undefined ? typeName : namedType(field.type);
      connectors.push({
        ...texts,
        graph: at.name,
        subgraph: at.subgraph,
        version: at.version,
        restSource: texts.source === undefined ? undefined : at.sources.get(texts.source),
        typeName,
        fieldName: field?.name.value,
        root,
        outputType,
        key: keys.get(`${graph} ${root === undefined ? typeName : outputType}`),
        argumentTypes: Object.fromEntries(
          (field?.arguments ?? []).map(({ name, type }) => [name.value, namedType(type)]),
        ),
        argumentDefaults: defaultsOf(field),
      });
    }
  };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    add(carried(node.directives), node.name.value, undefined);
    for (const field of node.fields ?? []) add(carried(field.directives), node.name.value, field);
  }
  return connectors;
}

function readGraphs(document: DocumentNode, joinPrefix: string): ReadonlyMap<string, Graph> {
  const graphs = new Map<string, Graph>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.ENUM_TYPE_DEFINITION || type.name.value !== `${joinPrefix}__Graph`) continue;
    for (const value of type.values ?? []) {
      const graph = value.directives?.find(({ name }) => name.value === `${joinPrefix}__graph`);
      const name = (graph && stringArgument(graph, 'name')) ?? value.name.value;
      const url = (graph && stringArgument(graph, 'url')) ?? '';
      const subgraph = declaringSubgraph(url) ?? '';
      const empty = { version: undefined, connect: '', source: '', sources: new Map() };
      graphs.set(value.name.value, { name, subgraph, ...empty });
    }
  }
  return graphs;
}

/** By value of `join__Graph` and type. */
function readKeys(document: DocumentNode, joinPrefix: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of node.directives ?? []) {
      if (directive.name.value !== `${joinPrefix}__type`) continue;
      const graph = argument(directive, 'graph');
      const key = stringArgument(directive, 'key');
      if (graph?.kind === Kind.ENUM && key !== undefined) keys.set(`${graph.value} ${node.name.value}`, key);
    }
  }
  return keys;
}

function defaultsOf(field: FieldDefinitionNode | undefined): Readonly<Record<string, unknown>> {
  const defaults = (field?.arguments ?? []).flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [[name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return Object.fromEntries(defaults);
}

function rootTypes(document: DocumentNode): ReadonlyMap<string, 'query' | 'mutation'> {
  const roots = new Map<string, 'query' | 'mutation'>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { operation, type } of node.operationTypes) {
      if (operation !== 'subscription') roots.set(type.name.value, operation);
    }
  }
  return roots;
}

function graphsOf(join: ConstDirectiveNode): string[] {
  const list = argument(join, 'graphs');
  const values = list?.kind === Kind.LIST ? list.values : list === undefined ? [] : [list];
  return values.flatMap((each) => (each.kind === Kind.ENUM ? [each.value] : []));
}

function notExpanded(graph: string): PorticoError {
  return new PorticoError(
    'SUPERGRAPH_FEATURE_UNSUPPORTED',
    `The REST connectors of the subgraph ${graph} were composed elsewhere, where it is not known which fields each can answer: give the subgraphs to Portico (supergraph.subgraphs, or portico compose)`,
    { details: { subgraph: graph } },
  );
}

function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}
