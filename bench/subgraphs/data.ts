/**
 * Data of the benchmark's subgraphs. Texts are our own; counts, links and text lengths are those of the public benchmark,
 * so that the heavy answer has the same size (88 kB). Any user id of the form `u` + 8 digits exists (see `answer.ts`).
 */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

export interface ProductRow {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

export interface ReviewRow {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
}

const words =
  'the box came early and well packed but one screw was missing so we called and they sent a new one '.split(' ');

function text(length: number, seed: number): string {
  let out = '';
  for (let i = seed; out.length < length; i += 1 + (seed % 3))
    out += (out === '' ? '' : ' ') + (words[i % words.length] ?? '');
  return out.slice(0, length);
}

const row = (id: string, name: string, username: string): UserRow => ({ id, name, username, birthday: 1234567890 });

export const users: readonly UserRow[] = [
  row('1', 'Ada Castellanos', 'adaca'),
  row('2', 'Ben Okafor', 'benokafor1'),
  row('3', 'Chiara Lindqvist', 'chiaralindqv'),
  row('4', 'Dmitri Haddad', 'dmitrih'),
  row('5', 'Esme Novak', 'esmenovak1'),
  row('6', 'Farid Sato', 'farids'),
];

const product = (upc: string, name: string, price: number, weight: number, inStock: boolean): ProductRow => ({
  upc,
  name,
  price,
  weight,
  inStock,
});

export const products: readonly ProductRow[] = [
  product('1', 'Bench', 899, 100, true),
  product('2', 'Divan', 1299, 1000, false),
  product('3', 'Plate', 15, 20, false),
  product('4', 'Stool', 499, 100, false),
  product('5', 'PC', 1299, 1000, true),
  product('6', 'Vase', 6999, 300, true),
  product('7', 'Stove', 3999, 2000, true),
  product('8', 'Dryer!', 100000, 6000, false),
  product('9', 'Crib', 9999, 800, true),
];

const lengths = [446, 290, 276, 144, 446, 290, 276, 144, 144, 144, 845];
const reviewed = ['1', '1', '1', '1', '2', '2', '2', '2', '3', '4', '4'];

export const reviews: readonly ReviewRow[] = lengths.map((length, i) => ({
  id: String(i + 1),
  body: text(length, i),
  upc: reviewed[i] ?? '1',
}));
