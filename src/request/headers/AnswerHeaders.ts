import { PorticoError } from '../../base/errors/PorticoError.js';
import { isSingleValued } from '../../base/kit/answerHeaderNames.js';
import type { HeaderPairs } from '../../upstream/SubgraphClient.js';

import type { MergeAlgorithm } from './AnswerHeaderRule.js';

/** What rules take from one answer, by lower-case name. */
export type TakenHeaders = ReadonlyMap<
  string,
  { readonly values: readonly string[]; readonly algorithm: MergeAlgorithm }
>;

/** What all answers of one execution add up to. */
export interface MergedHeaders {
  /** For everybody who gets the answer. */
  readonly forAll: HeaderPairs;
  /** `set-cookie`, a pair per cookie: only for the one whose request was executed. */
  readonly cookies: HeaderPairs;
  /** When there was too much, what was left out. */
  readonly problem: PorticoError | undefined;
}

/** Names and values of all subgraphs together: clients and proxies refuse longer heads. */
const MAX_CHARACTERS = 8192;

/** The headers of one execution's answers, in the order in which the calls were sent. */
export class AnswerHeaders {
  readonly #taken: Array<{ readonly turn: number; readonly headers: TakenHeaders }> = [];

  /** @param turn the place of the call in the order of sending */
  add(turn: number, headers: TakenHeaders): void {
    if (headers.size > 0) this.#taken.push({ turn, headers });
  }

  merge(): MergedHeaders {
    const merged = new Map<string, readonly string[]>();
    for (const { headers } of this.#taken.sort((left, right) => left.turn - right.turn)) {
      for (const [name, { values, algorithm }] of headers) {
        const known = merged.get(name);
        if (known === undefined || algorithm === 'last') merged.set(name, values);
        else if (algorithm === 'append') merged.set(name, [...known, ...values]);
      }
    }
    const forAll: Array<readonly [string, string]> = [];
    const cookies: Array<readonly [string, string]> = [];
    const left = new Set<string>();
    let characters = 0;
    const push = (into: Array<readonly [string, string]>, name: string, value: string): void => {
      characters += name.length + value.length;
      if (characters > MAX_CHARACTERS) left.add(name);
      else into.push([name, value]);
    };
    for (const [name, values] of merged) {
      if (name === 'set-cookie') for (const value of new Set(values)) push(cookies, name, value);
      else push(forAll, name, isSingleValued(name) ? values.at(-1)! : [...new Set(values)].join(', '));
    }
    return { forAll, cookies, problem: left.size === 0 ? undefined : tooMuch([...left]) };
  }
}

function tooMuch(names: readonly string[]): PorticoError {
  const message = `what header rules take from subgraphs is over ${MAX_CHARACTERS} characters, so that some was left out`;
  return new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', message, { details: { headers: names.slice(0, 20) } });
}
