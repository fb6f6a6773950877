import { PorticoError } from '../../base/errors/PorticoError.js';
import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { restFetches } from '../../base/telemetry/channels.js';
import { parseKey } from '../../supergraph/connect/KeyTree.js';
import type { KeyTree } from '../../supergraph/connect/KeyTree.js';
import { connectorCoordinate } from '../../supergraph/model/Connector.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { HeaderPairs, RestRequest, SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import { batchByKey } from './batchByKey.js';
import { operationsOf } from './connectorOperations.js';
import type { ConnectorOperations } from './connectorOperations.js';
import { inParallel } from './inParallel.js';
import { keyOf, keyText } from './keyText.js';
import { settled } from './LookUps.js';
import type { LookUps, Slot } from './LookUps.js';
import { NOTHING } from './Outcome.js';
import type { Outcome } from './Outcome.js';
import type { RequestScope, RequestScopes } from './RequestScope.js';
import { headerLists, restCall, sharingKey, tooManyRequests } from './restCall.js';
import type { HeaderLists } from './restCall.js';

export type RestVariables = Readonly<Record<string, unknown>>;

export interface ConnectorCallerOptions {
  readonly connector: Connector;
  /** Sends requests to the source, with everything around it. */
  readonly sender: SubgraphClient;
  /** Makes the request; or says that there is nothing to ask, or what is wrong with the values. */
  readonly buildRequest: (
    variables: RestVariables,
    clientHeaders: HeaderLists,
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

/** What one call of the engine asks of the source. None of it rejects. */
export interface CallAsks {
  root(args: RestVariables): Promise<Outcome>;
  /** Objects by their keys, in the same order. */
  entities(representations: readonly unknown[]): Promise<readonly Outcome[]>;
  /** The connector's field, for each of these objects. */
  fields(representations: readonly unknown[], args: RestVariables): Promise<readonly Outcome[]>;
  /** Of the answers: what they agree on about keeping them. */
  headers(): SubgraphReply['headers'];
  /** The failure for which a stand-in of the service answered; undefined when none did. */
  degraded(): SubgraphReply['degraded'];
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
  readonly #operations: ConnectorOperations;

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
    const context: AskContext = { call, scope, replies };
    const { root } = this.connector;
    const mutate = (args: RestVariables): Promise<Outcome> => this.#mutate(context, args);
    const key = this.#key;
    const lookUps = scope.lookUps(sharingKey(this.connector.graph, call), (slots) => this.#lookUp(context, slots));
    return {
      async root(args) {
        if (root === 'mutation') return mutate(args);
        const slot = lookUps.slot(JSON.stringify(args, bigIntText), { $args: args });
        await settled([slot]);
        return slot.outcome!;
      },
      async entities(representations) {
        const outcomes = await ask(
          lookUps,
          representations,
          (each) => keyText(each, key),
          (each) => each,
        );
        return outcomes.map((outcome, at) => withKey(outcome, representations[at], key));
      },
      fields(representations, args) {
        const idOf = (each: unknown): string | undefined =>
          keyText(each, key) === undefined ? undefined : JSON.stringify([each, args], bigIntText);
        return ask(lookUps, representations, idOf, (each) => ({ $this: each, $args: args }));
      },
      headers: () => commonCaching(replies),
      degraded: () => replies.find(({ degraded }) => degraded !== undefined)?.degraded,
    };
  }

  async #mutate(context: AskContext, args: RestVariables): Promise<Outcome> {
    const tally = { requests: 0 };
    const outcome = await this.#one(context, { $args: args }, tally);
    this.#report(context, 1, tally);
    return outcome;
  }

  async #lookUp(context: AskContext, slots: readonly Slot[]): Promise<void> {
    const { parallel } = this.#options;
    const tally = { requests: 0 };
    if (this.#isBatch) {
      const size = this.connector.batchSize ?? slots.length;
      const groups = Array.from({ length: Math.ceil(slots.length / size) }, (_, at) =>
        slots.slice(at * size, (at + 1) * size),
      );
      await inParallel(groups, parallel, (group) => this.#batch(context, group, tally));
    } else {
      await inParallel(slots, parallel, async (slot) => {
        slot.outcome = await this.#one(context, this.#variablesOf(slot.wanted), tally);
      });
    }
    this.#report(context, slots.length, tally);
  }

  /** Says how many requests that took: to whoever counts for the client request, and to everybody. */
  #report({ call }: AskContext, lookUps: number, { requests }: Tally): void {
    const asked = call.origin?.askedRest;
    if (asked === undefined && !restFetches.hasSubscribers) return;
    const fetch = {
      subgraph: this.connector.subgraph,
      source: this.#options.sourceKey,
      connector: connectorCoordinate(this.connector),
      lookUps,
      requests,
      isBatched: this.#isBatch,
    };
    call.origin?.askedRest?.(fetch);
    restFetches.publish(fetch);
  }

  /** Of a single look-up: variables as they are, or an object with the fields of the key. */
  #variablesOf(wanted: unknown): RestVariables {
    const { root, fieldName, key, argumentDefaults } = this.connector;
    if (root === undefined && fieldName === undefined) return { $this: wanted };
    const isKey = root === 'query' && key !== undefined && !Object.hasOwn(wanted as object, '$args');
    return isKey ? { $args: { ...argumentDefaults, ...keyOf(wanted, this.#key) } } : (wanted as RestVariables);
  }

  async #batch(context: AskContext, group: readonly Slot[], tally: Tally): Promise<void> {
    const outcome = await this.#one(context, { $batch: group.map(({ wanted }) => wanted) }, tally);
    if (outcome.failure !== undefined) {
      for (const slot of group) slot.outcome = outcome;
      return;
    }
    const byKey = batchByKey(outcome.value, this.#key);
    if (byKey === undefined) {
      const failure = this.#noBatch();
      for (const slot of group) slot.outcome = { failure };
      return;
    }
    for (const slot of group) slot.outcome = { value: byKey.get(slot.id) ?? null };
  }

  async #one({ call, scope, replies }: AskContext, given: RestVariables, tally: Tally): Promise<Outcome> {
    const { buildRequest, judge, constants, sender, forwarded, sourceKey, maxRequests } = this.#options;
    try {
      const headers = headerLists(call.headers);
      const variables = { ...constants, ...given, $request: { headers } };
      const request = buildRequest(variables, headers);
      if (request === undefined) return NOTHING;
      if ('failure' in request) return request;
      if (!scope.take(sourceKey, maxRequests)) return { failure: this.#tooMany() };
      tally.requests++;
      const isSafe = request.method === 'GET' && this.connector.root !== 'mutation';
      const operation = isSafe ? this.#operations.safe : this.#operations.unsafe;
      const reply = await sender.execute(
        restCall(call, { operation, rest: request, headers: forwarded(call.headers) }),
      );
      replies.push(reply);
      return judge(reply, variables);
    } catch (error) {
      if (error instanceof PorticoError) return { failure: error };
      const message = `${this.connector.graph}: calling the service failed unexpectedly`;
      return { failure: new PorticoError('INTERNAL_SERVER_ERROR', message, { cause: error }) };
    }
  }

  #noBatch(): PorticoError {
    const { graph, subgraph } = this.connector;
    const problem = 'no list of objects for a batch';
    const message = `${graph} answered with ${problem}`;
    return new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', message, {
      details: { subgraph, connector: graph, problem },
    });
  }

  #tooMany(): PorticoError {
    const { sourceKey: source, maxRequests } = this.#options;
    const { subgraph, graph } = this.connector;
    return tooManyRequests({ subgraph, source, maxRequests }, `${graph} needs`);
  }
}

/** Requests that were sent. */
interface Tally {
  requests: number;
}

interface AskContext {
  readonly call: SubgraphCall;
  readonly scope: RequestScope;
  readonly replies: SubgraphReply[];
}

async function ask(
  lookUps: LookUps,
  representations: readonly unknown[],
  idOf: (representation: unknown) => string | undefined,
  wantedOf: (representation: unknown) => unknown,
): Promise<readonly Outcome[]> {
  const slots = representations.map((each) => {
    const id = idOf(each);
    return id === undefined ? undefined : lookUps.slot(id, wantedOf(each));
  });
  await settled(slots.filter((slot) => slot !== undefined));
  return slots.map((slot) => slot?.outcome ?? NOTHING);
}

/** The service may leave out of an object what it was asked by. */
function withKey(outcome: Outcome, representation: unknown, key: KeyTree): Outcome {
  const { value } = outcome as { readonly value?: unknown };
  if (!isJsonObject(value)) return outcome;
  for (const name of key.keys()) {
    if (!Object.hasOwn(value, name)) return { value: { ...keyOf(representation, key), ...value } };
  }
  return outcome;
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
