import type { Clock } from '../../base/kit/Clock.js';
import type { Authenticate } from '../../request/context.js';
import type { Exchange } from './Exchange.js';
import type { CorsPolicy } from './guards/cors.js';
import type { OverloadOptions, OverloadSignals } from './overload/OverloadGuard.js';
import type { PlaygroundOptions } from './playground/createPlayground.js';
import type { GraphQLServer } from './serveGraphQL.js';
import type { ProxyOptions } from './trustedProxies.js';

/** What can change while it listens. */
export interface LiveHttpOptions {
  /** Total time a request may take, from its head to the last byte of the answer, in milliseconds. Default 10 s. */
  readonly deadlineMs?: number | undefined;
  /** Default 2 MB. */
  readonly maxBodyBytes?: number | undefined;
  /** Of a GraphQL document; see OperationLimits. */
  readonly maxCharacters?: number | undefined;
  /** Headers that prove a browser has asked first; `false` switches the CSRF prevention off. */
  readonly csrfHeaders?: readonly string[] | false | undefined;
  /** Which proxies in front are believed, and how they tell where a request comes from. Default: none. */
  readonly proxies?: ProxyOptions | undefined;
  /** Which pages of other origins may call the GraphQL endpoint. Default: none. */
  readonly cors?: readonly CorsPolicy[] | undefined;
  /** When requests are not taken. Default: beyond 500 at the same time. */
  readonly overload?: OverloadOptions | undefined;
}

export interface PublishedKeys {
  readonly path: string;
  /** JSON (RFC 7517, 5). */
  readonly body: string;
}

export interface HttpServerOptions extends LiveHttpOptions {
  readonly server: GraphQLServer;
  /** Called for each GraphQL request, when its head is read and its body is not. Default: everybody is anonymous. */
  readonly authenticate?: Authenticate | undefined;
  /** A JWK set and the path that it is served at; asked for each request. Default: none. */
  readonly publishedKeys?: (() => PublishedKeys | undefined) | undefined;
  /** Whether the gateway can answer; `/ready` says 503 until then. */
  readonly isReady: () => boolean;
  /** Default `/graphql`. */
  readonly path?: string | undefined;
  /** Default 16 KiB. */
  readonly maxHeaderBytes?: number | undefined;
  /** Time to receive the request head, in milliseconds; default 10 s. */
  readonly headersTimeoutMs?: number | undefined;
  /** Time to receive the whole request, in milliseconds; default 30 s. */
  readonly requestTimeoutMs?: number | undefined;
  /** How long an idle connection is kept, in milliseconds. Default 65 s: longer than the 60 s of common load balancers, so that they close first. */
  readonly keepAliveMs?: number | undefined;
  /** A page for trying out the graph, at `/` and for browsers that open `path`. Not for the public. Default false. */
  readonly playground?: boolean | PlaygroundOptions | undefined;
  /** For tests. Default: this process's. */
  readonly overloadSignals?: OverloadSignals | undefined;
  /** Of the requests' deadlines, and of windows. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Told of each request before anything else looks at it. For whoever puts requests in by hand: the test kit says on whose behalf they are. */
  readonly onRequest?: ((exchange: Exchange) => void) | undefined;
}
