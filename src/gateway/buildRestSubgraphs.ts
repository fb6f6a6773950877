import { PorticoError } from '../base/errors/PorticoError.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { isSubgraphModule, loadSubgraphModule } from '../supergraph/sources/SubgraphModule.js';
import type { BuiltRestSubgraph } from '../upstream/createRestSubgraphs.js';
import { buildRestSchema } from '../upstream/rest/code/buildRestSchema.js';
import type { RestSubgraphDefinition } from '../upstream/rest/code/defineRestSubgraph.js';
import type { GenerationOptions } from './GenerationOptions.js';

/**
 * The subgraphs in code, built: those of modules that the configuration names, and those that the program has given.
 *
 * Errors: CONFIG_INVALID for a module that cannot be loaded, a schema that cannot be built, a subgraph that the graph does not have.
 */
export async function buildRestSubgraphs(
  { subgraphs, connectors }: Pick<Supergraph, 'subgraphs' | 'connectors'>,
  { bySubgraph, restSubgraphs = {} }: Pick<GenerationOptions, 'bySubgraph' | 'restSubgraphs'>,
): Promise<ReadonlyMap<string, BuiltRestSubgraph>> {
  const modules = [...(bySubgraph ?? [])].flatMap(([name, { module }]) =>
    module === undefined ? [] : [{ name, module }],
  );
  const given = Object.entries(restSubgraphs);
  const loaded = await Promise.all(
    modules.map(
      async ({ name, module }) => [name, (await loadSubgraphModule(module)) as RestSubgraphDefinition] as const,
    ),
  );
  const built = await Promise.all(
    [...loaded, ...given].map(async ([name, definition]) => {
      const isDeclaring = [...connectors.values()].some(({ subgraph }) => subgraph === name);
      if (isDeclaring) throw invalid(name, 'has connectors in its schema, and a module');
      if (!subgraphs.has(name)) throw invalid(name, 'is not in the supergraph');
      if (!isSubgraphModule(definition)) throw invalid(name, 'is not made by defineRestSubgraph');
      return [name, { definition, schema: await buildRestSchema(name, definition) }] as const;
    }),
  );
  return new Map(built);
}

function invalid(subgraph: string, why: string): PorticoError {
  return new PorticoError('CONFIG_INVALID', `the subgraph ${subgraph} ${why}`, { details: { subgraph } });
}
