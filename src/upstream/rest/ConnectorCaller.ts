import DataLoader from 'dataloader';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { restFetches } from '../../base/telemetry/channels.js';
import { parseKey } from '../../supergraph/connect/KeyTree.js';
import type { KeyTree } from '../../supergraph/connect/KeyTree.js';
import { connectorCoordinate } from '../../supergraph/model/Connector.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { HeaderPairs, RestRequest, SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import { inParallel } from './inParallel.js';
import { keyOf, keyText } from './keyText.js';
import { NOTHING } from './Outcome.js';
import type { Outcome } from './Outcome.js';
import type { RequestScope, RequestScopes } from './RequestScope.js';

export type RestVariables = Readonly<Record<string, unknown>>;

export interface ConnectorCallerOptions {
  readonly connector: Connector;
  /** Sends requests to the source, with everything around it. */
  readonly sender: SubgraphClient;
  /** Makes the request; or says that there is nothing to ask, or what is wrong with the values. */
  readonly buildRequest: (
    variables: RestVariables,
    clientHeaders: ClientHeaders,
  ) => RestRequest | { readonly failure: PorticoError } | undefined;
  /** What an answer gives. */
  readonly judge: (reply: SubgraphReply, variables: RestVariables) => Outcome;
  /** Variables that no call changes: `$config`, `$env`. */
  readonly constants: RestVariables;
  /** What is left of the headers that the rules forward. */
  readonly forwarded: (headers: HeaderPairs) => HeaderPairs;
  /** Whose requests are counted together. */
  readonly sourceKey: string;
  /** Requests of one client request to the source. */
  readonly maxRequests: number;
  /** Look-ups of one fetch at a time. */
  readonly parallel: number;
  readonly scopes: RequestScopes;
}

/** Values by lower-case name; without a prototype. */
export type ClientHeaders = Readonly<Record<string, readonly string[]>>;

/** What one call of the engine asks of the source. None of it rejects. */
export interface CallAsks {
  root(args: RestVariables): Promise<Outcome>;
  entity(representation: unknown): Promise<Outcome>;
  field(representation: unknown, args: RestVariables): Promise<Outcome>;
  /** Of the answers: what they agree on about keeping them. */
  headers(): SubgraphReply['headers'];
}

/** One look-up, and what tells it from others. */
interface Wanted {
  readonly id: string;
  readonly variables: RestVariables;
  /** The object that is looked up, for batches. */
  readonly representation: unknown;
}

const NO_KEY: KeyTree = new Map();

/**
 * Calls one connector: the fewest requests for what is asked. Within one client request equal look-ups are one, and look-ups of the same
 * tick are sent together where the connector takes batches.
 */
export class ConnectorCaller {
  readonly connector: Connector;
  readonly #options: ConnectorCallerOptions;
  readonly #key: KeyTree;
  readonly #isBatch: boolean;
  readonly #operations: { readonly safe: SubgraphCall['operation']; readonly unsafe: SubgraphCall['operation'] };

  constructor(options: ConnectorCallerOptions, isBatch: boolean) {
    this.connector = options.connector;
    this.#options = options;
    this.#isBatch = isBatch;
    this.#key = options.connector.key === undefined ? NO_KEY : (parseKey(options.connector.key) ?? NO_KEY);
    this.#operations = operationsOf(options.connector);
  }

  asks(call: SubgraphCall): CallAsks {
    const scope = this.#options.scopes.of(call.origin);
    const replies: SubgraphReply[] = [];
    const context: AskContext = { call, scope, replies, kind: this.#kindOf(call) };
    const { root, fieldName } = this.connector;
    const load = (wanted: Wanted): Promise<Outcome> => this.#loader(context).load(wanted);
    return {
      root: (args) => {
        const wanted = { id: JSON.stringify(args, bigIntText), variables: { $args: args }, representation: undefined };
        return root === 'mutation' ? this.#one(context, wanted.variables) : load(wanted);
      },
      entity: (representation) => {
        const id = keyText(representation, this.#key);
        if (id === undefined) return Promise.resolve(NOTHING);
        const own = keyOf(representation, this.#key);
        const variables =
          root === undefined ? { $this: own } : { $args: { ...this.connector.argumentDefaults, ...own } };
        return load({ id, variables, representation: own }).then((outcome) => withKey(outcome, own));
      },
      field: (representation, args) => {
        if (fieldName === undefined || keyText(representation, this.#key) === undefined)
          return Promise.resolve(NOTHING);
        const id = JSON.stringify([representation, args], bigIntText);
        return load({ id, variables: { $this: representation, $args: args }, representation });
      },
      headers: () => commonCaching(replies),
    };
  }

  /** Calls that may share look-ups: same connector, headers, state of the data. */
  #kindOf({ headers, epoch, route }: SubgraphCall): string {
    return JSON.stringify([this.connector.graph, epoch, route?.group, headers]);
  }

  #loader(context: AskContext): DataLoader<Wanted, Outcome, string> {
    return context.scope.loader(context.kind, () => {
      const batch = (wanted: readonly Wanted[]): Promise<Outcome[]> => this.#lookUp(context, wanted);
      // A batch has no limit of its own here: it is cut into requests, of which so many run at a time.
      return new DataLoader<Wanted, Outcome, string>(batch, { cacheKeyFn: ({ id }) => id });
    });
  }

  async #lookUp(context: AskContext, wanted: readonly Wanted[]): Promise<Outcome[]> {
    const { parallel } = this.#options;
    const before = context.replies.length;
    let outcomes: Outcome[];
    if (this.#isBatch) {
      const size = this.connector.batchSize ?? wanted.length;
      const groups = Array.from({ length: Math.ceil(wanted.length / size) }, (_, at) =>
        wanted.slice(at * size, (at + 1) * size),
      );
      outcomes = (await inParallel(groups, parallel, (group) => this.#batch(context, group))).flat();
    } else {
      outcomes = await inParallel(wanted, parallel, ({ variables }) => this.#one(context, variables));
    }
    if (restFetches.hasSubscribers) {
      restFetches.publish({
        subgraph: this.connector.subgraph,
        connector: connectorCoordinate(this.connector),
        lookUps: wanted.length,
        requests: context.replies.length - before,
        isBatched: this.#isBatch,
      });
    }
    return outcomes;
  }

  async #batch(context: AskContext, group: readonly Wanted[]): Promise<Outcome[]> {
    const variables = { $batch: group.map(({ representation }) => representation) };
    const outcome = await this.#one(context, variables);
    if (outcome.failure !== undefined) return group.map(() => outcome);
    const { value } = outcome;
    const list: readonly unknown[] = Array.isArray(value)
      ? value
      : value === null || value === undefined
        ? []
        : [value];
    const byKey = new Map<string, unknown>();
    for (const each of list) {
      const text = keyText(each, this.#key);
      // The first one counts, as with any look-up.
      if (text !== undefined && !byKey.has(text)) byKey.set(text, each);
    }
    return group.map(({ id }) => ({ value: byKey.get(id) ?? null }));
  }

  async #one({ call, scope, replies }: AskContext, given: RestVariables): Promise<Outcome> {
    const { buildRequest, judge, constants, sender, forwarded, sourceKey, maxRequests } = this.#options;
    try {
      const headers = headerLists(call.headers);
      const variables = { ...constants, ...given, $request: { headers } };
      const request = buildRequest(variables, headers);
      if (request === undefined) return NOTHING;
      if ('failure' in request) return request;
      if (!scope.take(sourceKey, maxRequests)) return { failure: this.#tooMany() };
      const reply = await sender.execute({
        operation:
          request.method === 'GET' && this.connector.root !== 'mutation'
            ? this.#operations.safe
            : this.#operations.unsafe,
        variablesJson: `${request.method} ${request.path}\n${JSON.stringify(request.headers)}\n${request.body ?? ''}`,
        headers: forwarded(call.headers),
        correlation: call.correlation,
        lifetime: call.lifetime,
        epoch: call.epoch,
        route: call.route,
        rest: request,
      });
      replies.push(reply);
      return judge(reply, variables);
    } catch (error) {
      if (error instanceof PorticoError) return { failure: error };
      const message = `${this.connector.graph}: calling the service failed unexpectedly`;
      return { failure: new PorticoError('INTERNAL_SERVER_ERROR', message, { cause: error }) };
    }
  }

  #tooMany(): PorticoError {
    const { sourceKey, maxRequests } = this.#options;
    const message = `one operation may send ${maxRequests} requests to ${sourceKey}, and ${this.connector.graph} needs more`;
    return new PorticoError('REST_REQUEST_LIMIT_EXCEEDED', message, {
      details: { subgraph: this.connector.subgraph, source: sourceKey, maxRequests },
    });
  }
}

interface AskContext {
  readonly call: SubgraphCall;
  readonly scope: RequestScope;
  readonly replies: SubgraphReply[];
  readonly kind: string;
}

/** What requests look like to breakers of fields, retries and the sharing of calls. */
function operationsOf(connector: Connector): ConnectorOperations {
  const { typeName, fieldName, root, graph } = connector;
  const field = fieldName ?? '__typename';
  const text =
    root === undefined
      ? `{ _entities { ... on ${typeName} { ${field} } } }`
      : `${root === 'mutation' ? 'mutation ' : ''}{ ${field} }`;
  const of = (kind: 'query' | 'mutation'): SubgraphCall['operation'] => ({
    kind,
    name: undefined,
    text,
    bodyHead: graph,
  });
  return { safe: of('query'), unsafe: of('mutation') };
}
type ConnectorOperations = { readonly safe: SubgraphCall['operation']; readonly unsafe: SubgraphCall['operation'] };

/** The service may leave out of an object what it was asked by. */
function withKey(outcome: Outcome, key: RestVariables): Outcome {
  if (outcome.failure !== undefined) return outcome;
  const { value } = outcome;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return outcome;
  if (Object.keys(key).every((name) => Object.hasOwn(value, name))) return outcome;
  return { value: { ...key, ...value } };
}

/** `$request.headers`: lists of values by lower-case name. */
function headerLists(headers: HeaderPairs): ClientHeaders {
  const lists = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of headers) (lists[name] ??= []).push(value);
  return lists;
}

const NO_HEADERS: SubgraphReply['headers'] = {};

/** Several answers may be kept as one only where they say the same about it. */
function commonCaching(replies: readonly SubgraphReply[]): SubgraphReply['headers'] {
  const [first, ...others] = replies;
  if (first === undefined) return NO_HEADERS;
  const { 'cache-control': rules, age } = first.headers;
  if (rules === undefined || !others.every(({ headers }) => headers['cache-control'] === rules)) return NO_HEADERS;
  return others.length === 0 && age !== undefined ? { 'cache-control': rules, age } : { 'cache-control': rules };
}

function bigIntText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
