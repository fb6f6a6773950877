import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import { fileSource } from '../../supergraph/sources/fileSource.js';
import { isComposedElsewhere, restSubgraphNames } from '../../supergraph/compose/isComposedElsewhere.js';
import { listedGraphs, replaceUrls } from '../../supergraph/compose/listedGraphs.js';
import { notices } from '../../base/telemetry/channels.js';
import { Failure } from '../Failure.js';
import { noSubgraphLine, notMocked, restLine, startAgain } from '../replaceSubgraphs.js';
import type { SubgraphReplacement } from '../replaceSubgraphs.js';
import { primarySource } from './primarySource.js';

export interface SupergraphPlace {
  /** A file with a supergraph; absent when the primary has one (see SharedSupergraph). */
  readonly supergraph?: string | undefined;
  /** Subgraphs of the file that run elsewhere. */
  readonly subgraph?: readonly SubgraphReplacement[] | undefined;
  /** Mocks of subgraphs of the file. Those of REST services it knows by the names of connectors; where they are is the gateway's business. */
  readonly mocks?: readonly SubgraphReplacement[] | undefined;
  /** Whether they are all subgraphs: a change that brings another is not served. Default false. */
  readonly isMockedWhole?: boolean | undefined;
  /** Whether changes of the file are served. Default true. */
  readonly watch?: boolean | undefined;
}

/** For a serving process: where its supergraph comes from. */
export function servingSource({
  supergraph,
  subgraph = [],
  mocks = [],
  isMockedWhole = false,
  watch = true,
}: SupergraphPlace): SupergraphSource {
  if (supergraph === undefined) return primarySource();
  const file = fileSource(supergraph);
  const elsewhere = callElsewhere(watch ? file : readOnce(file), subgraph, mocks);
  return isMockedWhole ? onlyMocked(elsewhere, mocks) : elsewhere;
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

/**
 * Nothing that is not mocked: a supergraph with another subgraph is reported, and the one before it is served on. Errors: a Failure where
 * there is none before it.
 */
function onlyMocked(source: SupergraphSource, mocks: readonly SubgraphReplacement[]): SupergraphSource {
  const missedIn = (sdl: string): string | undefined => notMocked(declaredIn(sdl), mocks)[0];
  return {
    async initialize({ update }) {
      const first = await source.initialize({
        update(sdl) {
          const missed = missedIn(sdl);
          if (missed === undefined) update(sdl);
          else notices.publish({ level: 'error', message: startAgain(missed) });
        },
      });
      const missed = missedIn(first.supergraphSdl);
      if (missed === undefined) return first;
      await first.cleanup?.();
      throw new Failure([startAgain(missed)]);
    },
  };
}

/** The subgraphs of a supergraph; connectors count as the one that declares them. */
function declaredIn(sdl: string): string[] {
  return listedGraphs(sdl).map(({ name, declaredBy }) => declaredBy ?? name);
}

/** The supergraph with other URLs for some subgraphs. Errors at the start: a Failure for a name that it does not have. */
function callElsewhere(
  source: SupergraphSource,
  replacements: readonly SubgraphReplacement[],
  mocks: readonly SubgraphReplacement[],
): SupergraphSource {
  if (replacements.length + mocks.length === 0) return source;
  const urls = new Map([...replacements, ...mocks].map(({ name, url }) => [name, url]));
  return {
    async initialize({ update }) {
      const first = await source.initialize({ update: (sdl) => update(replaceUrls(sdl, urls)) });
      const known = listedGraphs(first.supergraphSdl).map(({ name }) => name);
      const rest = restSubgraphNames(first.supergraphSdl);
      const lines = [
        ...replacements.flatMap(({ name }) => {
          if (rest.has(name)) return restLine(name);
          return known.includes(name) ? [] : noSubgraphLine('--subgraph', name, known);
        }),
        ...mocks.flatMap(({ name }) =>
          rest.has(name) && isComposedElsewhere(first.supergraphSdl)
            ? `--mock: "${name}" is a REST service of a composed graph: mock it with the list of subgraphs (--config)`
            : [],
        ),
      ];
      if (lines.length > 0) {
        await first.cleanup?.();
        throw new Failure(lines);
      }
      return { ...first, supergraphSdl: replaceUrls(first.supergraphSdl, urls) };
    },
  };
}
