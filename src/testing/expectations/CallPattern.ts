import { parse, print } from 'graphql';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { checkKeys } from '../../mocks/checkKeys.js';
import type { RestRequest } from '../../upstream/SubgraphClient.js';
import type { TestCall } from '../records/TestCall.js';
import { isPartOf } from './isPartOf.js';

/** What a call shall be like. What is not said may be anything. */
export interface CallPattern {
  /** The document: a text, compared without regard to layout, or what it shall match. */
  readonly operation?: string | RegExp | undefined;
  /** Of a request to a REST service. */
  readonly method?: RestRequest['method'] | undefined;
  /** Of a request to a REST service: path and query string as sent, or the path alone where the text has no `?`. */
  readonly url?: string | RegExp | undefined;
  /** Of a request to a REST service: a part of its JSON, or all of its text. */
  readonly body?: unknown;
  /** As the planner names it, `Client__subgraph__n`. */
  readonly operationName?: string | RegExp | undefined;
  readonly kind?: TestCall['kind'] | undefined;
  /** Names of fields that it asks for, at any depth. */
  readonly fields?: readonly string[] | undefined;
  /** A part of the variables. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Each is a part of one of the entities that it asks for. */
  readonly representations?: ReadonlyArray<Readonly<Record<string, unknown>>> | undefined;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string | RegExp>> | undefined;
}

const KEYS: Readonly<Record<keyof CallPattern, true>> = {
  operation: true,
  method: true,
  url: true,
  body: true,
  operationName: true,
  kind: true,
  fields: true,
  variables: true,
  representations: true,
  headers: true,
};

/** Throws: a TypeError for what calls cannot be like. A name that is mistyped would fit any call. */
export function checkPattern(pattern: CallPattern): void {
  checkKeys('a call', pattern, Object.keys(KEYS));
  for (const name of ['fields', 'representations'] as const) {
    const value: unknown = pattern[name];
    if (value !== undefined && !Array.isArray(value)) throw new TypeError(`a call: its ${name} are a list`);
  }
  for (const name of ['variables', 'headers'] as const) {
    const value: unknown = pattern[name];
    if (value !== undefined && !isJsonObject(value))
      throw new TypeError(`a call: its ${name} are an object, value by name`);
  }
}

export function isLike(call: TestCall, pattern: CallPattern): boolean {
  const { operation, operationName, kind, fields = [], variables = {}, representations = [], headers = {} } = pattern;
  return (
    isLikeRest(call, pattern) &&
    (operation === undefined ||
      fits(normal(call.query), typeof operation === 'string' ? normal(operation) : operation)) &&
    (operationName === undefined || fits(call.operationName ?? '', operationName)) &&
    (kind === undefined || call.kind === kind) &&
    fields.every((field) => call.fields.includes(field)) &&
    isPartOf(variables, call.variables) &&
    representations.every((wanted) => call.representations.some((entity) => isPartOf(wanted, entity))) &&
    Object.entries(headers).every(([name, value]) => fits(call.headers[name.toLowerCase()], value))
  );
}

function isLikeRest({ rest }: TestCall, { method, url, body }: CallPattern): boolean {
  if (method === undefined && url === undefined && body === undefined) return true;
  if (rest === undefined) return false;
  const path = typeof url === 'string' && !url.includes('?') ? rest.path.split('?', 1)[0] : rest.path;
  return (
    (method === undefined || method === rest.method) &&
    (url === undefined || fits(path, url)) &&
    (body === undefined || isPartOf(body, rest.body) || isPartOf(body, jsonIn(rest.body)))
  );
}

/** Undefined for what is no JSON. */
function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function fits(text: string | undefined, wanted: string | RegExp): boolean {
  return text !== undefined && (typeof wanted === 'string' ? text === wanted : new RegExp(wanted).test(text));
}

/** The same layout for the same document; a text that is no document stays as it is. */
function normal(document: string): string {
  try {
    return print(parse(document, { noLocation: true }));
  } catch {
    return document;
  }
}
