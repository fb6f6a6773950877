import { isSchema, parse, print } from 'graphql';
import type { DocumentNode, GraphQLError } from 'graphql';

import { observer } from './TestSubgraph.js';
import type { ObservedSubgraph, TestSubgraph } from './TestSubgraph.js';

const KINDS =
  'an SDL, mockSubgraph(…), { typeDefs, resolvers }, a GraphQLSchema, { url }, restSubgraph(…) or what recordings give';

/**
 * What a test gives for a subgraph, with a parsed SDL as text.
 *
 * Errors: a TypeError for what is no subgraph, an Error for an SDL that does not parse.
 */
export function readSubgraph<Given extends TestSubgraph>(name: string, given: Given): Given {
  if (typeof given === 'string') return checkSyntax(name, given);
  if (isSchema(given)) return given;
  const isObject = typeof given === 'object' && (given as unknown) !== null;
  if (!isObject || !['typeDefs', 'url', 'kind', observer].some((key) => key in given) || isDocument(given)) {
    throw new TypeError(`Subgraph "${name}" is ${shown(given)}: give ${KINDS}`);
  }
  if (observer in given) {
    const observed = given as ObservedSubgraph;
    return { ...observed, subgraph: readSubgraph(name, observed.subgraph) } as Given;
  }
  const { typeDefs } = given as { readonly typeDefs?: unknown };
  if (isDocument(typeDefs)) return { ...(given as object), typeDefs: print(typeDefs) } as Given;
  if (typeof typeDefs === 'string') checkSyntax(name, typeDefs);
  if (typeDefs === undefined || typeof typeDefs === 'string') return given;
  throw new TypeError(`Subgraph "${name}": its typeDefs are ${shown(typeDefs)}, not an SDL`);
}

function checkSyntax<Sdl extends string>(name: string, sdl: Sdl): Sdl {
  // The contract of recorded calls needs none.
  if (sdl === '') return sdl;
  try {
    parse(sdl);
    return sdl;
  } catch (error) {
    const { message, locations } = error as GraphQLError;
    const { line = 1, column = 1 } = locations?.[0] ?? {};
    throw new Error(`the SDL of subgraph "${name}" (${line}:${column}): ${message}`, { cause: error });
  }
}

function isDocument(value: unknown): value is DocumentNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Document';
}

function shown(value: unknown): string {
  if (isDocument(value)) return 'a parsed document';
  if (typeof value === 'object' && value !== null)
    return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
  return typeof value === 'function' ? 'a function' : String(value);
}
