import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { subgraphNames, subgraphSdl, type SubgraphName } from './subgraphs/schemas.js';

/** Composes the benchmark's subgraphs, or variants of them. @returns the supergraph SDL, with the given ports on this machine. */
export function composeSupergraph(
  ports: Readonly<Record<SubgraphName, number>>,
  sdl: Readonly<Record<SubgraphName, string>> = subgraphSdl,
): string {
  const services = subgraphNames.map((name) => ({
    name,
    url: `http://127.0.0.1:${ports[name]}/${name}`,
    typeDefs: parse(sdl[name]),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n') ?? 'no supergraph');
  return supergraphSdl;
}
