import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { HookRequest } from '../../../src/gateway/hooks/HookRequest.js';
import type { SubgraphCall } from '../../../src/upstream/SubgraphClient.js';

const nobody = { contextValue: {}, requestId: '', operationName: undefined, header: () => undefined };
const call: SubgraphCall = {
  operation: { kind: 'query', name: 'Q', text: '{ a }', bodyHead: '{"query":"{ a }","operationName":"Q"' },
  variablesJson: '{"id":9007199254740993}',
  headers: [['authorization', 'a']],
  correlation: [['x-request-id', 'r-1']],
  lifetime: new Lifetime(Infinity),
  epoch: 3,
};
const changed = (change: (request: HookRequest) => void): SubgraphCall => {
  const request = new HookRequest('books', call, nobody, 'operation');
  change(request);
  return request.toCall();
};

describe('a call that a hook has seen', () => {
  it('is the same when nothing was touched', () => {
    expect(changed(() => {})).toEqual({ ...call, origin: undefined });
    expect(changed(() => {}).operation).toBe(call.operation);
  });

  it('is the same when everything was only read', () => {
    const read = changed(({ headers, variables, query }) => void [headers.get('a'), variables, query]);
    expect(read).toEqual({ ...call, origin: undefined });
  });

  it('keeps integers beyond 2^53 in variables that were touched', () => {
    const { variablesJson } = changed(({ variables }) => void (variables!['more'] = 1));
    expect(variablesJson).toBe('{"id":9007199254740993,"more":1}');
  });

  it('has no variables when they were removed', () => {
    expect(changed((request) => (request.variables = undefined)).variablesJson).toBeUndefined();
  });

  it('has in its key whatever the hook did to headers, correlation headers too', () => {
    const { headers, correlation } = changed((request) => {
      request.headers.delete('authorization');
      request.headers.set('X-Request-ID', 'mine');
      request.headers.append('x-two', '1');
    });
    expect(headers).toEqual([
      ['x-request-id', 'mine'],
      ['x-two', '1'],
    ]);
    expect(correlation).toEqual([]);
  });

  it('carries a changed document and extensions in its body', () => {
    const { operation } = changed((request) => {
      request.query = '{ b }';
      request.extensions = { a: 1n };
    });
    expect(operation).toEqual({
      kind: 'query',
      name: 'Q',
      text: '{ b }',
      bodyHead: '{"query":"{ b }","operationName":"Q","extensions":{"a":1}',
    });
  });

  it('cannot be sent with a header that HTTP cannot carry', () => {
    expect(() => changed(({ headers }) => headers.set('x-bad', 'a\r\nb'))).toThrow(TypeError);
  });
});
