import { pageOf } from '../page.js';
import type { Resolvers } from './generated/resolvers.js';
import { users } from './users.js';

export const resolvers: Resolvers = {
  Query: {
    me: () => users[0]!,
    user: (_, { id }, context) => context.users.load(id),
    users: (_, { first, after, membership }) =>
      pageOf(membership == null ? users : users.filter((user) => user.membership === membership), first, after),
  },
  User: {
    __resolveReference: ({ id }, context) => context.users.load(id),
    email: ({ username }) => `${username}@shop.example`,
    address: ({ city, country }) => ({ city, country }),
  },
};
