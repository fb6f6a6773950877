import type { GraphQLSchema } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { executeOn } from './executeOn.js';

/** The SDL that a subgraph's schema gives of itself. Errors: SUBGRAPH_SDL_UNAVAILABLE for one that is no subgraph. */
export async function sdlOf(schema: GraphQLSchema): Promise<string> {
  const call = { query: '{ _service { sdl } }', variables: {}, operationName: undefined };
  const { data } = await executeOn(schema, call);
  const service = data?.['_service'] as { readonly sdl?: unknown } | null | undefined;
  if (typeof service?.sdl === 'string') return service.sdl;
  throw new PorticoError(
    'SUBGRAPH_SDL_UNAVAILABLE',
    'A schema does not answer { _service { sdl } }: build it with buildSubgraphSchema, or give its typeDefs and resolvers',
  );
}
