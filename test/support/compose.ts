import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const composed = new Map<string, string>();

/**
 * Supergraph SDL of these subgraphs (`{ products: sdl }`), each at `http://<name>.test/graphql`. Memoised by text.
 *
 * An SDL without a federation `@link` gets one that imports all directives of Federation 2.9,
 * so that tests can write `@key` straight away. Composition errors are thrown with their codes.
 */
export function composeSdl(subgraphs: Readonly<Record<string, string>>): string {
  const key = JSON.stringify(subgraphs);
  const known = composed.get(key);
  if (known !== undefined) return known;
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test/graphql`,
    typeDefs: parse(withFederationLink(sdl)),
  }));
  const result = composeServices(services);
  if (result.errors !== undefined) {
    throw new Error(result.errors.map((error) => `${String(error.extensions['code'])}: ${error.message}`).join('\n'));
  }
  composed.set(key, result.supergraphSdl);
  return result.supergraphSdl;
}

/** The SDL with a federation `@link`: its own, or the one that imports everything. */
export function withFederationLink(sdl: string): string {
  return sdl.includes('specs.apollo.dev/federation') ? sdl : federationLink + sdl;
}

const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@extends", "@interfaceObject", "@composeDirective", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext", "@cost", "@listSize"])
`;
