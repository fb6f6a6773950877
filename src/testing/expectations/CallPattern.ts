import { parse, print } from 'graphql';

import type { TestCall } from '../records/TestCall.js';
import { isPartOf } from './isPartOf.js';

/** What a call shall be like. What is not said may be anything. */
export interface CallPattern {
  /** The document: a text, compared without regard to layout, or what it shall match. */
  readonly operation?: string | RegExp | undefined;
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

export function isLike(call: TestCall, pattern: CallPattern): boolean {
  const { operation, operationName, kind, fields = [], variables = {}, representations = [], headers = {} } = pattern;
  return (
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
