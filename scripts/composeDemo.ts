import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { Source, parse, printSchema } from 'graphql';

/** The demo's subgraphs and their ports on 127.0.0.1. */
export const demoPorts: Readonly<Record<string, number>> = {
  accounts: 4001,
  products: 4002,
  reviews: 4003,
  inventory: 4004,
};

/** The demo graph, composed from subgraphs/<name>/schema.graphql: what the gateway reads, and what clients see. */
export async function composeDemo(): Promise<{ supergraphSdl: string; apiSchemaSdl: string }> {
  const services = await Promise.all(
    Object.entries(demoPorts).map(async ([name, port]) => {
      const path = `subgraphs/${name}/schema.graphql`;
      const sdl = await readFile(join(import.meta.dirname, '..', path), 'utf8');
      return { name, url: `http://127.0.0.1:${port}/graphql`, typeDefs: parse(new Source(sdl, path)) };
    }),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new Error(`The demo does not compose:\n${errors?.map((error) => error.toString()).join('\n\n') ?? ''}`);
  }
  const apiSchemaSdl = printSchema(Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema());
  return { supergraphSdl: `${supergraphSdl.trim()}\n`, apiSchemaSdl: `${apiSchemaSdl.trim()}\n` };
}
