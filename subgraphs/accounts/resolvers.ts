import { pageOf } from '../page.js';
import type { Resolvers } from './generated/resolvers.js';
import { login } from './login.js';
import { users } from './users.js';

export const resolvers: Resolvers = {
  Query: {
    me: (_, _args, { userId }) => users.find((user) => user.id === userId) ?? users[0]!,
    user: (_, { id }, context) => context.users.load(id),
    users: (_, { first, after, membership }) =>
      pageOf(membership == null ? users : users.filter((user) => user.membership === membership), first, after),
  },
  Mutation: {
    login: async (_, { username, password }) => {
      const found = await login(username, password);
      return found === undefined
        ? { __typename: 'LoginRefused', message: 'There is no such user, or the password is another' }
        : { __typename: 'LoggedIn', ...found };
    },
  },
  User: {
    __resolveReference: ({ id }, context) => context.users.load(id),
    email: ({ username }) => `${username}@shop.example`,
    address: ({ city, country }) => ({ city, country }),
  },
};
