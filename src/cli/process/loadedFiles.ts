import type { Config } from '../../base/config/configSchema.js';

/** Files that a generation is built of, besides the graph: modules, and documents that answers are held against. Absolute paths, each once. */
export function loadedFiles({ supergraph, subgraphs, connectors, authorization }: Config): readonly string[] {
  const files = [
    ...Object.values(supergraph.subgraphs ?? {}).map(({ schema }) => schema.module),
    ...Object.values(subgraphs).map(({ module }) => module),
    ...Object.values(connectors.sources).map(({ openapi }) => openapi?.file),
    authorization.policies.module,
  ];
  return [...new Set(files.filter((file) => file !== undefined))];
}
