import { composeServices } from '@apollo/composition';
import type { CompositionSuccess } from '@apollo/composition';
import { GraphQLError, Source, parse } from 'graphql';
import type { DocumentNode } from 'graphql';

import { expandConnectors } from '../connect/expandConnectors.js';
import { declaringSubgraph } from '../model/connectorUrl.js';
import { CompositionError } from './CompositionError.js';
import { explainConnectProblem } from './explainConnectProblem.js';
import { explainError, explainHint } from './explainError.js';
import type { CompositionProblem } from './problems.js';
import { messageOf } from '../../base/kit/messageOf.js';

/** One subgraph to compose. */
export interface SubgraphSdl {
  /** Unique. */
  readonly name: string;
  /** Where its operations are sent; written into the supergraph. */
  readonly url: string;
  readonly sdl: string;
  /** Where the SDL stands, for error messages. Default: the subgraph's name. */
  readonly file?: string | undefined;
}

export interface Composition {
  readonly supergraphSdl: string;
  readonly hints: readonly CompositionProblem[];
}

interface ServiceDefinition {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** Errors beyond this many are not reported: one broken file can cause thousands. */
const MAX_PROBLEMS = 200;

/**
 * Composes subgraphs with Apollo's composition, on this thread: from 40 ms for a handful of subgraphs to many seconds. For the command line
 * and tests; see `composeInWorker`.
 *
 * The same subgraphs in any order give the same text, so that instances agree on the supergraph's id.
 *
 * Throws a CompositionError.
 */
export function compose(subgraphs: readonly SubgraphSdl[]): Composition {
  const sorted = subgraphs.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const files = new Map(sorted.map(({ name, file }) => [name, file ?? name]));
  const written = parseAll(sorted, files);
  const services = expandAll(sorted, written, files);
  const setting = { documents: new Map(services.map(({ name, typeDefs }) => [name, typeDefs])), files };
  const result = run(() => composeServices(services));
  if (result.errors !== undefined) {
    throw new CompositionError(result.errors.slice(0, MAX_PROBLEMS).map((error) => explainError(error, setting)));
  }
  const connectors = new Set(
    services.filter(({ url }) => declaringSubgraph(url) !== undefined).map(({ name }) => name),
  );
  const hints = result.hints
    .filter((hint) => !isAboutExpansion(hint, connectors))
    .slice(0, MAX_PROBLEMS)
    .map((hint) => explainHint(hint, setting));
  return { supergraphSdl: result.supergraphSdl, hints };
}

/** That connectors of one subgraph have different parts of a type is how they are made, and nobody wrote it. */
function isAboutExpansion(
  { definition, message }: CompositionSuccess['hints'][number],
  connectors: ReadonlySet<string>,
): boolean {
  return definition.code.startsWith('INCONSISTENT_') && [...connectors].some((name) => message.includes(`"${name}"`));
}

/** Subgraphs as they are composed: a connector is one of its own. */
function expandAll(
  subgraphs: readonly SubgraphSdl[],
  documents: ReadonlyMap<string, DocumentNode>,
  files: ReadonlyMap<string, string>,
): ServiceDefinition[] {
  const problems: CompositionProblem[] = [];
  const services = subgraphs.flatMap(({ name, url }): ServiceDefinition[] => {
    const document = documents.get(name)!;
    const expansion = expandConnectors(name, document);
    if (expansion === undefined) return [{ name, url, typeDefs: document }];
    for (const problem of expansion.problems) problems.push(explainConnectProblem(name, problem, files));
    return expansion.subgraphs.map((each) => ({ name: each.name, url: each.url, typeDefs: each.document }));
  });
  if (problems.length > 0) throw new CompositionError(problems.slice(0, MAX_PROBLEMS));
  return services;
}

/** Each document with its subgraph's name as the name of its source: that is how every node says where it comes from. */
function parseAll(
  subgraphs: readonly SubgraphSdl[],
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, DocumentNode> {
  const documents = new Map<string, DocumentNode>();
  const problems: CompositionProblem[] = [];
  for (const { name, sdl } of subgraphs) {
    if (documents.has(name)) problems.push(plainProblem('INVALID_SUBGRAPH_NAME', `There are two subgraphs "${name}"`));
    try {
      documents.set(name, parse(new Source(sdl, name)));
    } catch (error) {
      if (error instanceof GraphQLError) problems.push(explainError(error, { documents, files }));
      // The parser is recursive.
      else problems.push(plainProblem('INVALID_GRAPHQL', `[${name}] The schema cannot be parsed: ${String(error)}`));
    }
  }
  if (problems.length > 0) throw new CompositionError(problems);
  return documents;
}

/** What the library throws instead of returning: an empty list, a name it cannot use, a schema nested so deeply that its recursion ends. */
function run<Result>(composition: () => Result): Result {
  try {
    return composition();
  } catch (error) {
    const message = messageOf(error);
    throw new CompositionError([plainProblem('COMPOSITION_FAILED', message)]);
  }
}

function plainProblem(code: string, message: string): CompositionProblem {
  return { severity: 'error', code, message, places: [] };
}
