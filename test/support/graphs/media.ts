import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const titles = /* GraphQL */ `
  interface Media @key(fields: "id") {
    id: ID!
    title: String
    related(first: Int = 2): [Media!]
  }
  type Movie implements Media @key(fields: "id") {
    id: ID!
    title: String
    related(first: Int = 2): [Media!]
    minutes: Int
    sequel: Movie
  }
  type Show implements Media @key(fields: "id") {
    id: ID!
    title: String
    related(first: Int = 2): [Media!]
    seasons: [Season!]!
  }
  type Season {
    number: Int!
    media: Media!
  }
  union Shelf = Movie | Season
  type Query {
    media(first: Int): [Media!]!
    movie(id: ID!): Movie
    shelf: [Shelf]
  }
`;

const scores = /* GraphQL */ `
  type Media @interfaceObject @key(fields: "id") {
    id: ID!
    score(scale: Scale! = TEN): Float
    votes(min: Int = 0): [Int!]!
    fans: [Fan!]
  }
  enum Scale {
    TEN
    HUNDRED
  }
  type Fan @key(fields: "id") {
    id: ID!
    name: String!
    favourite: Media
    watched: [[Media!]]
  }
  type Query {
    topMedia: Media
    fans: [Fan!]!
    ranking(first: Int! = 2): [Media]!
  }
`;

const texts = /* GraphQL */ `
  type Media @interfaceObject @key(fields: "id") {
    id: ID!
    title: String @external
    blurb(prefix: String): String @requires(fields: "title")
    critic: Critic
  }
  type Critic @key(fields: "id") {
    id: ID!
    name: String
    praised: [Media!]!
  }
  type Fan @key(fields: "id") {
    id: ID!
    bio: String
  }
  type Query {
    critic(id: ID!): Critic
  }
`;

function data(): GraphData {
  const media: DataRecord[] = [];
  const fans: DataRecord[] = [];
  const critics: DataRecord[] = [];
  for (let i = 1; i <= 6; i++) {
    const isMovie = i % 2 === 1;
    const id = `${isMovie ? 'mo' : 'sh'}${i}`;
    const type = isMovie ? 'Movie' : 'Show';
    const title = i === 3 ? null : `Title ${i}`;
    media.push({
      __typename: type,
      $id: `${type}:${id}`,
      id,
      title,
      related: ({ first }: { first: number | null }) =>
        i === 4 ? null : [media[i % 6], media[(i + 1) % 6], media[(i + 2) % 6]].slice(0, Math.max(0, first ?? 1)),
      score: ({ scale }: { scale: string }) => (i === 5 ? null : scale === 'TEN' ? i : i * 10),
      votes: ({ min }: { min: number | null }) => [1, 5, i].filter((vote) => vote >= (min ?? 3)),
      fans: i === 2 ? null : () => fans.slice(0, i % 3),
      blurb: ({ prefix }: { prefix?: string | null }) => `${prefix ?? ''}<${title}>`,
      critic: i === 6 ? null : () => critics[i % 2],
      ...(isMovie
        ? { minutes: i === 1 ? null : i * 30, sequel: () => (i === 5 ? null : media[i + 1]) }
        : {
            seasons: Array.from({ length: i / 2 }, (_, k) => ({
              __typename: 'Season',
              $id: `Season:${id}.${k}`,
              number: k,
              media: () => media[(i + k) % 6],
            })),
          }),
    });
  }
  for (let i = 1; i <= 3; i++) {
    fans.push({
      __typename: 'Fan',
      $id: `Fan:fan${i}`,
      id: `fan${i}`,
      name: `Fan ${i}`,
      favourite: i === 3 ? null : media[i],
      watched: i === 2 ? null : [[media[0], media[i]], null, []],
      bio: i === 1 ? null : `Bio ${i}`,
    });
  }
  for (let i = 1; i <= 2; i++) {
    critics.push({
      __typename: 'Critic',
      $id: `Critic:c${i}`,
      id: `c${i}`,
      name: i === 2 ? null : 'Critic 1',
      praised: i === 2 ? [] : [media[1], media[2], media[1]],
    });
  }
  return {
    Query: {
      media: ({ first }: { first?: number | null }) => media.slice(0, Math.max(0, first ?? 3)),
      movie: ({ id }: { id: string }) => media.find((one) => one['id'] === id && one.__typename === 'Movie') ?? null,
      shelf: () => [media[0], null, (media[1]!['seasons'] as unknown[])[0]],
      topMedia: media[4],
      fans,
      ranking: ({ first }: { first: number }) => [media[3], null, media[0], media[3]].slice(0, Math.max(0, first)),
      critic: ({ id }: { id: string }) => critics.find((one) => one['id'] === id) ?? null,
    },
    records: [...media, ...fans, ...critics],
  };
}

/** An interface with a key, and two subgraphs that add fields to it as `@interfaceObject`, one of them with `@requires`. */
export const media: FederatedGraph = {
  name: 'media',
  subgraphs: { titles, scores, texts },
  data,
  overrides: {
    'texts.Media.blurb': ({ rep, args }) =>
      `${(args['prefix'] as string | null | undefined) ?? ''}<${rep['title'] as string}>`,
  },
  values: {
    ID: ['mo1', 'mo3', 'sh2', 'c1', 'c2', 'nope'],
    Int: [0, 1, 2, 3],
    String: ['x', ''],
  },
  stock: true,
};
