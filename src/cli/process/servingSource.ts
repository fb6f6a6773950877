import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import { fileSource } from '../../supergraph/sources/fileSource.js';
import { restSubgraphNames } from '../../supergraph/compose/isComposedElsewhere.js';
import { Failure } from '../Failure.js';
import { restLine } from '../subgraphList.js';
import type { SubgraphReplacement } from '../subgraphList.js';
import { primarySource } from './primarySource.js';

export interface SupergraphPlace {
  /** A file with a supergraph; absent when the primary has one (see SharedSupergraph). */
  readonly supergraph?: string | undefined;
  /** Subgraphs of the file that run elsewhere. */
  readonly subgraph?: readonly SubgraphReplacement[] | undefined;
  /** Whether changes of the file are served. Default true. */
  readonly watch?: boolean | undefined;
}

/** For a serving process: where its supergraph comes from. */
export function servingSource({ supergraph, subgraph = [], watch = true }: SupergraphPlace): SupergraphSource {
  if (supergraph === undefined) return primarySource();
  const file = fileSource(supergraph);
  return callElsewhere(watch ? file : readOnce(file), subgraph);
}

function readOnce(source: SupergraphSource): SupergraphSource {
  return {
    async initialize(options) {
      const { supergraphSdl, cleanup } = await source.initialize(options);
      await cleanup?.();
      return { supergraphSdl };
    },
  };
}

const GRAPH = /(@join__graph\(name: "([^"]*)", url: )"[^"]*"/g;

/** The supergraph with other URLs for some subgraphs. Errors at the start: a Failure for a name that it does not have. */
function callElsewhere(source: SupergraphSource, replacements: readonly SubgraphReplacement[]): SupergraphSource {
  if (replacements.length === 0) return source;
  const urls = new Map(replacements.map(({ name, url }) => [name, url]));
  const changed = (sdl: string): string =>
    sdl.replace(GRAPH, (all, head: string, name: string) => {
      const url = urls.get(name);
      return url === undefined ? all : `${head}${JSON.stringify(url)}`;
    });
  return {
    async initialize({ update }) {
      const first = await source.initialize({ update: (sdl) => update(changed(sdl)) });
      const known = [...first.supergraphSdl.matchAll(GRAPH)].map(([, , name]) => name);
      const rest = restSubgraphNames(first.supergraphSdl);
      const unknown = [...urls.keys()].filter((name) => rest.has(name) || !known.includes(name));
      if (unknown.length > 0) {
        await first.cleanup?.();
        const names = known.join(', ');
        const isMock = (name: string): boolean =>
          replacements.some((each) => each.name === name && each.isMock === true);
        const lineOf = (name: string): string =>
          !rest.has(name)
            ? `--subgraph: there is no subgraph "${name}" (there are ${names})`
            : isMock(name)
              ? `--mock: "${name}" is a REST service of a composed graph: mock it with the list of subgraphs (--config)`
              : restLine(name);
        throw new Failure(unknown.map(lineOf));
      }
      return { ...first, supergraphSdl: changed(first.supergraphSdl) };
    },
  };
}
