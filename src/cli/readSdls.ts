import { PorticoError } from '../base/errors/PorticoError.js';
import type { SubgraphSdl } from '../supergraph/compose/compose.js';
import { readSdl } from '../supergraph/sources/readSdl.js';
import type { SubgraphDefinition } from '../supergraph/sources/SubgraphDefinition.js';
import { Failure } from './Failure.js';

/**
 * The schemas of subgraphs, read once.
 *
 * @param mistakes what is wrong already, to be told together
 * Errors: a Failure with a line for each mistake and each schema that cannot be read.
 */
export async function readSdls(
  definitions: readonly SubgraphDefinition[],
  mistakes: readonly string[] = [],
): Promise<SubgraphSdl[]> {
  const failures = [...mistakes];
  const subgraphs = await Promise.all(
    definitions.map(async ({ name, url, schema }) => {
      const sdl = await readSdl(schema).catch((error: unknown) => {
        if (!(error instanceof PorticoError)) throw error;
        failures.push(`the schema of subgraph "${name}": ${error.message}`);
        return '';
      });
      return { name, url, sdl, file: 'shownAs' in schema ? schema.shownAs : undefined };
    }),
  );
  if (failures.length > 0) throw new Failure(failures.sort());
  return subgraphs;
}
