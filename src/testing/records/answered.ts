import type { TestAnswer } from '../TestClient.js';
import type { RequestRecord } from './RequestRecord.js';

const requests = new WeakMap<object, RequestRecord>();

/** Remembers which request an answer is for, so that a failing expectation can show how it came about. */
export function answered(answer: TestAnswer, request: RequestRecord): TestAnswer {
  requests.set(answer, request);
  return answer;
}

export function requestOf(answer: object): RequestRecord | undefined {
  return requests.get(answer);
}
