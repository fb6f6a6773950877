import type { FederatedGraph } from './FederatedGraph.js';
import { populate } from './populate.js';

/** `@requires` that leads through three subgraphs, one of it with arguments, one through another entity, one through a union. */
const relay: FederatedGraph = populate('relay', {
  a: /* GraphQL */ `
    type Query {
      item(id: ID!): Item
      items(first: Int): [Item]!
      grid: [[Item!]]
      any: [Thing]
    }
    type Mutation {
      touch(id: ID!, by: Int = 1): Item!
      touchAll: [Item]
    }
    type Item @key(fields: "id") {
      id: ID!
      base(unit: Unit! = KG): Int
      owner: Owner
      things: [Thing!]
      next: Item
    }
    enum Unit {
      KG
      LB
    }
    union Thing = Item | Owner | Box
    type Owner @key(fields: "id") {
      id: ID!
      tag: String
    }
    type Box @shareable {
      w: Int
      item: Item
    }
  `,
  b: /* GraphQL */ `
    type Item @key(fields: "id") {
      id: ID!
      base(unit: Unit! = KG): Int @external
      owner: Owner @external
      first: String @requires(fields: "base(unit: LB)")
      ownerText: String @requires(fields: "owner { tag name }")
      twin: Item!
    }
    enum Unit {
      KG
      LB
    }
    type Owner @key(fields: "id") {
      id: ID!
      tag: String @external
      name: String @external
      items: [Item!]!
    }
  `,
  c: /* GraphQL */ `
    type Item @key(fields: "id") {
      id: ID!
      first: String @external
      base(unit: Unit! = KG): Int @external
      things: [Thing!] @external
      second(n: Int = 2): String @requires(fields: "first base(unit: KG)")
      thingText: String
        @requires(fields: "things { __typename ... on Item { id } ... on Owner { name } ... on Box { w } }")
      peer: Item
    }
    enum Unit {
      KG
      LB
    }
    union Thing = Item | Owner | Box
    type Box @shareable {
      w: Int
      item: Item
    }
    type Owner @key(fields: "id") {
      id: ID!
      name: String
      best: Item
    }
  `,
  d: /* GraphQL */ `
    type Item @key(fields: "id") {
      id: ID!
      second(n: Int = 2): String @external
      first: String @external
      third: String! @requires(fields: "second(n: 5) first")
      otherThird: String @requires(fields: "second(n: 6)")
    }
  `,
});

/** Interfaces with two keys, three interface objects, each with keys of its own, that require from each other. */
const stage: FederatedGraph = populate('stage', {
  a: /* GraphQL */ `
    interface Act @key(fields: "id") @key(fields: "slug") {
      id: ID!
      slug: String!
      title: String
      next: Act
    }
    type Play implements Act @key(fields: "id") @key(fields: "slug") {
      id: ID!
      slug: String!
      title: String
      next: Act
      roles: [String!]!
    }
    type Opera implements Act @key(fields: "id") @key(fields: "slug") {
      id: ID!
      slug: String!
      title: String
      next: Act
      score: Int
    }
    type Dance implements Act @key(fields: "id") @key(fields: "slug") {
      id: ID!
      slug: String!
      title: String
      next: Act
      steps: [Int]
    }
    type Query {
      acts(first: Int): [Act!]!
      play(id: ID!): Play
      stages: [[Act]!]
    }
  `,
  b: /* GraphQL */ `
    type Act @interfaceObject @key(fields: "slug") {
      slug: String!
      stars(max: Int = 5): Int
      fans: [Fan]
      rival: Act
    }
    type Fan @key(fields: "id") {
      id: ID!
      likes: [Act!]
    }
    type Query {
      top: Act!
      fans: [Fan!]
    }
  `,
  c: /* GraphQL */ `
    type Act @interfaceObject @key(fields: "id") {
      id: ID!
      stars(max: Int = 5): Int @external
      title: String @external
      blurb: String @requires(fields: "title stars(max: 3)")
      note: String
    }
    type Fan @key(fields: "id") {
      id: ID!
      name: String
      seen: [[Act]]
    }
  `,
  d: /* GraphQL */ `
    type Play @key(fields: "id") {
      id: ID!
      budget: Int!
      act: Int
    }
    type Opera @key(fields: "slug") {
      slug: String!
      budget: Int
      act: String
    }
    type Query {
      opera: Opera
      play2: Play
    }
  `,
});

/** Shared value types that differ in nullability, `@provides` on lists, unions and nested objects, enums of different width. */
const loose: FederatedGraph = populate('loose', {
  a: /* GraphQL */ `
    type Query {
      me: User @shareable
      users(filter: Filter = { size: { min: 2 }, kinds: [ONE] }): [User!]!
      pets: [Pet!]
      holder: Holder @provides(fields: "user { name } pets { ... on Cat { name } ... on Dog { bark } }")
    }
    input Filter {
      size: Range = { min: 1 }
      kinds: [Kind!]! = [TWO]
      not: Filter
    }
    input Range {
      min: Int! = 3
      max: Int = 7
    }
    enum Kind {
      ONE
      TWO
    }
    type User @key(fields: "id") @key(fields: "org { id } nick") {
      id: ID!
      nick: String!
      org: Org!
      name: String @external
      address: Address! @shareable
      pets: [Pet]
      mood: Mood
    }
    type Org @shareable {
      id: ID!
      title: String!
    }
    type Address @shareable {
      street: String!
      lines: [String!]!
      geo: Geo!
    }
    type Geo @shareable {
      x: Int!
      y: Int
    }
    enum Mood {
      GOOD
      BAD
    }
    union Pet = Cat | Dog
    type Cat @key(fields: "id") {
      id: ID!
      name: String @external
      owner: User @shareable
    }
    type Dog @key(fields: "id") {
      id: ID!
      bark: Int @external
      owner: User!
    }
    type Holder {
      user: User
      pets: [Pet]!
    }
  `,
  b: /* GraphQL */ `
    type Query {
      me: User @shareable
      find(kind: Kind): User
      cats: [Cat!]! @provides(fields: "owner { mood }")
    }
    enum Kind {
      ONE
      TWO
    }
    type User @key(fields: "id") {
      id: ID!
      name: String @shareable
      mood: Mood @external
      address: Address @shareable
      home: Address
      friends: [User]
    }
    type Address @shareable {
      street: String
      lines: [String]
      geo: Geo
    }
    type Geo @shareable {
      x: Int
      y: Int!
    }
    type Cat @key(fields: "id") {
      id: ID!
      name: String @shareable
      owner: User @shareable
      sound: Sound
    }
    type Dog @key(fields: "id") {
      id: ID!
      bark: Int @shareable
      sound: String
    }
    enum Mood {
      GOOD
      BAD
    }
    enum Sound {
      MEW
      PURR
    }
  `,
  c: /* GraphQL */ `
    type User @key(fields: "org { id } nick") {
      nick: String!
      org: Org!
      rank(kind: Kind): Int
      mood: Mood @shareable @override(from: "a", label: "mood")
      mates: [User!]
    }
    enum Kind {
      ONE
      TWO
    }
    enum Mood {
      GOOD
      BAD
    }
    type Org @shareable {
      id: ID!
    }
  `,
});

export const populated: readonly FederatedGraph[] = [relay, stage, loose];
