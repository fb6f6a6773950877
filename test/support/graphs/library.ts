import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const catalog = /* GraphQL */ `
  interface Node {
    id: ID!
  }
  interface Work implements Node {
    id: ID!
    title(upper: Boolean = false): String
    creator: Person
    parts: [[Part!]!]
  }
  type Book implements Node & Work @key(fields: "id") {
    id: ID!
    title(upper: Boolean = false): String
    creator: Person
    parts: [[Part!]!]
    isbn: String!
    length: Int
  }
  type Film implements Node & Work @key(fields: "id") {
    id: ID!
    title(upper: Boolean = false): String
    creator: Person
    parts: [[Part!]!]
    minutes: Int
    length: Float
  }
  type Song implements Node & Work @key(fields: "id") {
    id: ID!
    title(upper: Boolean = false): String
    creator: Person
    parts: [[Part!]!]
    seconds: Int!
  }
  type Person implements Node @key(fields: "id") {
    id: ID!
    name: String
    works: [Work]
  }
  type Part {
    no: Int!
    text: String
    of: Item
  }
  union Item = Book | Film | Song
  enum WorkKind {
    BOOK
    FILM
    SONG
  }
  type Query {
    works(kind: WorkKind): [Work!]!
    items: [[Item]!]!
    node(id: ID!): Node
    nodes(ids: [ID!]! = ["b1", "f2"]): [Node]!
    item(id: ID!): Item
    featured: Book @shareable
  }
`;

const lending = /* GraphQL */ `
  interface Node {
    id: ID!
  }
  interface Lendable {
    available: Boolean!
    borrower: Member
  }
  type Book implements Lendable @key(fields: "id") {
    id: ID!
    available: Boolean!
    borrower: Member
    dueDates: [Date!]
  }
  type Film implements Lendable @key(fields: "id") {
    id: ID!
    available: Boolean!
    borrower: Member
    copies(min: Int): Int
  }
  type Member implements Node @key(fields: "id") {
    id: ID!
    name: String
    loans(first: Int = 2): [Lendable!]!
    favourite: Loan
  }
  union Loan = Book | Film
  union Item = Book | Film
  scalar Date
  type Query {
    lendables: [Lendable!]!
    member(id: ID!): Member
    featured: Item @shareable
  }
`;

const ratings = /* GraphQL */ `
  interface Rated {
    rating: Float
    similar: [Rated!]
  }
  type Book implements Rated @key(fields: "id") {
    id: ID!
    rating: Float
    similar: [Rated!]
    kind: String!
  }
  type Film implements Rated @key(fields: "id") {
    id: ID!
    rating: Float
    similar: [Rated!]
    kind: FilmKind
  }
  type Song implements Rated @key(fields: "id") {
    id: ID!
    rating: Float
    similar: [Rated!]
  }
  type Person @key(fields: "id") {
    id: ID!
    followers(after: Cursor): [Person!]
    rank: Int!
  }
  enum FilmKind {
    SHORT
    LONG
  }
  input Cursor {
    id: ID!
    skip: Int = 1
  }
  type Query {
    best(first: Int! = 3): [Rated!]!
    person(id: ID!): Person
  }
`;

function data(): GraphData {
  const people: DataRecord[] = [];
  const members: DataRecord[] = [];
  const works: DataRecord[] = [];
  const find = (id: string): DataRecord | null => [...works, ...people].find((record) => record['id'] === id) ?? null;
  for (let i = 1; i <= 3; i++) {
    people.push({
      __typename: 'Person',
      $id: `Person:p${i}`,
      id: `p${i}`,
      name: i === 2 ? null : `Person ${i}`,
      works: i === 3 ? null : () => [...works.filter((work) => work['creator'] === people[i - 1]), null],
      followers: ({ after }: { after?: { id: string; skip: number } | null }) => {
        const from = after ? people.findIndex((person) => person['id'] === after.id) + (after.skip ?? 0) : 0;
        return i === 2 ? null : people.slice(Math.max(0, from), 3);
      },
      rank: i * 7,
    });
    members.push({
      __typename: 'Member',
      $id: `Member:m${i}`,
      id: `m${i}`,
      name: `Member ${i}`,
      loans: ({ first }: { first: number | null }) =>
        works
          .filter((work) => 'available' in work && work['borrower'] === members[i - 1])
          .slice(0, Math.max(0, first ?? 1)),
      favourite: i === 3 ? null : () => works[i + 1],
    });
  }
  for (let i = 1; i <= 9; i++) {
    const type = ['Book', 'Film', 'Song'][i % 3]!;
    const id = `${type[0]!.toLowerCase()}${i}`;
    const title = i === 4 ? null : `Title ${i}`;
    const part = (no: number): DataRecord => ({
      __typename: 'Part',
      $id: `Part:${id}.${no}`,
      no,
      text: no === 2 ? null : `Part ${no}`,
      of: () => (no === 3 ? null : works[(i + no) % 9]),
    });
    works.push({
      __typename: type,
      $id: `${type}:${id}`,
      id,
      title: ({ upper }: { upper: boolean | null }) => (upper ? (title?.toUpperCase() ?? null) : title),
      creator: i === 5 ? null : people[i % 3],
      parts: i === 6 ? null : [[part(1), part(2)], [], [part(3)]],
      rating: i === 7 ? null : i / 2,
      similar: i === 8 ? null : () => [works[(i + 1) % 9], works[(i + 3) % 9]],
      ...(type === 'Book' && { isbn: `isbn-${i}`, length: i * 100, kind: `book kind ${i}`, dueDates: ['d1', 'd2'] }),
      ...(type === 'Film' && {
        minutes: i === 1 ? null : i * 10,
        length: i / 4,
        kind: i === 7 ? null : i > 3 ? 'LONG' : 'SHORT',
        copies: ({ min }: { min?: number | null }) => Math.max(i, min ?? 0),
      }),
      ...(type !== 'Song' && { available: i % 2 === 0, borrower: i === 3 ? null : members[i % 3] }),
      ...(type === 'Song' && { seconds: i * 60 }),
    });
  }
  const featured = works.find((work) => work.__typename === 'Book');
  return {
    Query: {
      works: ({ kind }: { kind?: string | null }) =>
        works.filter((work) => !kind || work.__typename.toUpperCase() === kind),
      items: [[works[0], null, works[1]], [], [works[2]]],
      node: ({ id }: { id: string }) => find(id),
      nodes: ({ ids }: { ids: readonly string[] }) => ids.map(find),
      item: ({ id }: { id: string }) => works.find((work) => work['id'] === id) ?? null,
      featured,
      lendables: works.filter((work) => 'available' in work),
      member: ({ id }: { id: string }) => members.find((member) => member['id'] === id) ?? null,
      best: ({ first }: { first: number }) => works.slice(0, Math.max(0, first)),
      person: ({ id }: { id: string }) => people.find((person) => person['id'] === id) ?? null,
    },
    records: [...works, ...people, ...members],
  };
}

/** Interfaces and unions that differ from subgraph to subgraph, nested lists of abstract types, fields of one name and several types. */
export const library: FederatedGraph = {
  name: 'library',
  subgraphs: { catalog, lending, ratings },
  data,
  values: {
    ID: ['b3', 'f1', 's2', 'b6', 'f4', 'p1', 'p2', 'm1', 'm3', 'nope'],
    Int: [0, 1, 2, 5],
  },
  stock: true,
};
