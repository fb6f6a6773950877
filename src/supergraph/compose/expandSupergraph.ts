import { Kind, parse, print } from 'graphql';
import type { ConstDirectiveNode, DefinitionNode, DocumentNode, FieldDefinitionNode } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { withoutMissingRoots } from '../connect/withoutMissingRoots.js';
import { CONNECT } from '../model/Connector.js';
import { extractSubgraphs } from '../read/extractSubgraphs.js';
import type { ExtractedSubgraph } from '../read/extractSubgraphs.js';
import { featureIdentity, joinPrefix, textArgument } from '../read/links.js';
import { namedType } from '../read/readFieldTypes.js';
import { argument, carriedBy } from '../read/specDirectives.js';
import { compose } from './compose.js';
import { CompositionError } from './CompositionError.js';
import { isComposedElsewhere } from './isComposedElsewhere.js';
import { listedGraphs } from './listedGraphs.js';
import type { ListedGraph } from './listedGraphs.js';
import { replaceJoins } from './replaceJoins.js';
import type { NewGraphs } from './replaceJoins.js';
import { messageOf } from '../../base/kit/messageOf.js';

/** Problems that a message repeats. */
const MAX_PROBLEMS = 5;

/**
 * A supergraph that another tool composed, as Portico composes it: each connector a subgraph of its own. What has no connectors, or was
 * composed by Portico, is given back as it is.
 *
 * The subgraphs are taken out of the supergraph, those with connectors are expanded, all are composed again, and what is new is who
 * answers what: everything else (access rules, costs, tags, directives of the user's own, descriptions) stays as it was written.
 *
 * Synchronous and slow; see `expandInWorker`. Errors: SUPERGRAPH_INVALID for a supergraph that cannot be read,
 * SUPERGRAPH_FEATURE_UNSUPPORTED for connectors that cannot be executed.
 */
export function expandSupergraph(supergraphSdl: string): string {
  if (!isComposedElsewhere(supergraphSdl)) return supergraphSdl;
  const document = parseSdl(supergraphSdl);
  const prefix = joinPrefix(document);
  if (prefix !== 'join') throw unsupported(`the join specification is called ${prefix} in it`);
  const graphs = listedGraphs(supergraphSdl);
  const written = readConnectorGraphs(document, graphs);
  if (written.size === 0) return supergraphSdl;
  const subgraphs = extractSubgraphs(print(withoutConnectLink(document))).map((subgraph) => ({
    name: subgraph.name,
    url: subgraph.url,
    sdl: withConnectors(subgraph, written.get(subgraph.name), document),
    file: `subgraph ${subgraph.name} of the supergraph`,
  }));
  try {
    const composed = compose(subgraphs).supergraphSdl;
    const joins = parse(composed, { noLocation: true });
    return print(replaceJoins(document, joins, newGraphs(graphs, listedGraphs(composed))));
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    const { problems } = error;
    const told = problems.slice(0, MAX_PROBLEMS).map(({ code, message }) => `${code} ${message}`);
    const more = problems.length > told.length ? [`and ${problems.length - told.length} more`] : [];
    throw unsupported([...told, ...more].join('; '));
  }
}

/** Composition links the newest version of Connectors that it knows, whatever subgraphs use. What they use is carried. */
function withoutConnectLink(document: DocumentNode): DocumentNode {
  const isLink = (each: ConstDirectiveNode): boolean => featureIdentity(textArgument(each, 'url') ?? '') === CONNECT;
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? { ...node, directives: (node.directives ?? []).filter((each) => !isLink(each)) }
      : node,
  );
  return { ...document, definitions };
}

/** What a supergraph carries of one subgraph's connectors. */
interface Written {
  /** `@link` and `@source`. */
  readonly ofSchema: ConstDirectiveNode[];
  /** `@connect` by `Type` and `Type.field`. */
  readonly connects: Map<string, ConstDirectiveNode[]>;
}

const NOTHING: Written = { ofSchema: [], connects: new Map() };

/** By the subgraph's name; those that have connectors and are not expanded. */
function readConnectorGraphs(document: DocumentNode, listed: readonly ListedGraph[]): ReadonlyMap<string, Written> {
  const byGraph = new Map<string, Written>();
  const graphs = new Map(listed.map((graph) => [graph.value, graph]));
  const visit = (directives: readonly ConstDirectiveNode[] | undefined, coordinate: string | undefined): void => {
    for (const each of directives ?? []) {
      const carried = carriedBy(each, 'join__directive');
      if (carried === undefined) continue;
      for (const graph of graphsOf(each)) {
        if (graphs.get(graph)?.declaredBy !== undefined) continue;
        const written = byGraph.get(graph) ?? { ofSchema: [], connects: new Map<string, ConstDirectiveNode[]>() };
        byGraph.set(graph, written);
        if (coordinate === undefined) written.ofSchema.push(carried);
        else written.connects.set(coordinate, [...(written.connects.get(coordinate) ?? []), carried]);
      }
    }
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) visit(node.directives, undefined);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    visit(node.directives, node.name.value);
    for (const field of node.fields ?? []) visit(field.directives, `${node.name.value}.${field.name.value}`);
  }
  const linksConnect = ({ ofSchema }: Written): boolean =>
    ofSchema.some((each) => featureIdentity(textArgument(each, 'url') ?? '') === CONNECT);
  return new Map(
    [...byGraph].flatMap(([graph, written]) => {
      const name = graphs.get(graph)?.name;
      return name !== undefined && linksConnect(written) ? [[name, written] as const] : [];
    }),
  );
}

/** What the values are called of subgraphs that are still there. */
function newGraphs(before: readonly ListedGraph[], after: readonly ListedGraph[]): NewGraphs {
  const now = new Map(after.map(({ value, name }) => [name, value]));
  return new Map(
    before.flatMap(({ value, name }) => {
      const other = now.get(name);
      return other === undefined ? [] : [[value, other] as const];
    }),
  );
}

function graphsOf(join: ConstDirectiveNode): readonly string[] {
  const list = argument(join, 'graphs');
  const values = list?.kind === Kind.LIST ? list.values : list === undefined ? [] : [list];
  return values.flatMap((each) => (each.kind === Kind.ENUM ? [each.value] : []));
}

/** The schema of a subgraph as it was before composition, as far as its connectors go. */
function withConnectors(
  { sdl }: ExtractedSubgraph,
  { connects, ofSchema }: Written = NOTHING,
  supergraph: DocumentNode,
): string {
  const document = withoutMissingRoots(parse(sdl, { noLocation: true }));
  const names = new Set(document.definitions.map((node) => ('name' in node ? node.name?.value : undefined)));
  const definitions = document.definitions.map((node): DefinitionNode => {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      return { ...node, directives: [...(node.directives ?? []), ...ofSchema] };
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
    const typeName = node.name.value;
    const fields = node.fields?.map((field): FieldDefinitionNode => {
      const own = connects.get(`${typeName}.${field.name.value}`);
      return own === undefined ? field : { ...field, directives: [...(field.directives ?? []), ...own] };
    });
    return {
      ...node,
      fields: fields ?? [],
      directives: [...(node.directives ?? []), ...(connects.get(typeName) ?? [])],
    };
  });
  const own = connects.size === 0 ? [] : directivesOf(supergraph, names);
  return print({ kind: Kind.DOCUMENT, definitions: [...definitions, ...own] });
}

/** Directives of the user's own whose arguments have types of this subgraph: no connector reaches those, and they stay all the same. */
function directivesOf(
  { definitions }: DocumentNode,
  types: ReadonlySet<string | undefined>,
): readonly DefinitionNode[] {
  return definitions.filter(
    (node) =>
      node.kind === Kind.DIRECTIVE_DEFINITION &&
      (node.arguments ?? []).some(({ type }) => types.has(namedType(type))) &&
      node.locations.every(
        ({ value }) =>
          !/^(?:QUERY|MUTATION|SUBSCRIPTION|FIELD|FRAGMENT.*|INLINE_FRAGMENT|VARIABLE_DEFINITION)$/.test(value),
      ),
  );
}

function parseSdl(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    const why = messageOf(error);
    throw new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${why}`, { cause: error });
  }
}

function unsupported(why: string): PorticoError {
  return new PorticoError(
    'SUPERGRAPH_FEATURE_UNSUPPORTED',
    `The supergraph has REST connectors that cannot be executed: ${why}`,
    { details: { feature: CONNECT } },
  );
}
