import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const accounts = /* GraphQL */ `
  type Query {
    users(first: Int = 2): [User!]!
    user(id: ID!): User
    groups: [[Group]!]
  }
  type User @key(fields: "id") {
    id: ID!
    locale: String!
    friend: User
    group: Group
  }
  type Group @key(fields: "id") {
    id: ID!
    locale: String!
    members: [User!]
  }
`;

const posts = /* GraphQL */ `
  type User @key(fields: "id") @context(name: "settings") {
    id: ID!
    locale: String! @external
    currency: String
    posts(first: Int): [Post!]!
    best: Post
  }
  type Group @key(fields: "id") @context(name: "settings") {
    id: ID!
    locale: String! @external
    currency: String
    pinned: [[Post!]]!
  }
  type Post @key(fields: "id") {
    id: ID!
    title: String
    greeting(loud: Boolean = false, locale: String @fromContext(field: "$settings { locale }")): String!
    price(currency: String @fromContext(field: "$settings { currency }")): String
    related: [Post!]
    author: User
  }
`;

const likes = /* GraphQL */ `
  type Post @key(fields: "id") {
    id: ID!
    likes: Int
    fans: [User!]!
  }
  type User @key(fields: "id") {
    id: ID!
    liked: Int!
  }
`;

type Owner = Pick<DataRecord, string>;

function data(): GraphData {
  const users: DataRecord[] = [];
  const postList: DataRecord[] = [];
  // A post remembers through whom it was reached; the subgraph `posts` learns it only from the gateway.
  const reachedBy = (owner: Owner, post: DataRecord): DataRecord => ({
    ...post,
    greeting: ({ loud }: { loud?: boolean | null }) => greeting(post, String(owner['locale']), loud),
    price: () => price(post, owner['currency'] as string | null),
    related:
      post['related'] === null
        ? null
        : () => (post['related'] as () => DataRecord[])().map((next) => reachedBy(owner, next)),
  });
  for (let i = 1; i <= 3; i++) {
    const user: DataRecord = {
      __typename: 'User',
      $id: `User:u${i}`,
      id: `u${i}`,
      locale: `l${i % 2}`,
      currency: i === 2 ? null : `c${i}`,
      posts: ({ first }: { first?: number | null }) =>
        postList.slice(0, Math.max(0, first ?? 2)).map((post) => reachedBy(user, post)),
      best: i === 3 ? null : () => reachedBy(user, postList[i]!),
      friend: i === 2 ? null : () => users[i % 3],
      group: i === 1 ? null : () => groups[i % 2],
      liked: i,
    };
    users.push(user);
    const post: DataRecord = {
      __typename: 'Post',
      $id: `Post:po${i}`,
      id: `po${i}`,
      title: i === 2 ? null : `Post ${i}`,
      related: i === 3 ? null : () => [postList[i % 3]!, postList[0]!],
      author: i === 1 ? null : () => users[i % 3],
      likes: i === 3 ? null : i * 5,
      fans: () => users.slice(0, i),
    };
    postList.push(post);
  }
  const groups: DataRecord[] = [1, 2].map((i) => {
    const group: DataRecord = {
      __typename: 'Group',
      $id: `Group:g${i}`,
      id: `g${i}`,
      locale: `group${i}`,
      currency: i === 1 ? 'cg' : null,
      members: () => users.slice(i - 1, i + 1),
      pinned: () => [[reachedBy(group, postList[0]!)], null, [reachedBy(group, postList[i]!)]],
    };
    return group;
  });
  return {
    Query: {
      users: ({ first }: { first: number | null }) => users.slice(0, Math.max(0, first ?? 3)),
      user: ({ id }: { id: string }) => users.find((user) => user['id'] === id) ?? null,
      groups: [[groups[0], null], [groups[1]]],
    },
    records: [...users, ...postList, ...groups],
  };
}

function greeting(post: Pick<DataRecord, string>, locale: string, loud: unknown): string {
  return `${locale}:${String(post['id'])}${loud === true ? '!' : ''}`;
}

function price(post: Pick<DataRecord, string>, currency: unknown): string {
  return `${String(post['id'])} in ${String(currency ?? null)}`;
}

/** `@context` and `@fromContext`: the same entity reached under several contexts has several answers. */
export const settings: FederatedGraph = {
  name: 'settings',
  subgraphs: { accounts, posts, likes },
  data,
  overrides: {
    'posts.Post.greeting': ({ record, args }) => greeting(record, args['locale'] as string, args['loud']),
    'posts.Post.price': ({ record, args }) => price(record, args['currency']),
  },
  values: { ID: ['u1', 'u2', 'nope'], Int: [0, 1, 2, 3] },
  stock: false,
};
