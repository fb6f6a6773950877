import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';
import { createSchemaClient } from '../support/schemaClient.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

const never = (): Promise<never> => new Promise(() => {});

describe('createInProcessClient', () => {
  it('gives the answer with HTTP defaults', async () => {
    const client = createInProcessClient({ name: 'a', answer: () => ({ data: { x: 1 } }) });
    await expect(client.execute(makeCall())).resolves.toEqual({
      data: { x: 1 },
      errors: undefined,
      extensions: undefined,
      status: 200,
      headers: {},
      shared: false,
    });
  });

  it('ends with the lifetime of the call even when the function never answers', async () => {
    const client = createInProcessClient({ name: 'a', answer: never });
    const call = makeCall({ lifetime: new Lifetime(5) });
    await expect(client.execute(call)).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    const cancelled = makeCall();
    const pending = client.execute(cancelled);
    cancelled.lifetime.end('cancelled');
    await expect(pending).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    await expect(client.execute(cancelled)).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
  });

  it('passes a PorticoError on and wraps everything else, thrown at once or later', async () => {
    const coded = new PorticoError('SUBGRAPH_CIRCUIT_OPEN', 'open');
    await expect(
      createInProcessClient({ name: 'a', answer: () => Promise.reject(coded) }).execute(makeCall()),
    ).rejects.toBe(coded);
    const client = createInProcessClient({
      name: 'a',
      answer: () => {
        throw new TypeError('secret');
      },
    });
    const error = await client.execute(makeCall()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { subgraph: 'a' } });
    expect((error as PorticoError).clientMessage).not.toContain('secret');
  });

  it('aborts what is in flight on close, and refuses calls after it', async () => {
    const client = createInProcessClient({ name: 'a', answer: never });
    const pending = client.execute(makeCall());
    await client.close();
    await expect(pending).rejects.toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' });
    await expect(client.execute(makeCall())).rejects.toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' });
  });
});

describe('createSchemaClient', () => {
  it('executes a federated schema and records what it was asked', async () => {
    const client = createSchemaClient({
      name: 'users',
      typeDefs: `type Query { me: User } type User @key(fields: "id") { id: ID! name: String }`,
      resolvers: { User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `user ${id}` }) } },
    });
    const text =
      'query Q__users__0($representations:[_Any!]!){_entities(representations:$representations){...on User{name}}}';
    const reply = await client.execute(
      makeCall({
        operation: { ...makeOperation(text), name: 'Q__users__0' },
        variablesJson: '{"representations":[{"__typename":"User","id":"7"}]}',
        headers: [['x-tenant', 'a']],
      }),
    );
    expect(reply.data).toEqual({ _entities: [{ name: 'user 7' }] });
    expect(client.calls).toHaveLength(1);
    expect(client.calls[0]).toMatchObject({ text, headers: { 'x-tenant': 'a' } });
  });

  it('answers a document that does not fit with errors', async () => {
    const client = createSchemaClient({ name: 'users', typeDefs: 'type Query { a: Int }' });
    const reply = await client.execute(makeCall({ operation: makeOperation('{ b }') }));
    expect(reply).toMatchObject({
      data: undefined,
      status: 400,
      errors: [{ message: expect.stringContaining('b') as string }],
    });
  });
});
