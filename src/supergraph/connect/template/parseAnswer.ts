import type { ConnectVersion, Mapping } from '../mapping/Mapping.js';
import type { Parsed } from '../mapping/MappingProblem.js';
import { parseSelection } from '../mapping/parseSelection.js';
import type { RequestProblem } from './parseRequest.js';

interface ErrorTexts {
  readonly message: string | undefined;
  readonly extensions: string | undefined;
}

/** The texts of a connector that say what becomes of an answer; a `Connector` has them. */
export interface AnswerTexts {
  readonly version: ConnectVersion;
  readonly selection: string;
  readonly isSuccess: string | undefined;
  readonly errors: ErrorTexts | undefined;
  readonly restSource: { readonly isSuccess: string | undefined; readonly errors: ErrorTexts | undefined } | undefined;
}

/** A mapping, and the argument that it stands in. */
export interface NamedMapping {
  readonly argument: string;
  readonly mapping: Mapping;
}

/** What becomes of an answer, read: the connector's part where both it and its source have one. */
export interface AnswerParts {
  readonly selection: Mapping;
  readonly isSuccess: NamedMapping | undefined;
  readonly message: NamedMapping | undefined;
  /** The source's, then the connector's: later ones are laid over earlier ones. */
  readonly extensions: readonly NamedMapping[];
}

/** Reads everything that says what becomes of an answer. All problems are reported, not the first only. */
export function parseAnswer(
  texts: AnswerTexts,
):
  | { readonly ok: true; readonly value: AnswerParts }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] } {
  const problems: RequestProblem[] = [];
  const { restSource, errors, version: specVersion } = texts;
  const read = (argument: string, text: string | undefined): NamedMapping | undefined => {
    if (text === undefined) return undefined;
    const result: Parsed<Mapping> = parseSelection(text, { specVersion });
    if (result.ok) return { argument, mapping: result.value };
    problems.push({ ...result.problem, argument });
    return undefined;
  };
  const selection = read('selection', texts.selection);
  const inherited = {
    isSuccess: read('source.isSuccess', restSource?.isSuccess),
    message: read('source.errors.message', restSource?.errors?.message),
    extensions: read('source.errors.extensions', restSource?.errors?.extensions),
  };
  const isSuccess = read('isSuccess', texts.isSuccess) ?? inherited.isSuccess;
  const message = read('errors.message', errors?.message) ?? inherited.message;
  const own = read('errors.extensions', errors?.extensions);
  if (problems.length > 0 || selection === undefined) return { ok: false, problems };
  const extensions = [inherited.extensions, own].filter((each) => each !== undefined);
  return { ok: true, value: { selection: selection.mapping, isSuccess, message, extensions } };
}
