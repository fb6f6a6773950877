import type { DocumentNode } from 'graphql';

import { CONNECT_VERSIONS } from '../model/Connector.js';
import { connectorUrl } from '../model/connectorUrl.js';
import { argumentNode } from '../read/connectTexts.js';
import { namedType } from '../read/readFieldTypes.js';
import { connectNames } from './ConnectNames.js';
import type { ConnectNames } from './ConnectNames.js';
import type { ConnectProblem } from './ConnectProblem.js';
import { connectorReads } from './connectorReads.js';
import type { Read } from './connectorReads.js';
import { readDeclarations } from './Declaration.js';
import type { Declaration, Declarations } from './Declaration.js';
import type { Draft } from './Draft.js';
import { draftConnector } from './draftConnector.js';
import { checkNested, checkUnanswered } from './checkDrafts.js';
import { declaredKeys } from './declaredKeys.js';
import type { KeyTree } from './KeyTree.js';
import { providedFields } from './provided.js';
import { SubgraphTypes } from './SubgraphTypes.js';
import { writeSubgraph } from './writeSubgraph.js';

/** The subgraphs that stand for the connectors of one subgraph. */
export interface ExpandedSubgraph {
  readonly name: string;
  /** `connector:` and the name of the subgraph that declares it. */
  readonly url: string;
  readonly document: DocumentNode;
}

export interface Expansion {
  readonly subgraphs: readonly ExpandedSubgraph[];
  readonly problems: readonly ConnectProblem[];
}

/**
 * Makes every connector of a subgraph a subgraph of its own, so that composition and planning know which fields it can answer and by which
 * keys. Undefined when the schema has none.
 *
 * @param name of the subgraph; its connectors are called `name.Query.product`, `name.Product`
 * @param document parsed with locations
 *
 * Source: facts about the expansion of connectors in Apollo Router.
 */
export function expandConnectors(name: string, document: DocumentNode): Expansion | undefined {
  const names = connectNames(document);
  if (names === undefined) return undefined;
  const types = new SubgraphTypes(document);
  const declarations = readDeclarations(name, document, types, names);
  const isPlain = declarations.connectors.length + declarations.sources.size + declarations.problems.length === 0;
  if (isPlain) return undefined;
  const version = CONNECT_VERSIONS.find((each) => `v${each}` === names.version);
  if (version === undefined) return { subgraphs: [], problems: [versionProblem(names)] };
  const problems = [...declarations.problems];
  const report = (problem: ConnectProblem): void => void problems.push(problem);
  const readsOf = readsOnce(declarations, version, report);
  const keysOf = declaredKeys(types, names);
  const isExternal = (typeName: string, fieldName: string): boolean =>
    types.field(typeName, fieldName)?.directives?.some((each) => each.name.value === names.external) === true;
  const setting = { types, version, readsOf, keysOf, isExternal, report };
  const drafts = declarations.connectors.flatMap((declaration) => draftConnector(declaration, setting) ?? []);
  if (problems.length > 0) return { subgraphs: [], problems };
  checkUnanswered(types, drafts, names, report);
  checkNested(drafts, report);
  if (problems.length > 0) return { subgraphs: [], problems };
  for (const draft of drafts) addDirectiveInputs(document, draft);
  const shared = sharedFields(drafts, types, keysOf);
  const hasKey = (typeName: string): boolean => keysOf(typeName).length > 0;
  const subgraphs = drafts.map((draft) => ({
    name: draft.declaration.graph,
    url: connectorUrl(name),
    document: writeSubgraph(draft, providedFields(draft, hasKey), { document, types, names, shared }),
  }));
  return { subgraphs, problems };
}

function versionProblem({ version, link }: ConnectNames): ConnectProblem {
  const message = `Connectors ${version ?? 'without a version'} are not supported: versions ${CONNECT_VERSIONS.join(', ')} are`;
  return { code: 'CONNECTOR_VERSION_UNSUPPORTED', message, node: link.directive };
}

/** What connectors read, each looked at once; reports unknown sources and what cannot be read. */
function readsOnce(
  { sources }: Declarations,
  version: (typeof CONNECT_VERSIONS)[number],
  report: (problem: ConnectProblem) => void,
): (declaration: Declaration) => readonly Read[] {
  // What is wrong with a source is told once.
  const told = new Set<string>();
  return ({ directive, texts, typeName, field }) => {
    const source = texts.source === undefined ? undefined : sources.get(texts.source);
    const coordinate = field === undefined ? typeName : `${typeName}.${field.name.value}`;
    if (texts.source !== undefined && source === undefined) {
      const known = sources.size === 0 ? 'there are none' : `there are ${[...sources.keys()].join(', ')}`;
      const message = `${coordinate}: there is no source "${texts.source}" (${known})`;
      report({ code: 'CONNECTOR_UNKNOWN_SOURCE', message, node: argumentNode(directive, 'source') });
      return [];
    }
    const { reads, problems } = connectorReads(directive, texts, source, version);
    for (const problem of problems) {
      const isSource = problem.message.startsWith('source.');
      const message = `${isSource ? `source "${texts.source}"` : coordinate}: ${problem.message.replace(/^source\./, '')}`;
      if (!told.has(message)) report({ ...problem, message });
      told.add(message);
    }
    return reads;
  };
}

/** What definitions of directives need is needed everywhere. */
function addDirectiveInputs(document: DocumentNode, { reach }: Draft): void {
  for (const node of document.definitions) {
    if (node.kind !== 'DirectiveDefinition') continue;
    for (const { type } of node.arguments ?? []) reach.addInput(namedType(type));
  }
}

/** Fields that several connectors give, and those of keys: federation wants to be told. */
function sharedFields(
  drafts: readonly Draft[],
  types: SubgraphTypes,
  keysOf: (typeName: string) => readonly KeyTree[],
): ReadonlySet<string> {
  const shared = new Set<string>();
  const seen = new Set<string>();
  const addKey = (typeName: string, tree: KeyTree): void => {
    for (const [name, inner] of tree) {
      shared.add(`${typeName}.${name}`);
      const field = types.field(typeName, name);
      if (field !== undefined) addKey(namedType(field.type), inner);
    }
  };
  for (const { reach, entry } of drafts) {
    if (entry !== undefined) addKey(entry.typeName, entry.key);
    for (const [typeName, fields] of reach.fields) {
      for (const key of keysOf(typeName)) addKey(typeName, key);
      for (const field of fields) {
        if (entry?.typeName === typeName && entry.requires.has(field)) continue;
        const coordinate = `${typeName}.${field}`;
        if (seen.has(coordinate)) shared.add(coordinate);
        seen.add(coordinate);
      }
    }
  }
  return shared;
}
