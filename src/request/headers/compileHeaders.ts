import { CONNECTION_HEADERS } from '../../base/kit/connectionHeaders.js';
import type { HeaderPairs } from '../../upstream/SubgraphClient.js';
import type { RequestContext } from '../context.js';

import { compileRemoval } from './compileRemoval.js';
import type { HeaderRule, HeaderRules } from './HeaderRule.js';
import { compileIdentityHeader } from './identityHeader.js';
import type { ReadIdentity } from './identityHeader.js';
import { isSendable, listedNames, nameForServers, wholeName } from './headerText.js';

/** What the rules make of one request's headers. */
export interface ForwardedHeaders {
  /** All that shapes them: two requests with equal keys send equal headers. Without correlation headers. */
  readonly key: string;
  /** For a subgraph, each name once. */
  headersFor(subgraph: string): HeaderPairs;
  /** Forwarded headers that only say which request this is, and the gateway's own: never part of a sharing key. */
  correlationFor(subgraph: string): HeaderPairs;
}

/** What the rules read of a request. */
export type HeaderSource = Pick<
  RequestContext,
  'header' | 'headerNames' | 'correlation' | 'identity' | 'identityToken'
>;

/** Applies the rules to a request. */
export type ForwardHeaders = (context: HeaderSource) => ForwardedHeaders;

/** Trace context (W3C, B3): says which request this is and shapes no answer. */
const CORRELATION = new Set([
  'traceparent',
  'tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
]);
const NOTHING: HeaderPairs = [];
const NO_VALUES: readonly undefined[] = [];

/**
 * Compiles header rules. **No header of the client reaches a subgraph unless a rule says so.**
 *
 * - A header is sent once: a later rule replaces what an earlier one has set, whatever the case of its name.
 * - Headers of the connection, those that the client's own `Connection` header lists (RFC 9110, 7.6.1) and `x-request-id` are no
 *   client headers for the rules.
 * - A value that HTTP cannot carry is as good as not sent.
 * - A name that any rule inserts from the identity is never taken from the client, for no subgraph, not even for the anonymous: subgraphs
 *   believe it. Nor is one that some servers take for it (`x_user_id` for `x-user-id`).
 *
 * @returns undefined when there are no rules
 */
export function compileHeaders({ all, bySubgraph, sensitive = new Set() }: HeaderRules): ForwardHeaders | undefined {
  const rules = [all, ...bySubgraph.values()].flat();
  const owned = new Set(
    rules.flatMap(({ insert }) =>
      insert !== undefined && insert.value === undefined ? [nameForServers(insert.name)] : [],
    ),
  );
  const readers: ReadIdentity[] = [];
  const lists = [compileRules(all, owned, readers)];
  const listOf = new Map<string, number>();
  for (const [subgraph, own] of bySubgraph) {
    if (own.length > 0) listOf.set(subgraph, lists.push(compileRules([...all, ...own], owned, readers)) - 1);
  }
  if (lists.every((list) => list.length === 0)) return undefined;
  const read = compileReading(rules, owned, new Set([...sensitive].map(nameForServers)));

  return (context) => {
    const client = read(context);
    const identity = readers.length === 0 ? NO_VALUES : readers.map((readValue) => readValue(context));
    const made = new Array<Made | undefined>(lists.length).fill(undefined);
    const madeFor = (subgraph: string): Made => {
      const index = listOf.get(subgraph) ?? 0;
      return (made[index] ??= make(lists[index]!, client, identity, context.correlation));
    };
    return {
      key: keyOf(client, identity),
      headersFor: (subgraph) => madeFor(subgraph).headers,
      correlationFor: (subgraph) => madeFor(subgraph).correlation,
    };
  };
}

/** Client headers that some rule can read, by lower-case name. */
type ClientHeaders = ReadonlyMap<string, string>;
interface Entry {
  readonly value: string;
  readonly correlates: boolean;
}
type Target = Map<string, Entry>;
/** What rules make of the identity, in the order of their compilation. */
type IdentityValues = ReadonlyArray<string | undefined>;
type Step = (target: Target, client: ClientHeaders, identity: IdentityValues) => void;
interface Made {
  readonly headers: HeaderPairs;
  readonly correlation: HeaderPairs;
}

function compileRules(
  rules: readonly HeaderRule[],
  owned: ReadonlySet<string>,
  readers: ReadIdentity[],
): readonly Step[] {
  return rules.map(({ propagate, insert, remove }): Step => {
    if (insert !== undefined) {
      const reader = compileIdentityHeader(insert);
      if (reader !== undefined) {
        const at = readers.push(reader) - 1;
        return (target, _client, identity) => {
          const value = identity[at];
          if (value !== undefined) target.set(insert.name, { value, correlates: false });
        };
      }
      const entry: Entry = { value: insert.value ?? '', correlates: false };
      return (target) => void target.set(insert.name, entry);
    }
    if (remove !== undefined) return compileRemoval(remove);
    if (propagate?.matching !== undefined) {
      const matches = wholeName(propagate.matching);
      return (target, client) => {
        for (const [name, value] of client) if (matches(name)) target.set(name, entryOf(name, value));
      };
    }
    if (propagate?.named === undefined) throw new Error('A header rule says nothing');
    const { named, rename = named, default: fallback } = propagate;
    // Under another name it would be the client's all the same.
    if (owned.has(nameForServers(rename))) return () => {};
    return (target, client) => {
      const value = client.get(named);
      if (value !== undefined) target.set(rename, entryOf(named, value));
      else if (fallback !== undefined) target.set(rename, { value: fallback, correlates: false });
    };
  });
}

function entryOf(name: string, value: string): Entry {
  return { value, correlates: CORRELATION.has(name) };
}

/**
 * HOT: once per request, when there are rules.
 *
 * @param owned as `nameForServers` has them, like `sensitive`
 */
function compileReading(
  rules: readonly HeaderRule[],
  owned: ReadonlySet<string>,
  sensitive: ReadonlySet<string>,
): (context: HeaderSource) => ClientHeaders {
  const named = new Set<string>();
  const patterns: Array<(name: string) => boolean> = [];
  for (const { propagate } of rules) {
    if (propagate?.named !== undefined) named.add(propagate.named);
    if (propagate?.matching !== undefined) patterns.push(wholeName(propagate.matching));
  }
  return (context) => {
    const client = new Map<string, string>();
    const listed = listedNames(context.header('connection'));
    const take = (name: string): void => {
      if (CONNECTION_HEADERS.has(name) || name === 'x-request-id' || listed?.has(name) === true) return;
      if (owned.has(nameForServers(name))) return;
      const value = context.header(name);
      if (value !== undefined && isSendable(value)) client.set(name, value);
    };
    for (const name of named) take(name);
    if (patterns.length > 0) {
      for (const name of context.headerNames()) {
        if (named.has(name) || sensitive.has(nameForServers(name))) continue;
        if (patterns.some((matches) => matches(name))) take(name);
      }
    }
    return client;
  };
}

function make(steps: readonly Step[], client: ClientHeaders, identity: IdentityValues, own: HeaderPairs): Made {
  const target: Target = new Map();
  for (const step of steps) step(target, client, identity);
  const headers: Array<readonly [string, string]> = [];
  let correlation: Array<readonly [string, string]> | undefined;
  for (const [name, { value, correlates }] of target) {
    if (correlates) {
      // The valid ones go along without a rule.
      if (!own.some(([sent]) => sent === name)) (correlation ??= [...own]).push([name, value]);
    } else headers.push([name, value]);
  }
  return { headers: headers.length === 0 ? NOTHING : headers, correlation: correlation ?? own };
}

function keyOf(client: ClientHeaders, identity: IdentityValues): string {
  if (client.size === 0 && identity.length === 0) return '';
  const read: (string | undefined)[] = [...identity];
  for (const [name, value] of client) if (!CORRELATION.has(name)) read.push(name, value);
  return read.length === 0 ? '' : JSON.stringify(read);
}
