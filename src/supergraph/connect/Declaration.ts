import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode } from 'graphql';

import type { ConnectTexts, Connector, RestSource } from '../model/Connector.js';
import { ConnectArgumentProblem, connectTexts, sourceTexts } from '../read/connectTexts.js';
import type { ConnectNames } from './ConnectNames.js';
import type { ConnectProblem } from './ConnectProblem.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

/** One `@connect`, where it stands. */
export interface Declaration {
  readonly directive: ConstDirectiveNode;
  readonly texts: ConnectTexts;
  /** What plans call it. */
  readonly graph: string;
  readonly typeName: string;
  readonly field: FieldDefinitionNode | undefined;
  readonly root: Connector['root'];
}

/** One `@source`. */
export interface DeclaredSource {
  readonly directive: ConstDirectiveNode;
  readonly texts: RestSource;
}

export interface Declarations {
  readonly connectors: readonly Declaration[];
  readonly sources: ReadonlyMap<string, DeclaredSource>;
  readonly problems: readonly ConnectProblem[];
}

/** Finds the `@source`s and `@connect`s of a subgraph's schema. */
export function readDeclarations(
  subgraph: string,
  document: DocumentNode,
  types: SubgraphTypes,
  names: ConnectNames,
): Declarations {
  const problems: ConnectProblem[] = [];
  const attempt = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConnectArgumentProblem)) throw error;
      problems.push({ code: 'CONNECTOR_INVALID_ARGUMENTS', message: error.message, node: error.node });
      return undefined;
    }
  };
  const sources = readSources(document, names, attempt, problems);
  const connectors: Declaration[] = [];
  const taken = new Set<string>();
  const add = (directive: ConstDirectiveNode, typeName: string, field: FieldDefinitionNode | undefined): void => {
    const texts = attempt(() => connectTexts(directive));
    if (texts === undefined) return;
    const root = types.rootOf(typeName);
    if (root === 'subscription') {
      const message = 'a REST service cannot answer subscriptions';
      problems.push({ code: 'CONNECTOR_NOT_SUPPORTED', message, node: directive });
      return;
    }
    const coordinate = field === undefined ? typeName : `${typeName}.${field.name.value}`;
    const graph = freeName(`${subgraph}.${coordinate}`, taken);
    connectors.push({ directive, texts, graph, typeName, field, root });
  };
  for (const typeName of types.names) {
    const type = types.type(typeName)!;
    if (type.kind !== 'object') continue;
    for (const node of type.nodes) {
      for (const directive of node.directives ?? []) {
        if (directive.name.value === names.connect) add(directive, typeName, undefined);
      }
      for (const field of node.fields ?? []) {
        for (const directive of field.directives ?? []) {
          if (directive.name.value === names.connect) add(directive, typeName, field);
        }
      }
    }
  }
  return { connectors, sources, problems };
}

function readSources(
  document: DocumentNode,
  names: ConnectNames,
  attempt: <Value>(read: () => Value) => Value | undefined,
  problems: ConnectProblem[],
): Map<string, DeclaredSource> {
  const sources = new Map<string, DeclaredSource>();
  for (const node of document.definitions) {
    if (node.kind !== 'SchemaDefinition' && node.kind !== 'SchemaExtension') continue;
    for (const directive of node.directives ?? []) {
      if (directive.name.value !== names.source) continue;
      const texts = attempt(() => sourceTexts(directive));
      if (texts === undefined) continue;
      if (sources.has(texts.name)) {
        const message = `there are two sources "${texts.name}"`;
        problems.push({ code: 'CONNECTOR_INVALID_SOURCE', message, node: directive });
      }
      sources.set(texts.name, { directive, texts });
    }
  }
  return sources;
}

/** The first is `inventory.Query.product`, the second `inventory.Query.product.2`. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}.${count}`;
  taken.add(free);
  return free;
}
