import type DataLoader from 'dataloader';

import { loadById, loadGroups } from '../loaders.js';
import type { ReviewStore } from './ReviewStore.js';
import type { QuestionRecord, ReviewRecord } from './seed.js';

export interface Context {
  readonly store: ReviewStore;
  readonly reviews: DataLoader<string, ReviewRecord | null>;
  readonly questions: DataLoader<string, QuestionRecord | null>;
  readonly reviewsByProduct: DataLoader<string, readonly ReviewRecord[]>;
  readonly questionsByProduct: DataLoader<string, readonly QuestionRecord[]>;
  readonly reviewsByAuthor: DataLoader<string, readonly ReviewRecord[]>;
}

export function createContext(store: ReviewStore): Context {
  return {
    store,
    reviews: loadById(
      (ids) => store.readReviews(ids),
      (review) => review.id,
    ),
    questions: loadById(
      (ids) => store.readQuestions(ids),
      (question) => question.id,
    ),
    reviewsByProduct: loadGroups(
      (ids) => store.readReviewsOfProducts(ids),
      (review) => review.productId,
    ),
    questionsByProduct: loadGroups(
      (ids) => store.readQuestionsOfProducts(ids),
      (question) => question.productId,
    ),
    reviewsByAuthor: loadGroups(
      (ids) => store.readReviewsOfAuthors(ids),
      (review) => review.authorId,
    ),
  };
}
