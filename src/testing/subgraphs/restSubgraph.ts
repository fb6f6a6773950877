import { checkKeys } from '../../mocks/checkKeys.js';
import type { RestRequest } from '../../upstream/SubgraphClient.js';
import { wireAnswer } from '../faults/WireAnswer.js';
import type { RestSubgraphDefinition } from '../../upstream/rest/code/defineRestSubgraph.js';
import type { WireAnswer } from '../faults/WireAnswer.js';

/** A request as a route sees it. */
export interface RestRouteRequest {
  readonly method: RestRequest['method'];
  /** Path and query string, as sent. */
  readonly url: string;
  /** Of the places with a colon, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string | undefined;
}

/** What a route may answer besides a body: `new Response(…)`, with status, headers and any text. */
export type RestRoute = (request: RestRouteRequest) => unknown;

/** A REST service that answers by method and path, see `restSubgraph`. */
export interface RestSubgraph {
  readonly kind: 'rest';
  /** With `@source` and `@connect`. May be left out beside a `supergraph`, which has them. */
  readonly typeDefs?: string | undefined;
  /** What `defineRestSubgraph` has made: its resolvers run, and call the routes. Absent for `@connect`. */
  readonly definition?: RestSubgraphDefinition | undefined;
  /** By method and path: `GET /products/:id`. */
  readonly routes: Readonly<Record<string, RestRoute>>;
}

/** A schema with connectors, or a subgraph in code; and how the service behind it answers. */
export type RestSubgraphRoutes = Pick<RestSubgraph, 'routes'> &
  ({ readonly typeDefs?: string | undefined } | { readonly definition: RestSubgraphDefinition });

/**
 * A REST service behind `@source` and `@connect`, or behind resolvers, without a socket. Routes are asked in order; what a function gives is
 * sent as JSON, a `Response` as it is. What no route is for is answered with 404.
 *
 * Errors: a TypeError for a route that no request could be for.
 */
export function restSubgraph(options: RestSubgraphRoutes): RestSubgraph {
  checkKeys('restSubgraph', options, ['typeDefs', 'definition', 'routes', 'kind']);
  for (const [key, route] of Object.entries(options.routes)) {
    if (!ROUTE.test(key)) throw new TypeError(`"${key}" is no route: a method and a path, GET /products/:id`);
    if (typeof route !== 'function') throw new TypeError(`The route "${key}" is no function`);
  }
  const typeDefs = 'definition' in options ? options.definition.typeDefs : options.typeDefs;
  return { kind: 'rest', typeDefs, ...options };
}

/** Answers a request by the first route that is for it. */
export async function answerByRoute({ routes }: RestSubgraph, request: RestRequest): Promise<WireAnswer> {
  const { method, path, body } = request;
  const { pathname, searchParams: query } = new URL(path, 'http://rest.invalid');
  for (const [key, route] of Object.entries(routes)) {
    const [ofMethod, pattern = ''] = key.split(' ', 2);
    const params = ofMethod === method ? match(pattern, pathname) : undefined;
    if (params === undefined) continue;
    // oxlint-disable-next-line eslint/no-await-in-loop -- the first one answers
    const answer = await route({ method, url: path, params, query, body });
    if (!(answer instanceof Response)) return wireAnswer(200, JSON.stringify(answer ?? null), JSON_TYPE);
    // oxlint-disable-next-line eslint/no-await-in-loop -- as above
    return wireAnswer(answer.status, await answer.text(), Object.fromEntries(answer.headers));
  }
  const known = Object.keys(routes).join(', ') || 'none';
  return wireAnswer(404, { message: `no route for ${method} ${pathname} (there are ${known})` });
}

/** Without a query string: a function reads it. */
const ROUTE = /^(GET|POST|PUT|PATCH|DELETE) \/[^\s?#]*$/;
const JSON_TYPE = { 'content-type': 'application/json' };

function match(pattern: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return undefined;
  const params = Object.create(null) as Record<string, string>;
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given[at]!);
    else if (part !== given[at]) return undefined;
  }
  return params;
}
