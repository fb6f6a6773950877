import type { HeaderPairs } from '../../SubgraphClient.js';

/** A request to a REST service, ready to be sent to the origin of its connector. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query; begins with a slash. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: HeaderPairs;
  readonly body: string | undefined;
}

/** What a request is made from. */
export interface RequestInputs {
  /** `$args`, `$this`, `$batch`, `$config`, …; keys with their `$`. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The values of a header of the client's request, by lower-case name; nothing where there is none. */
  readonly clientHeader: (name: string) => string | readonly string[] | undefined;
}

/** What was strange when a request was made. Never says a value. */
export interface RequestFault {
  /** `url`, `path`, `queryParams`, `header x-name`, `body`. */
  readonly place: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** `ok: false`: no request can be made from these inputs, for the last of the faults. Other faults left something out. */
export type BuiltRequest =
  | { readonly ok: true; readonly request: RestRequest; readonly faults: readonly RequestFault[] }
  | { readonly ok: false; readonly faults: readonly RequestFault[] };

/** Ends the making of a request; caught by `compileRequest`. */
export class RequestRefusal extends Error {
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}
