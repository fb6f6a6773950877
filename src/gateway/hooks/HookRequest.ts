import { parseJson, writeJson } from '../../base/kit/json.js';
import type { HeaderPairs, SubgraphCall, SubgraphOperation } from '../../upstream/SubgraphClient.js';
import type { ClientRequest, SubgraphRequest } from './SubgraphHooks.js';

type Json = Record<string, unknown>;

/** A call as a hook sees it. Nothing is parsed or built that the hook does not touch. */
export class HookRequest implements SubgraphRequest {
  readonly subgraph: string;
  readonly purpose: SubgraphRequest['purpose'];
  readonly client: ClientRequest;
  query: string;
  extensions: Json | undefined;
  readonly #call: SubgraphCall;
  #headers: Headers | undefined;
  #variables: Json | undefined;
  #hasVariables: boolean;

  constructor(subgraph: string, call: SubgraphCall, client: ClientRequest, purpose: SubgraphRequest['purpose']) {
    this.subgraph = subgraph;
    this.purpose = purpose;
    this.client = client;
    this.query = call.operation.text;
    this.extensions = undefined;
    this.#call = call;
    this.#headers = undefined;
    this.#variables = undefined;
    this.#hasVariables = false;
  }

  get kind(): 'query' | 'mutation' {
    return this.#call.operation.kind;
  }
  get operationName(): string | undefined {
    return this.#call.operation.name;
  }
  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#call));
  }
  get variables(): Json | undefined {
    if (!this.#hasVariables) {
      const { variablesJson } = this.#call;
      this.variables = variablesJson === undefined ? undefined : (parseJson(variablesJson) as Json);
    }
    return this.#variables;
  }
  set variables(variables: Json | undefined) {
    this.#variables = variables;
    this.#hasVariables = true;
  }

  /** The call with what the hook has changed. */
  toCall(): SubgraphCall {
    const { headers, correlation } = this.#sent();
    const { operation, variablesJson, lifetime, epoch, origin, route } = this.#call;
    const written = this.#variables === undefined ? undefined : writeJson(this.#variables);
    return {
      operation: this.#operation(operation),
      variablesJson: this.#hasVariables ? written : variablesJson,
      headers,
      correlation,
      lifetime,
      epoch,
      origin,
      route,
    };
  }

  #operation(operation: SubgraphOperation): SubgraphOperation {
    const { query, extensions } = this;
    if (query === operation.text && extensions === undefined) return operation;
    const { kind, name } = operation;
    let bodyHead = `{"query":${JSON.stringify(query)}`;
    if (name !== undefined) bodyHead += `,"operationName":${JSON.stringify(name)}`;
    if (extensions !== undefined) bodyHead += `,"extensions":${writeJson(extensions)}`;
    return { kind, name, text: query, bodyHead };
  }

  /** A correlation header that the hook left alone stays one; everything else belongs to the key of a shared call. */
  #sent(): { headers: HeaderPairs; correlation: HeaderPairs } {
    const { headers: before, correlation } = this.#call;
    if (this.#headers === undefined) return { headers: before, correlation };
    const pairs = [...this.#headers];
    const isOwn = ([name, value]: readonly [string, string]): boolean =>
      correlation.some(([ownName, ownValue]) => ownName === name && ownValue === value);
    return { headers: pairs.filter((pair) => !isOwn(pair)), correlation: pairs.filter(isOwn) };
  }
}

function toHeaders({ headers, correlation }: SubgraphCall): Headers {
  const all = new Headers();
  for (const [name, value] of headers) all.append(name, value);
  for (const [name, value] of correlation) all.append(name, value);
  return all;
}
