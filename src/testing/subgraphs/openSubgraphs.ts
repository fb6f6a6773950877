import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { isSchema, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { linksConnectors } from '../../base/config/linksConnectors.js';
import { createMocks } from '../../mocks/createMocks.js';
import type { MockWorldOptions } from '../../mocks/createMocks.js';
import { checkNames } from '../../mocks/MockSayings.js';
import { mockSubgraph, textOf } from '../../mocks/mockSubgraph.js';
import type { MockSubgraph } from '../../mocks/mockSubgraph.js';
import { fetchSdl } from '../../supergraph/sources/fetchSdl.js';
import { wireAnswer } from '../faults/WireAnswer.js';
import type { WireAnswer } from '../faults/WireAnswer.js';
import type { RestSubgraphDefinition } from '../../upstream/rest/code/defineRestSubgraph.js';
import type { RestRequest } from '../../upstream/SubgraphClient.js';
import type { TestCall } from '../records/TestCall.js';
import { checkRest, isRestSubgraph } from './checkRest.js';
import { executeOn } from './executeOn.js';
import { readSubgraph } from './readSubgraph.js';
import { answerByRoute } from './restSubgraph.js';
import { sdlOf } from './sdlOf.js';
import { observer } from './TestSubgraph.js';
import type { ObservedSubgraph, ResolvedSubgraph, SubgraphObserver, TestSubgraph } from './TestSubgraph.js';

/** A subgraph that can be composed and asked. */
export interface OpenSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  /** Absent for a running service: it is asked over HTTP. */
  readonly answer?: ((call: TestCall) => Promise<WireAnswer>) | undefined;
  /** A REST service: asked in the place of `answer`. */
  readonly answerRest?: ((request: RestRequest) => Promise<WireAnswer>) | undefined;
  /** Resolvers that run in the gateway. */
  readonly definition?: RestSubgraphDefinition | undefined;
  /** Wants to know of its calls. */
  readonly observer?: SubgraphObserver | undefined;
}

type Plain = Exclude<TestSubgraph, ObservedSubgraph>;

/** Behind the SDL, whose lines keep their numbers. */
const FEDERATION = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@extends", "@interfaceObject", "@composeDirective", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext", "@cost", "@listSize"])
`;

/**
 * Makes subgraphs of everything that a test may give for one. All mocks are of one world.
 *
 * @param isRest whether a supergraph has the subgraph of that name as a REST service. Default: what SDLs say themselves
 * Errors: a TypeError for what is no subgraph; CONFIG_INVALID for a REST service that nothing could answer; SUBGRAPH_SDL_UNAVAILABLE for a
 * service that does not say its SDL; what `createMocks` and `buildSubgraphSchema` say.
 */
export async function openSubgraphs(
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  world: MockWorldOptions = {},
  isRest: (name: string) => boolean | undefined = () => undefined,
): Promise<readonly OpenSubgraph[]> {
  const entries = Object.entries(subgraphs).map(([name, any]): [string, Plain, SubgraphObserver | undefined] => {
    const given = readSubgraph(name, any);
    return isObserved(given) ? [name, given.subgraph, given[observer]] : [name, given, undefined];
  });
  const mocks = new Map<string, MockSubgraph>();
  for (const [name, subgraph] of entries) {
    checkRest(name, subgraph, isRest(name));
    const mock = asMock(subgraph);
    if (mock !== undefined) mocks.set(name, mock);
  }
  const mocked = createMocks(mocks, world);
  return Promise.all(
    entries.map(async ([name, subgraph, watching]): Promise<OpenSubgraph> => {
      const url = `http://${name.toLowerCase()}.invalid/graphql`;
      const mock = mocked.get(name);
      const open =
        mock === undefined
          ? await openOne(name, subgraph as Exclude<Plain, string | MockSubgraph>)
          : { sdl: mock.sdl, answer: async (call: TestCall) => wireAnswer(200, await mock.answer(call)) };
      watching?.opened(name, open.sdl);
      return { name, url, ...open, observer: watching };
    }),
  );
}

async function openOne(
  name: string,
  subgraph: Exclude<Plain, string | MockSubgraph>,
): Promise<Omit<OpenSubgraph, 'name' | 'url' | 'observer'> & { readonly url?: string }> {
  if (isSchema(subgraph)) return { sdl: await sdlOf(subgraph), answer: executing(subgraph) };
  if (isRestSubgraph(subgraph)) {
    const { typeDefs: sdl = '', definition } = subgraph;
    return { sdl, definition, answerRest: (request) => answerByRoute(subgraph, request) };
  }
  if ('url' in subgraph) {
    const { url, typeDefs } = subgraph;
    const sdl = typeDefs === undefined ? await fetchSdl(url) : withFederation(typeDefs);
    checkRest(name, { url, typeDefs: sdl });
    return { url, sdl };
  }
  if ('answer' in subgraph) return { sdl: subgraph.typeDefs, answer: async (call) => subgraph.answer(call) };
  const { typeDefs, resolvers = {} } = subgraph as ResolvedSubgraph;
  const sdl = withFederation(textOf(typeDefs));
  // Late: a gateway in production has no use for it.
  const { buildSubgraphSchema } = await import('@apollo/subgraph');
  const map = resolvers as GraphQLResolverMap<unknown>;
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: map });
  checkNames(`the resolvers of subgraph "${name}"`, resolvers, schema);
  return { sdl, answer: executing(schema) };
}

function isObserved(subgraph: TestSubgraph): subgraph is ObservedSubgraph {
  return typeof subgraph === 'object' && observer in subgraph;
}

function asMock(subgraph: Plain): MockSubgraph | undefined {
  if (typeof subgraph === 'string') return mockSubgraph(withFederation(subgraph));
  if (isSchema(subgraph) || 'url' in subgraph || 'answer' in subgraph || isRestSubgraph(subgraph)) return undefined;
  if ('kind' in subgraph && subgraph.kind === 'mock') {
    return { ...subgraph, typeDefs: withFederation(subgraph.typeDefs) };
  }
  const { typeDefs, resolvers } = subgraph as ResolvedSubgraph;
  return resolvers === undefined ? mockSubgraph(withFederation(textOf(typeDefs))) : undefined;
}

function executing(schema: GraphQLSchema): (call: TestCall) => Promise<WireAnswer> {
  return async (call) => wireAnswer(200, await executeOn(schema, call));
}

/** Without a `@link` it would be Federation 1, which nobody means today. Connectors bring a federation of their own. */
function withFederation(sdl: string): string {
  return sdl.includes('specs.apollo.dev/federation') || linksConnectors(sdl) ? sdl : sdl + FEDERATION;
}
