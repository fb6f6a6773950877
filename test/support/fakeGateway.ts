import { createHash } from 'node:crypto';

import { buildSchema, execute } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { AnswerData } from '../../src/engine/respond/AnswerData.js';
import type { Generation } from '../../src/gateway/generation.js';
import { assembleGateway } from '../../src/gateway/createGateway.js';
import type { GatewayParts, PorticoGateway } from '../../src/gateway/createGateway.js';
import type { GraphQLReply, GraphQLRequest } from '../../src/request/context.js';
import type { Handle } from '../../src/request/handle.js';

export interface FakeParts extends Partial<GatewayParts> {
  readonly rootValue?: unknown;
  /** Instead of graphql-js on the schema. */
  readonly handle?: (request: GraphQLRequest, schema: GraphQLSchema) => Promise<GraphQLReply>;
}

/** A generation that executes plain SDL with graphql-js: everything left of the engine can be tested without it. */
export function fakeGeneration(sdl: string, parts: FakeParts = {}): Generation & { closed: boolean } {
  const schema = buildSchema(sdl);
  const handle: Handle = (request) => (parts.handle ?? executeHere)(request, schema);
  async function executeHere(request: GraphQLRequest): Promise<GraphQLReply> {
    const result = await execute({
      schema,
      document: request.document,
      operationName: request.operationName,
      variableValues: request.variables,
      rootValue: parts.rootValue ?? {},
    });
    return {
      data: result.data === undefined ? undefined : AnswerData.of(JSON.stringify(result.data)),
      errors: result.errors ?? [],
      extensions: undefined,
    };
  }
  return {
    supergraph: {
      id: createHash('sha256').update(sdl).digest('hex'),
      sdl,
      apiSchema: schema,
      subgraphs: new Map(),
      overrideLabels: new Map(),
      hiddenOverrideLabels: [],
      possibleTypes: new Map(),
      objectTypes: new Set(),
      fallbacks: [],
      owners: new Map(),
      rateLimits: new Map(),
      connectors: new Map(),
      fieldTypes: new Map(),
      inputDefaults: new Map(),
      askable: new Map(),
      costs: { weights: new Map(), listSizes: new Map() },
      access: { demands: new Map(), inputs: new Map() },
    },
    handle,
    hottest: () => [],
    closed: false,
    async close() {
      this.closed = true;
    },
  };
}

export const FAKE_SDL = /* GraphQL */ `
  type Query {
    hello(name: String): String
    user: User
    list(n: Int): [Int]
    enum(e: Color): Color
  }
  type Mutation {
    touch: Int
  }
  type Subscription {
    ticks: Int
  }
  type User {
    id: ID!
    name: String
    friend: User
  }
  enum Color {
    RED
    BLUE
  }
`;

export function fakeGateway(parts: FakeParts = {}): PorticoGateway {
  return assembleGateway({ source: FAKE_SDL, build: async (sdl) => fakeGeneration(sdl, parts), ...parts });
}
