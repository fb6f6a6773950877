import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { AnswerParts } from '../../../supergraph/connect/template/parseAnswer.js';
import type { EvaluationProblem } from '../mapping/Evaluation.js';
import type { CompiledMapping } from '../mapping/compileMapping.js';
import { compileMapping } from '../mapping/compileMapping.js';
import { setProperty } from '../mapping/jsonValues.js';

/** What came back from a REST service, its body read. */
export interface RestAnswer {
  readonly status: number;
  /** By lower-case name, for `$response.headers`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** See `readBody`. */
  readonly body: unknown;
}

/** What did not fit when an answer was mapped. Never says a value. */
export interface AnswerProblem extends EvaluationProblem {
  /** `selection`, `isSuccess`, `errors.message`, `errors.extensions`; those of `@source` as `source.errors.message`. */
  readonly argument: string;
}

/** What a client may read of a failed answer: what the author of the connector mapped, and no more. */
export interface RestFailure {
  /** Undefined where nobody mapped a message. */
  readonly message: string | undefined;
  /** Own keys only; `code` among them where the author mapped one. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export type MappedAnswer =
  /** `data`: undefined where the selection makes nothing of this answer. */
  | { readonly ok: true; readonly data: unknown; readonly problems: readonly AnswerProblem[] }
  | { readonly ok: false; readonly failure: RestFailure; readonly problems: readonly AnswerProblem[] };

/**
 * Maps an answer. `variables` are those of the request (`$args`, `$this`, `$batch`, `$config`, `$request`, …); `$status` and `$response`
 * (`headers`: lists of values by lower-case name) are added.
 */
export type MapAnswer = (answer: RestAnswer, variables: Readonly<Record<string, unknown>>) => MappedAnswer;

/**
 * Compiles what becomes of a connector's answers, once, when connectors are wired.
 *
 * An answer is a success when `isSuccess` gives true (anything else is none), without it when its status is 200 to 299. `errors.message`
 * and `isSuccess` of the connector take the place of the source's; extensions of both are laid over each other, the connector's on top.
 */
export function compileAnswer(parts: AnswerParts): MapAnswer {
  const select = compiled('selection', parts.selection);
  const isSuccess = parts.isSuccess && compiled(parts.isSuccess.argument, parts.isSuccess.mapping);
  const message = parts.message && compiled(parts.message.argument, parts.message.mapping);
  const extensions = parts.extensions.map(({ argument, mapping }) => compiled(argument, mapping));
  return (answer, variables) => {
    const problems: AnswerProblem[] = [];
    const known = withAnswer(answer, variables);
    const run = (part: CompiledPart): unknown => part(answer.body, known, problems);
    const { status } = answer;
    const succeeded = isSuccess === undefined ? status >= 200 && status <= 299 : run(isSuccess) === true;
    if (succeeded) return { ok: true, data: run(select), problems };
    const made = message && run(message);
    const merged: Record<string, unknown> = {};
    for (const each of extensions) {
      const value = run(each);
      if (isJsonObject(value)) for (const key of Object.keys(value)) setProperty(merged, key, value[key]);
    }
    const failure = { message: typeof made === 'string' ? made : undefined, extensions: merged };
    return { ok: false, failure, problems };
  };
}

type CompiledPart = (body: unknown, variables: Readonly<Record<string, unknown>>, problems: AnswerProblem[]) => unknown;

function compiled(argument: string, mapping: Parameters<typeof compileMapping>[0]): CompiledPart {
  const run: CompiledMapping = compileMapping(mapping);
  return (body, variables, problems) => {
    const result = run(body, variables);
    for (const problem of result.problems) problems.push({ ...problem, argument });
    return result.value;
  };
}

/** Getters of `variables` stay getters: what costs something is made when a mapping reads it. */
function withAnswer(
  { status, headers }: RestAnswer,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known: Record<string, unknown> = Object.defineProperties({}, Object.getOwnPropertyDescriptors(variables));
  Object.defineProperty(known, '$status', { value: status, enumerable: true });
  Object.defineProperty(known, '$response', { get: () => ({ headers: headerLists(headers) }), enumerable: true });
  return known;
}

/** Header values as lists, as mappings see them: `$response.headers.etag->first`. */
export function headerLists(headers: RestAnswer['headers']): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) setProperty(lists, name, typeof value === 'string' ? [value] : value);
  }
  return lists;
}
