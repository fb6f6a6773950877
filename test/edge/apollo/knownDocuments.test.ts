import { HeaderMap } from '@apollo/server';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError, buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createApolloServer } from '../../../src/edge/apollo/createApolloServer.js';
import { requestContextKey } from '../../../src/edge/http/Exchange.js';
import type { GraphQLServer } from '../../../src/edge/http/serveGraphQL.js';
import { DEFAULT_LIMITS } from '../../../src/engine/operation/limits.js';
import { makeContext } from '../../support/requestContext.js';

const SDL = 'type Query { a: Int b(x: Int): Int } type Mutation { set: Int }';

/** A server over an executor of the test; `viaApollo` says for each execution whether Apollo Server's pipeline made it. */
async function open(executor: GatewayExecutor, plugins: Parameters<typeof createApolloServer>[0]['plugins'] = []) {
  const viaApollo: boolean[] = [];
  const schemas: GraphQLSchema[] = [];
  const listeners: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0][] = [];
  const publish = () => {
    const apiSchema = buildSchema(SDL);
    for (const listener of listeners) listener({ apiSchema, coreSupergraphSdl: SDL });
  };
  const gateway: GatewayInterface = {
    load: () => {
      publish();
      return Promise.resolve({
        executor: (request) => {
          viaApollo.push(request.logger !== undefined);
          schemas.push(request.schema);
          return executor(request);
        },
      });
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.push(listener);
      return () => {};
    },
    stop: () => Promise.resolve(),
  };
  const server = createApolloServer({ gateway, limits: DEFAULT_LIMITS, introspection: true, plugins });
  await server.start();
  onTestFinished(() => server.stop());
  const post = async (body: unknown, method = 'POST') => {
    const headers = new HeaderMap([['content-type', 'application/json']]);
    const search = method === 'GET' ? `?query=${encodeURIComponent((body as { query: string }).query)}` : '';
    const contextValue = { [requestContextKey]: makeContext() } as never;
    // As the edge asks.
    const edge: GraphQLServer = server;
    const response = await edge.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search, body: method === 'GET' ? undefined : body },
      context: () => Promise.resolve(contextValue),
      contextValue,
    });
    const { status, body: answer } = response;
    const result = JSON.stringify((answer as { string: unknown }).string);
    return { status: status ?? 200, retryAfter: response.headers.get('retry-after'), result };
  };
  return { post, viaApollo, schemas, publish };
}

const located = new GraphQLError('masked', { path: ['a'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } });
const whole = new GraphQLError('busy', {
  extensions: { code: 'OVERLOADED', http: { status: 503, headers: new HeaderMap([['retry-after', '1']]) } },
});

describe('a document that was validated before', () => {
  it.each<[string, Awaited<ReturnType<GatewayExecutor>>]>([
    ['data', { data: { a: 1 } }],
    ['null data', { data: null }],
    ['partial data', { data: { a: null }, errors: [located] }],
    ['extensions', { data: { a: 1 }, extensions: { droppedErrors: 3 } }],
    ['a failed request', { errors: [whole] }],
    ['an error without a code', { data: null, errors: [new GraphQLError('x')] }],
  ])('goes round Apollo Server with the same answer: %s', async (_name, result) => {
    const { post, viaApollo } = await open(() => Promise.resolve(result));
    const first = await post({ query: '{ a }' });
    const second = await post({ query: '{ a }', variables: {}, operationName: null });
    expect(second).toEqual(first);
    expect(viaApollo).toEqual([true, false]);
  });

  it('is executed with its own operation and variables', async () => {
    const seen: unknown[] = [];
    const { post, viaApollo } = await open((request) => {
      seen.push([request.operation.name?.value, request.request.variables]);
      return Promise.resolve({ data: {} });
    });
    const query = 'query P($x: Int) { b(x: $x) } query Q { a }';
    for (const x of [1, 2]) await post({ query, operationName: 'P', variables: { x } });
    for (const operationName of ['Q', 'Q']) await post({ query, operationName });
    expect(seen).toEqual([
      ['P', { x: 1 }],
      ['P', { x: 2 }],
      ['Q', undefined],
      ['Q', undefined],
    ]);
    expect(viaApollo).toEqual([true, false, true, false]);
  });

  it.each<[string, unknown, string?]>([
    ['with extensions', { query: '{ a }', extensions: { x: 1 } }],
    ['by GET', { query: '{ a }' }, 'GET'],
    ['that is introspection', { query: '{ __schema { queryType { name } } a }' }],
    ['with another text', { query: '{ a  }' }],
  ])('takes the whole way %s', async (_name, body, method) => {
    const { post, viaApollo } = await open(() => Promise.resolve({ data: {} }));
    await post({ query: '{ a }' });
    await post(body, method);
    expect(viaApollo).toEqual([true, true]);
  });

  it.each<[string, unknown]>([
    ['an operation it does not have', { query: '{ a }', operationName: 'Other' }],
    ['the operation of no name', { query: '{ a }', operationName: '' }],
    ['variables that are no object', { query: '{ a }', variables: [] }],
    ['variables that are text', { query: '{ a }', variables: 'x' }],
    ['an operation name that is no text', { query: '{ a }', operationName: 7 }],
  ])('is refused as before when asked with %s', async (_name, body) => {
    const { post, viaApollo } = await open(() => Promise.resolve({ errors: [new GraphQLError('Unknown operation')] }));
    await post({ query: '{ a }' });
    expect((await post(body)).status).toBe(400);
    expect(viaApollo.slice(1)).not.toContain(false);
  });

  it('is forgotten with its schema', async () => {
    const { post, viaApollo, schemas, publish } = await open(() => Promise.resolve({ data: {} }));
    await post({ query: '{ a }' });
    publish();
    await post({ query: '{ a }' });
    await post({ query: '{ a }' });
    expect(viaApollo).toEqual([true, true, false]);
    expect(schemas[1]).not.toBe(schemas[0]);
    expect(schemas[2]).toBe(schemas[1]);
  });

  it('never goes round plugins of somebody else', async () => {
    let requests = 0;
    const plugin = { requestDidStart: () => (requests++, Promise.resolve()) };
    const { post, viaApollo } = await open(() => Promise.resolve({ data: {} }), [plugin]);
    await post({ query: '{ a }' });
    await post({ query: '{ a }' });
    expect(requests).toBe(2);
    expect(viaApollo).toEqual([true, true]);
  });

  it('is not remembered when a limit refuses it', async () => {
    const { post, viaApollo } = await open(() => Promise.resolve({ data: {} }));
    const query = `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: a`).join(' ')} }`;
    expect((await post({ query })).result).toContain('MAX_ALIASES_EXCEEDED');
    expect((await post({ query })).result).toContain('MAX_ALIASES_EXCEEDED');
    expect(viaApollo).toEqual([]);
  });
});
