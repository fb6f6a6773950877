import type { CompositionSuccess } from '@apollo/composition';
import { Kind } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLError } from 'graphql';

import type { CompositionProblem, ProblemPlace } from './problems.js';

/** The composed subgraphs, by name. */
export interface Composed {
  readonly documents: ReadonlyMap<string, DocumentNode>;
  readonly files: ReadonlyMap<string, string>;
}

/** Places a problem repeats: a field may be wrong in every one of 200 subgraphs. */
const MAX_PLACES = 10;
const MAX_MESSAGE = 4000;

export function explainError(error: GraphQLError, composed: Composed): CompositionProblem {
  const code = error.extensions['code'];
  const found = error.nodes !== undefined ? placesOf(error.nodes, composed) : placeOfSyntaxError(error, composed);
  return {
    severity: 'error',
    // graphql-js gives its syntax errors no code.
    code: typeof code === 'string' ? code : 'INVALID_GRAPHQL',
    message: clip(error.message),
    places: found.length > 0 ? found : placesOf(unreachableFields(error.message, composed.documents), composed),
  };
}

export function explainHint(hint: CompositionSuccess['hints'][number], composed: Composed): CompositionProblem {
  const level = hint.definition.level.name;
  return {
    severity: level === 'WARN' ? 'warn' : level === 'INFO' ? 'info' : 'debug',
    code: hint.definition.code,
    message: clip(hint.message),
    places: placesOf(hint.nodes ?? [], composed),
  };
}

function placesOf(nodes: readonly ASTNode[], { files }: Composed): ProblemPlace[] {
  const places = nodes.flatMap(({ loc }): ProblemPlace[] => {
    const file = loc && files.get(loc.source.name);
    if (loc === undefined || file === undefined) return [];
    const { line, column } = loc.startToken;
    return [{ subgraph: loc.source.name, file, line, column }];
  });
  return places.slice(0, MAX_PLACES);
}

function placeOfSyntaxError(error: GraphQLError, { files }: Composed): ProblemPlace[] {
  const subgraph = error.source?.name;
  const file = subgraph === undefined ? undefined : files.get(subgraph);
  const at = error.locations?.[0];
  return subgraph === undefined || file === undefined || at === undefined ? [] : [{ subgraph, file, ...at }];
}

/**
 * The fields that a satisfiability error is about. It has no nodes, and its text says for each dead end
 * `cannot move to subgraph "b", which has field "T.f", because …`.
 */
function unreachableFields(message: string, documents: ReadonlyMap<string, DocumentNode>): ASTNode[] {
  const found = new Set<ASTNode>();
  for (const [, subgraph = '', type = '', field = ''] of message.matchAll(
    /subgraph "([^"]+)", which has field "(\w+)\.(\w+)"/g,
  )) {
    for (const definition of documents.get(subgraph)?.definitions ?? []) {
      const isType =
        definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
        definition.kind === Kind.OBJECT_TYPE_EXTENSION ||
        definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
        definition.kind === Kind.INTERFACE_TYPE_EXTENSION;
      if (!isType || definition.name.value !== type) continue;
      const node = definition.fields?.find(({ name }) => name.value === field);
      if (node !== undefined) found.add(node);
    }
  }
  return [...found];
}

function clip(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)} …`;
}
