import { Lifetime } from '../../src/base/kit/Lifetime.js';
import type { SubgraphCall, SubgraphOperation, SubgraphReply } from '../../src/upstream/SubgraphClient.js';

/** An operation as the plan compiler makes it. */
export function makeOperation(text = '{ me { id } }', kind: SubgraphOperation['kind'] = 'query'): SubgraphOperation {
  return { kind, name: undefined, text, bodyHead: `{"query":${JSON.stringify(text)}` };
}

/** A call with everything defaulted; its lifetime is 30 s unless given. */
export function makeCall(call: Partial<SubgraphCall> = {}): SubgraphCall {
  return {
    operation: makeOperation(),
    variablesJson: undefined,
    headers: [],
    correlation: [],
    lifetime: new Lifetime(30_000),
    epoch: 0,
    ...call,
  };
}

/** A reply with everything defaulted: an empty answer. */
export function makeReply(reply: Partial<SubgraphReply> = {}): SubgraphReply {
  return { data: {}, errors: undefined, extensions: undefined, status: 200, headers: {}, shared: false, ...reply };
}
