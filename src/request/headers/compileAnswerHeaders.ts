import { isOwnAnswerHeader, isSingleValued, needsItsName } from '../../base/kit/answerHeaderNames.js';
import type { SubgraphReply } from '../../upstream/SubgraphClient.js';

import type { AnswerHeaderRule, AnswerHeaderRules, MergeAlgorithm } from './AnswerHeaderRule.js';
import type { TakenHeaders } from './AnswerHeaders.js';
import { compileRemoval } from './compileRemoval.js';
import { isSendable, listedNames, wholeName } from './headerText.js';

/** Takes what the rules want of a subgraph's answer. */
export type TakeHeaders = (subgraph: string, headers: SubgraphReply['headers']) => TakenHeaders;

type Received = ReadonlyMap<string, readonly string[]>;
type Taken = Map<string, { readonly values: readonly string[]; readonly algorithm: MergeAlgorithm }>;
type Step = (target: Taken, received: Received) => void;

const NOTHING: TakenHeaders = new Map();

/**
 * Compiles rules for what clients get of subgraphs' headers. **No header of a subgraph reaches a client unless a rule says so.**
 *
 * - Headers of the connection, and those that the subgraph's own `Connection` header lists (RFC 9110, 7.6.1), are none for the rules; nor
 *   are those which only the gateway can know (isOwnAnswerHeader).
 * - A pattern does not match what a browser would act on (needsItsName): cookies are named or not sent.
 * - A value that HTTP cannot carry is as good as not sent.
 *
 * @returns undefined when there are no rules
 */
export function compileAnswerHeaders({ all, bySubgraph }: AnswerHeaderRules): TakeHeaders | undefined {
  const forAll = compileRules(all);
  const listOf = new Map<string, readonly Step[]>();
  for (const [subgraph, own] of bySubgraph) {
    if (own.length > 0) listOf.set(subgraph, [...forAll, ...compileRules(own)]);
  }
  if (forAll.length === 0 && listOf.size === 0) return undefined;
  return (subgraph, headers) => {
    const steps = listOf.get(subgraph) ?? forAll;
    if (steps.length === 0) return NOTHING;
    const received = readHeaders(headers);
    const target: Taken = new Map();
    for (const step of steps) step(target, received);
    return target;
  };
}

function compileRules(rules: readonly AnswerHeaderRule[]): readonly Step[] {
  return rules.map(({ propagate, insert, remove }): Step => {
    if (insert !== undefined) {
      const { name, value, algorithm } = insert;
      return (target) => void target.set(name, { values: [value], algorithm });
    }
    if (remove !== undefined) return compileRemoval(remove);
    if (propagate?.matching !== undefined) {
      const { algorithm } = propagate;
      const matches = wholeName(propagate.matching);
      return (target, received) => {
        for (const [name, values] of received)
          if (!needsItsName(name) && matches(name)) target.set(name, entryOf(name, values, algorithm));
      };
    }
    if (propagate?.named === undefined) throw new Error('A header rule says nothing');
    const { named, rename = named, default: fallback, algorithm } = propagate;
    return (target, received) => {
      const values = received.get(named) ?? (fallback === undefined ? undefined : [fallback]);
      if (values !== undefined) target.set(rename, entryOf(rename, values, algorithm));
    };
  });
}

function entryOf(
  name: string,
  values: readonly string[],
  algorithm: MergeAlgorithm,
): {
  readonly values: readonly string[];
  readonly algorithm: MergeAlgorithm;
} {
  if (name === 'set-cookie') return { values, algorithm: 'append' };
  // A contradiction is as good as not sent by all but the last.
  return isSingleValued(name) && algorithm === 'append' ? { values, algorithm: 'last' } : { values, algorithm };
}

/** HOT where there are rules: once per answer of a subgraph. */
function readHeaders(headers: SubgraphReply['headers']): Received {
  const received = new Map<string, readonly string[]>();
  const connection = headers['connection'];
  const listed = listedNames(typeof connection === 'string' ? connection : connection?.join(','));
  for (const [written, value] of Object.entries(headers)) {
    const name = written.toLowerCase();
    if (value === undefined || isOwnAnswerHeader(name) || listed?.has(name) === true) continue;
    const values = (Array.isArray(value) ? value : [value]).filter(isSendable);
    if (values.length > 0) received.set(name, values);
  }
  return received;
}
