/** A row of the reviews table. */
export interface ReviewRecord {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  /** From 1 to 5. */
  readonly rating: number;
  readonly title: string;
  readonly body: string;
  readonly createdAt: string;
}

/** A row of the questions table. */
export interface QuestionRecord {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  readonly body: string;
  readonly answer: string | undefined;
  readonly createdAt: string;
}

export const productIds: readonly string[] = Array.from({ length: 60 }, (_, at) => `p${at + 1}`);

/** This subgraph's own copy of the usernames, kept up to date by events in a real shop. */
export const usernames: ReadonlyMap<string, string> = new Map(
  (
    'ada bruno chiara dmitri elif fionn greta hugo ines jonas katarzyna luca maja nikolai olivia pavel quinn rania sven ' +
    'tereza ugo vera willem xenia yannick zofia anton beatriz clara david emil farah gustav hanna ivan julia'
  )
    .split(' ')
    .map((username, at) => [`u${at + 1}`, username]),
);

const opinions: ReadonlyArray<readonly [rating: number, title: string, body: string]> = [
  [5, 'Exactly right', 'Does what it says, and does it quietly.'],
  [4, 'Good, with one wish', 'I would have paid a little more for a better box.'],
  [5, 'Second one I bought', 'The first one went to my sister, who did not give it back.'],
  [3, 'It is fine', 'Neither a mistake nor a joy.'],
  [4, 'Better than expected', 'The pictures do not do it justice.'],
  [2, 'Not for me', 'Well made, but smaller than I had thought.'],
  [5, 'Still going', 'Two winters, daily use, no complaint.'],
  [4, 'Solid', 'Heavier than the description says, which I like.'],
  [1, 'Arrived broken', 'The replacement came in two days, but still.'],
  [5, 'A gift that was kept', 'My father uses it every morning.'],
  [3, 'Average', 'There are cheaper ones that do the same.'],
  [4, 'Would buy again', 'And will, in the other colour.'],
];

const questions: ReadonlyArray<readonly [body: string, answer: string | undefined]> = [
  ['Does it come with spare parts?', 'Yes, one of each.'],
  ['Is the packaging free of plastic?', 'Paper and string only.'],
  ['How long does the guarantee last?', undefined],
  ['Can it be repaired?', 'By us, or by you with the manual on our page.'],
];

/** A small linear congruential generator (Numerical Recipes' constants): the same numbers on every start. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 8;
  }
}

const day = 24 * 60 * 60 * 1000;
const firstDay = Date.UTC(2024, 0, 1, 8);

function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length]!;
}

/** 2 to 8 reviews for each product, each by another user; about 300 in all. Numbered from `r1`, oldest first. */
export function seedReviews(): ReviewRecord[] {
  const random = numbers(20_240_101);
  const next = () => random.next().value;
  const authors = [...usernames.keys()];
  const unsorted = productIds.flatMap((productId) => {
    const first = next();
    return Array.from({ length: 2 + (next() % 7) }, (_, at) => {
      const [rating, title, body] = pick(opinions, next());
      // 5 and 36 have no common divisor: no author comes twice.
      const authorId = pick(authors, first + at * 5);
      const createdAt = new Date(firstDay + (next() % 650) * day + (next() % 720) * 60_000).toISOString();
      return { productId, authorId, rating, title, body, createdAt };
    });
  });
  unsorted.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  return unsorted.map((review, at) => ({ id: `r${at + 1}`, ...review }));
}

/** One question for every third product. Numbered from `q1`. */
export function seedQuestions(): QuestionRecord[] {
  const random = numbers(7);
  const authors = [...usernames.keys()];
  return productIds
    .filter((_, at) => at % 3 === 0)
    .map((productId, at) => {
      const [body, answer] = pick(questions, random.next().value);
      const authorId = pick(authors, random.next().value);
      const createdAt = new Date(firstDay + (random.next().value % 650) * day).toISOString();
      return { id: `q${at + 1}`, productId, authorId, body, answer, createdAt };
    });
}
