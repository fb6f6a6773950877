import { AssertionError } from 'node:assert';

import type { TestAnswer } from '../TestClient.js';
import * as checks from './checks.js';
import type { CallArguments, Calling, Verdict } from './checks.js';

/** Throws an AssertionError unless such a call was made. For node:test; the matchers of the same names say the same. */
export function assertFetched(source: Calling, ...wanted: CallArguments): void {
  hold(checks.checkFetched(source, ...wanted), assertFetched);
}

export function assertNotFetched(source: Calling, ...wanted: CallArguments): void {
  hold(checks.checkFetchedTimes(source, 0, ...wanted), assertNotFetched);
}

export function assertFetchedTimes(source: Calling, times: number, ...wanted: CallArguments): void {
  hold(checks.checkFetchedTimes(source, times, ...wanted), assertFetchedTimes);
}

export function assertBatched(source: Calling, subgraph?: string): void {
  hold(checks.checkBatched(source, subgraph), assertBatched);
}

export function assertNoErrors(answer: TestAnswer): void {
  hold(checks.checkNoErrors(answer), assertNoErrors);
}

export function assertErrorAt(
  answer: TestAnswer,
  path: string | readonly (string | number)[],
  code?: string | RegExp,
): void {
  hold(checks.checkErrorAt(answer, path, code), assertErrorAt);
}

export function assertPartial(answer: TestAnswer): void {
  hold(checks.checkPartial(answer), assertPartial);
}

export function assertPlan(plan: string, expected: string): void {
  hold(checks.checkPlan(plan, expected), assertPlan);
}

function hold({ pass, message }: Verdict, from: (...given: never[]) => void): void {
  if (!pass) throw new AssertionError({ message: message(), stackStartFn: from as () => void });
}
