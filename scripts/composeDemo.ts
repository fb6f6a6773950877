import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { GraphQLSchema, printSchema } from 'graphql';

import { compose } from '../src/supergraph/compose/compose.js';
import { readSupergraph } from '../src/supergraph/read/readSupergraph.js';

/** The demo's GraphQL subgraphs and their ports on 127.0.0.1; the SDL of REST services says itself where they are. */
const graphqlPorts: Readonly<Record<string, number | undefined>> = {
  accounts: 4001,
  products: 4002,
  reviews: 4003,
  inventory: undefined,
  shipping: undefined,
};

/** The demo graph, composed from subgraphs/<name>/schema.graphql: what the gateway reads, and what clients see. */
export async function composeDemo(): Promise<{ supergraphSdl: string; apiSchemaSdl: string }> {
  const subgraphs = await Promise.all(
    Object.entries(graphqlPorts).map(async ([name, port]) => {
      const file = `subgraphs/${name}/schema.graphql`;
      const sdl = await readFile(join(import.meta.dirname, '..', file), 'utf8');
      return { name, url: port === undefined ? '' : `http://127.0.0.1:${port}/graphql`, sdl, file };
    }),
  );
  const { supergraphSdl } = compose(subgraphs);
  const { apiSchema } = readSupergraph(supergraphSdl);
  const directives = apiSchema.getDirectives().filter(({ name }) => name !== 'defer');
  const apiSchemaSdl = printSchema(new GraphQLSchema({ ...apiSchema.toConfig(), directives }));
  return { supergraphSdl: `${supergraphSdl.trim()}\n`, apiSchemaSdl: `${apiSchemaSdl.trim()}\n` };
}
