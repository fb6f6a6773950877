import type { InProcessAnswer } from '../../src/upstream/inProcessClient.js';
import { createTestGateway } from './testGateway.js';
import type { TestCall, TestGateway, TestGatewayOptions } from './testGateway.js';

export const usersSdl = /* GraphQL */ `
  type Query {
    me: User
    users: [User]
    strict: [User!]!
    grid: [[User!]!]
    media: [Media]
    node: Named
    any: Json
  }
  scalar Json
  interface Named {
    name: String
  }
  type User implements Named @key(fields: "id") {
    id: ID!
    name: String
    age: Int
    height: Float
    active: Boolean
    role: Role
    tags: [String!]
    friends: [User]
    weight: Int
    json: Json
  }
  enum Role {
    ADMIN
    GUEST
  }
  union Media = Book | Film
  type Book {
    title: String
    pages: Int!
  }
  type Film {
    title: String
  }
`;

export const factsSdl = /* GraphQL */ `
  type Query {
    motto: String
  }
  type User @key(fields: "id") {
    id: ID!
    weight: Int @external
    score: Int
    must: Int!
    matrix: [[Int!]!]
    best: User
    heavy: Boolean @requires(fields: "weight")
  }
`;

export type Answer = (call: TestCall) => InProcessAnswer | Promise<InProcessAnswer>;

/** Entities `User` of one entity call, made from their representations. */
export function entities(make: (rep: Readonly<Record<string, unknown>>, index: number) => unknown): Answer {
  return (call) => {
    const given = (alias: string, variable: string): [string, unknown[]] => [
      alias,
      (call.variables[variable] as Record<string, unknown>[]).map(make),
    ];
    // Joint calls carry several aliases, each with its own variable.
    const pairs = [...call.text.matchAll(/(?:(\w+)\s*:\s*)?_entities\s*\(\s*representations\s*:\s*\$(\w+)\s*\)/g)];
    return {
      data: {
        motto: 'fine',
        ...Object.fromEntries(pairs.map(([, alias, variable]) => given(alias ?? '_entities', variable!))),
      },
    };
  };
}

/** A gateway over two subgraphs that answer whatever the test says: `users` has the roots, `facts` adds fields to User. */
export function hostileGateway(
  answers: { readonly users?: Answer | InProcessAnswer; readonly facts?: Answer | InProcessAnswer },
  options: Partial<TestGatewayOptions> = {},
): TestGateway {
  // The gateway owns what it gets: it may write to it.
  const toAnswer = (given: Answer | InProcessAnswer | undefined): Answer =>
    typeof given === 'function' ? given : () => structuredClone(given ?? { data: { motto: 'fine' } });
  return createTestGateway({
    ...options,
    subgraphs: {
      users: { typeDefs: usersSdl, answer: toAnswer(answers.users) },
      facts: { typeDefs: factsSdl, answer: toAnswer(answers.facts) },
    },
  });
}
