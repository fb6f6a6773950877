import { PorticoError } from '../../../base/errors/PorticoError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../SubgraphClient.js';
import type { RequestScope } from '../RequestScope.js';
import { requestText, restCall, sharingKey, tooManyRequests } from '../restCall.js';
import type { RestBodyOptions, RestClient, RestMethodName } from './RestClient.js';
import type { RestPath } from './restPath.js';
import { writeRequest } from './writeRequest.js';

/** What the calls of one subgraph have in common. */
export interface RestCalling {
  readonly subgraph: string;
  /** Sends requests to the service, with everything around it. */
  readonly sender: SubgraphClient;
  /** The path of the base URL, without a slash at the end. */
  readonly basePath: string;
  /** Requests of one client request. */
  readonly maxRequests: number;
}

/** A call's operation as its requests have it: retries, breakers of fields and the sharing of calls go by it. */
const kinds = new WeakMap<SubgraphCall['operation'], Readonly<Record<'safe' | 'unsafe', SubgraphCall['operation']>>>();

function kindsOf(operation: SubgraphCall['operation']): Readonly<Record<'safe' | 'unsafe', SubgraphCall['operation']>> {
  let known = kinds.get(operation);
  if (known === undefined) {
    known = { safe: { ...operation, kind: 'query' }, unsafe: { ...operation, kind: 'mutation' } };
    kinds.set(operation, known);
  }
  return known;
}

/** What resolvers asked for, and what of it was sent. */
export interface RestTally {
  lookUps: number;
  requests: number;
}

/**
 * The client that the resolvers of one call get.
 *
 * @param scope what the calls of one client request share
 * @param tally counts
 */
export function createRestClient(
  { subgraph, sender, basePath, maxRequests }: RestCalling,
  call: SubgraphCall,
  scope: RequestScope,
  tally: RestTally,
): RestClient {
  const { safe, unsafe } = kindsOf(call.operation);
  const sharing = sharingKey(subgraph, call);

  const send = (method: RestMethodName, path: RestPath, options: RestBodyOptions = {}): Promise<SubgraphReply> => {
    const rest = writeRequest(basePath, method, path, options);
    tally.lookUps++;
    const isSafe = method === 'GET';
    const execute = (): Promise<SubgraphReply> => {
      if (!scope.take(subgraph, maxRequests)) {
        throw tooManyRequests({ subgraph, source: subgraph, maxRequests }, 'its resolvers need');
      }
      tally.requests++;
      const kind = isSafe ? { operation: safe, writes: scope.writes } : { operation: unsafe };
      return sender.execute(restCall(call, { ...kind, rest, headers: call.headers }));
    };
    if (isSafe && rest.body === undefined)
      return scope.once(`${sharing}${scope.writes}\n${requestText(rest)}`, execute);
    if (!isSafe) scope.wrote();
    return execute();
  };
  const bodyOf = async <Body>(method: RestMethodName, path: RestPath, options?: RestBodyOptions): Promise<Body> => {
    const { status, data } = await send(method, path, options);
    if (status >= 200 && status <= 299) return data as Body;
    throw new PorticoError('SUBREQUEST_HTTP_ERROR', `${subgraph} answered ${status}`, {
      details: { subgraph, status, reason: 'status' },
    });
  };
  return {
    get: (path, options) => bodyOf('GET', path, options),
    post: (path, options) => bodyOf('POST', path, options),
    put: (path, options) => bodyOf('PUT', path, options),
    patch: (path, options) => bodyOf('PATCH', path, options),
    delete: (path, options) => bodyOf('DELETE', path, options),
    async send(method, path, options) {
      const { status, headers: answered, data } = await send(method, path, options);
      return { status, headers: answered, body: data };
    },
  };
}
