import { PorticoError } from '../../base/errors/PorticoError.js';

/** Why a call of a connector gave nothing, as the service (or its connector's `errors`) says it: a GraphQL error. */
export interface ReportedFailure {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What a call of a connector gave. A value, never a rejection: others may wait for the same one. */
export type Outcome =
  | { readonly value: unknown; readonly failure?: undefined }
  | { readonly failure: PorticoError | ReportedFailure };

/** Nothing to ask for, or nothing found. */
export const NOTHING: Outcome = { value: null };

/** A failure as an entry of `errors`. */
export function errorEntry(
  failure: PorticoError | ReportedFailure,
  path: ReadonlyArray<string | number> | undefined,
): object {
  const where = path === undefined ? {} : { path };
  if (!(failure instanceof PorticoError)) return { ...failure, ...where };
  const { code, clientMessage, details } = failure;
  const { status } = details;
  const http = typeof status === 'number' ? { http: { status } } : {};
  return { message: clientMessage, ...where, extensions: { code, ...http } };
}
