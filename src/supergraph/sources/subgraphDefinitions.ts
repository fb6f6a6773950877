import type { Config } from '../../base/config/configSchema.js';
import { shownPath } from '../../base/kit/shownPath.js';
import type { SubgraphDefinition, SubgraphSchema } from './SubgraphDefinition.js';

type SubgraphList = NonNullable<Config['supergraph']['subgraphs']>;

/** The subgraphs of a checked configuration. A `url` in `overrides` goes before the list's `routing_url`. */
export function subgraphDefinitions(
  list: SubgraphList,
  overrides: Config['subgraphs'] = {},
): readonly SubgraphDefinition[] {
  return Object.entries(list).map(([name, { routingUrl, schema }]) => {
    const said = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
    const override = said?.url ?? said?.urls?.[0]?.url;
    return { name, url: override ?? routingUrl ?? schema.subgraphUrl ?? '', schema: schemaOf(schema) };
  });
}

function schemaOf(schema: SubgraphList[string]['schema']): SubgraphSchema {
  if (schema.file !== undefined) return { kind: 'file', path: schema.file, shownAs: shownPath(schema.file) };
  if (schema.module !== undefined) return { kind: 'module', path: schema.module, shownAs: shownPath(schema.module) };
  if (schema.subgraphUrl !== undefined)
    return { kind: 'service', url: schema.subgraphUrl, headers: schema.introspectionHeaders ?? {} };
  return { kind: 'sdl', sdl: schema.sdl ?? '' };
}
