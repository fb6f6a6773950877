import type { TestRequestRecord } from '../records/RequestRecord.js';
import { requestOf } from '../records/answered.js';
import type { TestCall } from '../records/TestCall.js';
import type { TestAnswer } from '../TestClient.js';
import { checkPattern, isLike } from './CallPattern.js';
import type { CallPattern } from './CallPattern.js';
import { describeAnswer, describeCalls, describeRequest } from './describe.js';
import { isPartOf } from './isPartOf.js';

/** What becomes of an expectation. */
export interface Verdict {
  readonly pass: boolean;
  /** What is the case, for whoever expected the contrary. */
  readonly message: () => string;
}

/** Whoever has calls: a gateway, one of its subgraphs, a request. */
export interface Calling {
  readonly calls: readonly TestCall[];
}

/** A subgraph's name, what the calls shall be like, or both. */
export type CallArguments = readonly [subgraph?: string | CallPattern, pattern?: CallPattern];

export function checkFetched(source: Calling, ...wanted: CallArguments): Verdict {
  const count = matching(source, wanted).length;
  return {
    pass: count > 0,
    message: () => `${count === 0 ? 'No call' : `${count} of the calls`} ${goesTo(wanted)}.\n\n${describe(source)}`,
  };
}

/** Throws: a TypeError also for what is no number of times. */
export function checkFetchedTimes(source: Calling, times: number, ...wanted: CallArguments): Verdict {
  if (!Number.isInteger(times)) throw new TypeError('How many calls there are is a whole number, and comes first');
  const count = matching(source, wanted).length;
  return {
    pass: count === times,
    message: () => `${count} calls${which(wanted)}, not ${times}.\n\n${describe(source)}`,
  };
}

/** One call for all entities of a subgraph, and more than one of them. */
export function checkBatched(source: Calling, subgraph?: string): Verdict {
  const calls = matching(source, subgraph === undefined ? [] : [subgraph]);
  const asking = calls.filter(({ representations }) => representations.length > 0);
  const asked = new Set(asking.map((call) => call.subgraph));
  const entities = asking.reduce((sum, { representations }) => sum + representations.length, 0);
  const pass = asking.length > 0 && asking.length === asked.size && entities > asking.length;
  return {
    pass,
    message: () => {
      const what = `${entities} entities of ${subgraph ?? 'all subgraphs'} were asked for in ${asking.length} calls`;
      return `${what}.\n\n${describe(source)}`;
    },
  };
}

export function checkNoErrors(answer: TestAnswer): Verdict {
  checkAnswer(answer);
  const count = answer.errors?.length ?? 0;
  return { pass: count === 0, message: () => `The answer has ${count} errors.\n\n${explain(answer)}` };
}

/** @param path as a list, or with dots: `me.orders.0.price` */
export function checkErrorAt(
  answer: TestAnswer,
  path: string | readonly (string | number)[],
  code?: string | RegExp,
): Verdict {
  checkAnswer(answer);
  const wanted = typeof path === 'string' ? path : path.join('.');
  const there = (answer.errors ?? []).filter((error) => (error.path ?? []).join('.') === wanted);
  const fitting = there.filter(({ extensions }) => code === undefined || isPartOf(code, extensions?.code));
  const suffix = code === undefined ? '' : ` with code ${String(code)}`;
  return {
    pass: fitting.length > 0,
    message: () =>
      `The answer has ${fitting.length === 0 ? 'no' : 'an'} error at ${wanted}${suffix}.\n\n${explain(answer)}`,
  };
}

/** Some data, and some errors. */
export function checkPartial(answer: TestAnswer): Verdict {
  checkAnswer(answer);
  const hasData = answer.data !== undefined && answer.data !== null;
  const hasErrors = (answer.errors?.length ?? 0) > 0;
  return {
    pass: hasData && hasErrors,
    message: () =>
      `The answer has ${hasData ? '' : 'no '}data and ${hasErrors ? '' : 'no '}errors.\n\n${explain(answer)}`,
  };
}

/** Layout does not count: a template literal may be indented as the test is. */
export function checkPlan(plan: string, expected: string): Verdict {
  return {
    pass: squeezed(plan) === squeezed(expected),
    message: () => `The plan is:\n${plan}\n\nExpected:\n${expected}`,
  };
}

/** Throws: a TypeError for a source without calls, or a pattern that no call can be like; an Error for a subgraph that a gateway has not. */
function matching(source: Calling & { subgraph?: unknown }, [first, second]: CallArguments): readonly TestCall[] {
  checkAwaited(source);
  if (!Array.isArray(source?.calls)) {
    throw new TypeError('Calls are looked for in a gateway, in one of its subgraphs, or in a request');
  }
  const subgraph = typeof first === 'string' ? first : undefined;
  const pattern = typeof first === 'object' ? first : second;
  // A name that is mistyped was never called: the expectation would hold for the wrong reason.
  if (subgraph !== undefined && typeof source.subgraph === 'function') source.subgraph(subgraph);
  if (pattern !== undefined) checkPattern(pattern);
  return source.calls.filter(
    (call) =>
      (subgraph === undefined || call.subgraph === subgraph) && (pattern === undefined || isLike(call, pattern)),
  );
}

function goesTo([first, second]: CallArguments): string {
  const subgraph = typeof first === 'string' ? `goes to ${first}` : 'goes to a subgraph';
  const pattern = typeof first === 'object' ? first : second;
  return pattern === undefined ? subgraph : `${subgraph} and is like ${show(pattern)}`;
}

function which([first, second]: CallArguments): string {
  const pattern = typeof first === 'object' ? first : second;
  return `${typeof first === 'string' ? ` to ${first}` : ''}${pattern === undefined ? '' : ` like ${show(pattern)}`}`;
}

function show(pattern: CallPattern): string {
  return JSON.stringify(pattern, (_name, value: unknown) => (value instanceof RegExp ? String(value) : value));
}

/** The last request of a gateway with its plan, or just the calls. */
function describe(
  source: Calling & Partial<TestRequestRecord> & { readonly requests?: readonly TestRequestRecord[] },
): string {
  if (source.trace !== undefined) return describeRequest(source as TestRequestRecord);
  const last = source.requests?.at(-1);
  if (last === undefined) return describeCalls(source.calls);
  const { length } = source.requests!;
  return length === 1
    ? describeRequest(last)
    : `${describeCalls(source.calls)}\n\nThe last of ${length} requests:\n\n${describeRequest(last)}`;
}

function explain(answer: TestAnswer): string {
  const request = requestOf(answer);
  return request === undefined ? describeAnswer(answer) : `${describeAnswer(answer)}\n\n${describeRequest(request)}`;
}

/** Throws: a TypeError. A promise has no errors, so that it would pass for an answer without any. */
function checkAnswer(answer: TestAnswer): void {
  checkAwaited(answer);
  if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)) return;
  throw new TypeError('An answer has data or errors, as execute() gives it');
}

function checkAwaited(value: unknown): void {
  if (!(value instanceof Promise)) return;
  // Nobody else may be waiting for it.
  value.catch(() => {});
  throw new TypeError('This is a promise: await it first');
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
