import { readFileSync } from 'node:fs';

import type { Config } from './configSchema.js';
import { formatPath } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { linksConnectors } from './linksConnectors.js';
import type { SourceNode } from './SourceNode.js';
import { closest } from './suggest.js';

/** The settings that name subgraphs, in the words of YAML. */
const NAMING: ReadonlyArray<readonly string[]> = [
  ['subgraphs'],
  ['headers', 'subgraphs'],
  ['traffic_shaping', 'subgraphs'],
  ['errors', 'subgraphs'],
  ['fallback', 'subgraphs'],
  ['tls', 'client', 'subgraphs'],
  ['demand_control', 'strategy', 'static_estimated', 'subgraph', 'subgraphs'],
];

/** Says where the configuration speaks of subgraphs that the supergraph does not have: their rules would never apply. */
export function checkSubgraphNames(root: SourceNode, names: Iterable<string>): ConfigProblem[] {
  const known = new Set(names);
  return NAMING.flatMap((path) => {
    const { node, complete } = root.find(path);
    if (!complete) return [];
    return [...node.keys()]
      .filter((name) => !known.has(String(name)))
      .map((name) => {
        const near = closest(String(name), [...known]);
        const all = [...known].sort();
        const hint =
          near !== undefined ? `did you mean ${near}?` : all.length <= 12 ? `it has ${all.join(', ')}` : undefined;
        return {
          ...node.child(name)!.keyPlace,
          path: formatPath([...path, name]),
          message: 'names a subgraph that is not in the supergraph',
          hint,
        };
      });
  });
}

/** Says which subgraphs of the list have no URL, from wherever it could come. */
export function checkSubgraphUrls(
  list: NonNullable<Config['supergraph']['subgraphs']>,
  overrides: Config['subgraphs'],
  root: SourceNode,
  path: readonly string[],
): ConfigProblem[] {
  return Object.entries(list)
    .filter(
      ([name, { routingUrl, schema }]) =>
        (routingUrl ?? schema.subgraphUrl ?? overrides[name]?.url ?? overrides[name]?.urls) === undefined &&
        schema.module === undefined &&
        !hasConnectors(schema),
    )
    .map(([name]) => ({
      ...root.find([...path, name]).node.keyPlace,
      path: formatPath([...path, name, 'routing_url']),
      message: 'is missing: nobody says where the subgraph is called',
      hint: undefined,
    }));
}

/** A schema with REST connectors says itself where its services are. */
function hasConnectors({
  file,
  sdl,
}: {
  readonly file?: string | undefined;
  readonly sdl?: string | undefined;
}): boolean {
  return linksConnectors(sdl ?? (file === undefined ? '' : readText(file)));
}

/** A file that cannot be read is complained about where it is read. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
