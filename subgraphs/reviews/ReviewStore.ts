import { productIds, seedQuestions, seedReviews, usernames } from './seed.js';
import type { QuestionRecord, ReviewRecord } from './seed.js';

export interface NewReview {
  readonly productId: string;
  readonly authorId: string;
  readonly rating: number;
  readonly title: string;
  readonly body: string;
}

export type Rejection = 'RATING_OUT_OF_RANGE' | 'UNKNOWN_PRODUCT' | 'UNKNOWN_AUTHOR' | 'TITLE_MISSING';

/** The reviews database: each running subgraph has its own, seeded the same way. */
export class ReviewStore {
  #reviews: ReviewRecord[] = seedReviews();
  readonly #questions: readonly QuestionRecord[] = seedQuestions();
  #lastNumber = this.#reviews.length;

  readReviews(ids: readonly string[]): Promise<readonly ReviewRecord[]> {
    const wanted = new Set(ids);
    return Promise.resolve(this.#reviews.filter((review) => wanted.has(review.id)));
  }

  readQuestions(ids: readonly string[]): Promise<readonly QuestionRecord[]> {
    const wanted = new Set(ids);
    return Promise.resolve(this.#questions.filter((question) => wanted.has(question.id)));
  }

  readReviewsOfProducts(ids: readonly string[]): Promise<readonly ReviewRecord[]> {
    const wanted = new Set(ids);
    return Promise.resolve(this.#reviews.filter((review) => wanted.has(review.productId)));
  }

  readQuestionsOfProducts(ids: readonly string[]): Promise<readonly QuestionRecord[]> {
    const wanted = new Set(ids);
    return Promise.resolve(this.#questions.filter((question) => wanted.has(question.productId)));
  }

  readReviewsOfAuthors(ids: readonly string[]): Promise<readonly ReviewRecord[]> {
    const wanted = new Set(ids);
    return Promise.resolve(this.#reviews.filter((review) => wanted.has(review.authorId)));
  }

  readLatest(): Promise<readonly ReviewRecord[]> {
    return Promise.resolve([...this.#reviews].sort(newestFirst));
  }

  /** Adds a review or says why not. An author's earlier review of the same product is replaced. */
  add(review: NewReview, now: Date): Promise<ReviewRecord | Rejection> {
    return Promise.resolve(this.#whyNot(review) ?? this.#insert(review, now));
  }

  remove(id: string): Promise<boolean> {
    const before = this.#reviews.length;
    this.#reviews = this.#reviews.filter((review) => review.id !== id);
    return Promise.resolve(this.#reviews.length < before);
  }

  #whyNot({ rating, productId, authorId, title }: NewReview): Rejection | undefined {
    if (rating < 1 || rating > 5) return 'RATING_OUT_OF_RANGE';
    if (!productIds.includes(productId)) return 'UNKNOWN_PRODUCT';
    if (!usernames.has(authorId)) return 'UNKNOWN_AUTHOR';
    return title.trim() === '' ? 'TITLE_MISSING' : undefined;
  }

  #insert(review: NewReview, now: Date): ReviewRecord {
    this.#lastNumber += 1;
    const { productId, authorId, rating, title, body } = review;
    const id = `r${this.#lastNumber}`;
    const added = { id, productId, authorId, rating, title, body, createdAt: now.toISOString() };
    this.#reviews = this.#reviews.filter((other) => other.productId !== productId || other.authorId !== authorId);
    this.#reviews.push(added);
    return added;
  }
}

/** Order by time, and by id where the times are equal. */
export function newestFirst(
  a: { readonly createdAt: string; readonly id: string },
  b: { readonly createdAt: string; readonly id: string },
): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
