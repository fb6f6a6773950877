import type { TestAnswer } from '../TestClient.js';
import * as checks from './checks.js';
import type { CallArguments, Calling, Verdict } from './checks.js';

/** For `expect.extend`. Received is a gateway, a subgraph or a request for what was fetched, an answer for errors, the text of a plan. */
export const matchers = {
  /** A call to that subgraph, or such a call, was made. */
  toHaveFetched: (source: Calling, ...wanted: CallArguments): Verdict => checks.checkFetched(source, ...wanted),
  /** Exactly that many. */
  toHaveFetchedTimes: (source: Calling, times: number, ...wanted: CallArguments): Verdict =>
    checks.checkFetchedTimes(source, times, ...wanted),
  /** Several entities of that subgraph were asked for, and all in one call. */
  toHaveBeenBatched: (source: Calling, subgraph?: string): Verdict => checks.checkBatched(source, subgraph),
  toHaveNoErrors: (answer: TestAnswer): Verdict => checks.checkNoErrors(answer),
  /** `path` with dots or as a list. */
  toHaveErrorAt: (answer: TestAnswer, path: string | readonly (string | number)[], code?: string | RegExp): Verdict =>
    checks.checkErrorAt(answer, path, code),
  /** Some data, and some errors. */
  toBePartial: (answer: TestAnswer): Verdict => checks.checkPartial(answer),
  /** The text of a plan, whatever its layout. */
  toMatchPlan: (plan: string, expected: string): Verdict => checks.checkPlan(plan, expected),
};

type Parameters_<Matcher> = Matcher extends (received: never, ...rest: infer Rest) => Verdict ? Rest : never;

/** The same as methods of what `expect` gives; `Result` is what they return there. */
export type PorticoMatchers<Result> = {
  [Name in keyof typeof matchers]: (...expected: Parameters_<(typeof matchers)[Name]>) => Result;
};
