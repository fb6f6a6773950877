import { GraphQLError } from 'graphql';

import { codes } from '../../base/errors/codes.js';
import type { ErrorCode } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { isJsonObject } from '../../base/kit/isJsonObject.js';

import { untold } from './Faults.js';
import type { Fault, Faults } from './Faults.js';
import type { JsonObject } from './json.js';

/** What clients may read of a subgraph's errors. */
export interface ErrorExposure {
  /** Default true: messages are replaced by a general one. */
  readonly mask: boolean;
  /** Extension keys that pass. Default `['code']`. `http` never passes: it would set the status of the whole answer. */
  readonly allowExtensions: ReadonlySet<string>;
}

/** Errors read from one reply; the rest is counted. A subgraph may send any number. */
const MAX_ERRORS_PER_REPLY = 100;
const MAX_MESSAGE_CHARACTERS = 2_000;
const MAX_EXTENSIONS_CHARACTERS = 5_000;

/**
 * A failed call, or an answer that is unusable as a whole. A GraphQLError was thrown by a hook or decorator of the gateway's own user, who
 * means the client to read it.
 */
export function callFault(error: unknown, subgraph: string): Fault {
  if (error instanceof GraphQLError) return thrownFault(error);
  const failure =
    error instanceof PorticoError
      ? error
      : new PorticoError('INTERNAL_SERVER_ERROR', `calling ${subgraph} failed unexpectedly`, { cause: error });
  return {
    exact: false,
    code: failure.code,
    message: failure.clientMessage,
    extensions: { code: failure.code },
    cause: failure,
    telling: untold(),
  };
}

function thrownFault(error: GraphQLError): Fault {
  const code: ErrorCode = 'INTERNAL_SERVER_ERROR';
  // `http` of a located error would set the status of the whole answer.
  const { http: _, ...extensions } = error.extensions;
  return {
    exact: false,
    code,
    message: error.message,
    extensions: { code, ...extensions },
    cause: error,
    telling: untold(),
  };
}

export function malformed(subgraph: string, what: string): Fault {
  return callFault(
    new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', `${subgraph}: ${what}`, { details: { subgraph } }),
    subgraph,
  );
}

/** An answer with a status other than 2xx, whose body could be read all the same. */
export function httpFault(subgraph: string, status: number): Fault {
  const details = { subgraph, status };
  return callFault(
    new PorticoError('SUBREQUEST_HTTP_ERROR', `${subgraph} answered with status ${status}`, { details }),
    subgraph,
  );
}

/** One entry of a subgraph's `errors`, checked. */
export interface ReadError {
  readonly fault: Fault;
  /** Path segments that are text or whole numbers; undefined when the error has no usable path. */
  readonly path: ReadonlyArray<string | number> | undefined;
}

/** Reads a reply's `errors`: untrusted, any shape. */
export function readErrors(errors: unknown, subgraph: string, exposure: ErrorExposure, faults: Faults): ReadError[] {
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) {
    const fault = malformed(subgraph, 'errors is not a list');
    faults.add(fault);
    return [{ fault, path: undefined }];
  }
  const read: ReadError[] = [];
  for (const entry of errors.slice(0, MAX_ERRORS_PER_REPLY)) {
    const each = readError(entry, subgraph, exposure);
    faults.add(each.fault);
    read.push(each);
  }
  faults.dropped += Math.max(0, errors.length - MAX_ERRORS_PER_REPLY);
  return read;
}

function readError(entry: unknown, subgraph: string, exposure: ErrorExposure): ReadError {
  const error: JsonObject = isJsonObject(entry) ? entry : {};
  const text = typeof error['message'] === 'string' ? error['message'].slice(0, MAX_MESSAGE_CHARACTERS) : 'no message';
  const path = Array.isArray(error['path']) && error['path'].length <= 100 ? readPath(error['path']) : undefined;
  const code: ErrorCode = 'DOWNSTREAM_SERVICE_ERROR';
  return {
    path,
    fault: {
      exact: path !== undefined,
      code,
      message: exposure.mask ? codes[code].summary : text,
      extensions: { code, ...allowed(error['extensions'], exposure) },
      cause: new PorticoError(code, `${subgraph}: ${text}`, {
        details: { subgraph, path, extensions: boundedJson(error['extensions']) },
      }),
      telling: untold(),
      isRefusal: isRefusal(error['extensions']) ? true : undefined,
    },
  };
}

/** Codes by which subgraphs say that this caller may not, or asked wrongly. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'BAD_USER_INPUT',
]);

function isRefusal(extensions: unknown): boolean {
  return isJsonObject(extensions) && Object.hasOwn(extensions, 'code') && REFUSALS.has(extensions['code']);
}

function readPath(path: unknown[]): Array<string | number> | undefined {
  return path.every((step): step is string | number => typeof step === 'string' || Number.isInteger(step))
    ? path
    : undefined;
}

/** A code is a name for programs: what has spaces, or nothing, is text that slipped in. */
const CODE = /^[\w.:/-]{1,200}$/;

function allowed(extensions: unknown, exposure: ErrorExposure): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  if (!isJsonObject(extensions)) return kept;
  for (const key of exposure.allowExtensions) {
    if (key === 'http' || key === '__proto__' || !Object.hasOwn(extensions, key)) continue;
    const value = extensions[key];
    if (key === 'code' ? typeof value === 'string' && CODE.test(value) : boundedJson(value) !== undefined)
      kept[key] = value;
  }
  return kept;
}

function boundedJson(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text !== undefined && text.length <= MAX_EXTENSIONS_CHARACTERS ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Ties an error to the place its path leads to, as far as it leads: a step that does not exist stops the walk at the place before.
 *
 * @param holder the object that holds the first step's key
 */
export function placeByPath(faults: Faults, fault: Fault, holder: object, path: ReadonlyArray<string | number>): void {
  let owner: object | undefined;
  let key = '';
  let value: unknown = holder;
  let depth = 0;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) break;
    if (
      Array.isArray(value) ? typeof step !== 'number' || step < 0 || step >= value.length : !Object.hasOwn(value, step)
    )
      break;
    owner = value;
    key = String(step);
    value = (value as JsonObject)[key];
    depth++;
  }
  if (owner === undefined) return;
  if (value === null || value === undefined) fault.rest = path.slice(depth);
  faults.place(fault, owner, key);
}
