import { parseJson, writeJson } from '../../base/kit/json.js';
import type { SubgraphReply } from '../../upstream/SubgraphClient.js';
import type { ClientRequest, SubgraphRequest, SubgraphResponse } from './SubgraphHooks.js';

/** An answer as a hook sees it: its own copy where other callers hold the same objects. */
export class HookResponse implements SubgraphResponse {
  readonly request: SubgraphRequest;
  readonly #reply: SubgraphReply;
  #headers: Headers | undefined;
  data: unknown;
  errors: unknown;
  extensions: unknown;

  constructor(request: SubgraphRequest, reply: SubgraphReply) {
    this.request = request;
    this.#reply = reply.shared ? copyOf(reply) : reply;
    this.#headers = undefined;
    this.data = this.#reply.data;
    this.errors = this.#reply.errors;
    this.extensions = this.#reply.extensions;
  }

  get subgraph(): string {
    return this.request.subgraph;
  }
  get client(): ClientRequest {
    return this.request.client;
  }
  get status(): number {
    return this.#reply.status;
  }
  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#reply.headers));
  }
  toReply(): SubgraphReply {
    const { status, headers } = this.#reply;
    const { data, errors, extensions } = this;
    return { data, errors, extensions, status, headers, shared: false };
  }
}

/** Through JSON, which is what it came from. */
function copyOf({ data, errors, extensions, status, headers }: SubgraphReply): SubgraphReply {
  const copy = (value: unknown): unknown => (value === undefined ? undefined : parseJson(writeJson(value)));
  return { data: copy(data), errors: copy(errors), extensions: copy(extensions), status, headers, shared: false };
}

function toHeaders(received: SubgraphReply['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const each of value ?? []) headers.append(name, each);
  }
  return headers;
}
