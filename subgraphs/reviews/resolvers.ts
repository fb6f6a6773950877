import { GraphQLError } from 'graphql';

import { firstOf } from '../page.js';
import type { Resolvers, ReviewOrder } from './generated/resolvers.js';
import { newestFirst } from './ReviewStore.js';
import type { Rejection } from './ReviewStore.js';
import { usernames } from './seed.js';
import type { ReviewRecord } from './seed.js';

const comparators: Readonly<Record<ReviewOrder, (a: ReviewRecord, b: ReviewRecord) => number>> = {
  NEWEST: newestFirst,
  BEST: (a, b) => b.rating - a.rating || newestFirst(a, b),
  WORST: (a, b) => a.rating - b.rating || newestFirst(a, b),
};

const messages: Readonly<Record<Rejection, string>> = {
  RATING_OUT_OF_RANGE: 'A rating is a number from 1 to 5.',
  UNKNOWN_PRODUCT: 'There is no such product.',
  UNKNOWN_AUTHOR: 'There is no such user.',
  TITLE_MISSING: 'A review needs a title.',
};

const ordered = (reviews: readonly ReviewRecord[], orderBy: ReviewOrder, first: number) =>
  firstOf([...reviews].sort(comparators[orderBy]), first);

function averageRating(reviews: readonly ReviewRecord[]): number | null {
  if (reviews.length === 0) return null;
  const sum = reviews.reduce((total, { rating }) => total + rating, 0);
  return Math.round((sum / reviews.length) * 10) / 10;
}

const author = ({ authorId }: { readonly authorId: string }) => ({ id: authorId });
const product = ({ productId }: { readonly productId: string }) => ({ id: productId });

export const resolvers: Resolvers = {
  Query: {
    review: (_, { id }, context) => context.reviews.load(id),
    latestReviews: async (_, { first }, context) => firstOf(await context.store.readLatest(), first),
  },
  Mutation: {
    addReview: async (_, { input }, context) => {
      const result = await context.store.add({ ...input, body: input.body ?? '' }, new Date());
      return typeof result === 'string' ? { reason: result, message: messages[result] } : { review: result };
    },
    deleteReview: (_, { id }, context) => context.store.remove(id),
  },
  AddReviewPayload: { __resolveType: (payload) => ('review' in payload ? 'ReviewAdded' : 'ReviewRejected') },
  Contribution: { __resolveType: (row) => ('rating' in row ? 'Review' : 'Question') },
  Review: {
    __resolveReference: ({ id }, context) => context.reviews.load(id),
    author,
    product,
  },
  Question: {
    __resolveReference: ({ id }, context) => context.questions.load(id),
    answer: ({ answer }) => answer ?? null,
    author,
    product,
  },
  User: {
    username: ({ id }) => {
      const username = usernames.get(id);
      if (username === undefined) throw new GraphQLError(`No user ${id}`, { extensions: { code: 'NOT_FOUND' } });
      return username;
    },
    reviews: async ({ id }, { first, orderBy }, context) =>
      ordered(await context.reviewsByAuthor.load(id), orderBy, first),
    reviewCount: async ({ id }, _, context) => (await context.reviewsByAuthor.load(id)).length,
  },
  Product: {
    reviews: async ({ id }, { first, orderBy }, context) =>
      ordered(await context.reviewsByProduct.load(id), orderBy, first),
    reviewCount: async ({ id }, _, context) => (await context.reviewsByProduct.load(id)).length,
    averageRating: async ({ id }, _, context) => averageRating(await context.reviewsByProduct.load(id)),
    contributions: async ({ id }, { first }, context) => {
      const [reviews, questions] = await Promise.all([
        context.reviewsByProduct.load(id),
        context.questionsByProduct.load(id),
      ]);
      return firstOf([...reviews, ...questions].sort(newestFirst), first);
    },
  },
};
