import { messageOf } from '../base/kit/messageOf.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import type { ConnectorsConfig } from '../upstream/createConnectors.js';
import type { ResponseChecking } from '../upstream/rest/openapi/withCheckedResponses.js';

/**
 * How answers of REST sources are checked, by `subgraph.source`: those for which the configuration names an OpenAPI document.
 *
 * Errors: CONFIG_INVALID for a document that cannot be read.
 */
export async function loadResponseChecks(
  config: ConnectorsConfig | undefined,
): Promise<ReadonlyMap<string, ResponseChecking>> {
  const sources = Object.entries(config?.sources ?? {}).flatMap(([key, { openapi }]) =>
    openapi === undefined ? [] : [{ key, ...openapi }],
  );
  if (sources.length === 0) return new Map();
  // Late: what reads and checks documents takes a while to load.
  const [{ loadOpenapi }, { compileResponseCheck }] = await Promise.all([
    import('../upstream/rest/openapi/loadOpenapi.js'),
    import('../upstream/rest/openapi/compileResponseCheck.js'),
  ]);
  const loaded = sources.map(async ({ key, file, validateResponses }) => {
    try {
      return [key, { check: compileResponseCheck(await loadOpenapi(file)), mode: validateResponses }] as const;
    } catch (cause) {
      const why = messageOf(cause).split('\n', 1)[0]!;
      throw new PorticoError('CONFIG_INVALID', `connectors.sources.${key}.openapi: ${why}`, { cause });
    }
  });
  return new Map(await Promise.all(loaded));
}
