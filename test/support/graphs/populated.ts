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

/** Nested compound keys of which parts are entities, `@requires` on lists with arguments, `@provides` on unions, inputs with defaults at depth. */
const mesh: FederatedGraph = populate('mesh', {
  a: /* GraphQL */ `
    type Query {
      node(id: ID!): Node
      nodes: [Node]!
      hits: [Hit!]! @provides(fields: "... on Ad { label }")
      page: Page
    }
    interface Node {
      id: ID!
      name: String
    }
    type Ad implements Node @key(fields: "id") @key(fields: "ref { a b { c } }") {
      id: ID!
      name: String
      label: String @external
      ref: Ref!
      links: [[Hit]!]!
      owner: Page
    }
    type Page implements Node @key(fields: "id") {
      id: ID!
      name: String
      url: String
      kind: PageKind
      ads(first: Int = 2): [Ad]
    }
    type Ref @shareable {
      a: ID!
      b: RefB!
    }
    type RefB @shareable {
      c: Int!
    }
    enum PageKind {
      X
      Y
    }
    union Hit = Ad | Page | Text
    type Text {
      words: [String!]!
      page: Page
    }
  `,
  b: /* GraphQL */ `
    type Query {
      ad(ref: RefIn! = { a: "q", b: { c: 3 } }): Ad
      latest: [Node!]
    }
    input RefIn {
      a: ID!
      b: RefBIn = { c: 1 }
      tags: [[String!]] = [["x"]]
    }
    input RefBIn {
      c: Int! = 2
      d: RefIn
    }
    interface Node {
      id: ID!
      label: String
    }
    type Ad implements Node @key(fields: "id") @key(fields: "ref { a b { c } }") {
      id: ID!
      ref: Ref!
      name: String @external
      label: String @shareable
      size: Int!
      score(by: [Int!] = [1, 2]): Float
      alike: [Ad!]
    }
    type Ref @shareable {
      a: ID!
      b: RefB!
    }
    type RefB @shareable {
      c: Int!
    }
    type Page implements Node @key(fields: "id") {
      id: ID!
      label: String
      extraAds: [Ad!]
      ads(first: Int = 2): [Ad] @external
      kind: PageKind @external
      tag: String @requires(fields: "ads(first: 1) { size name } kind")
      all: String @requires(fields: "ads(first: 3) { id score(by: [3]) }")
    }
    enum PageKind {
      X
      Y
    }
  `,
  c: /* GraphQL */ `
    type Ad @key(fields: "ref { a b { c } }") {
      ref: Ref!
      label: String @external
      name: String @external
      size: Int! @external
      text(n: Int): String @requires(fields: "label name size")
      bids: [Bid!]!
      top: Bid
    }
    type Ref @shareable {
      a: ID!
      b: RefB!
    }
    type RefB @shareable {
      c: Int!
    }
    type Bid @key(fields: "no ad { ref { a b { c } } }") {
      no: ID!
      ad: Ad! @shareable
      price: Int
    }
    type Query {
      bids: [[Bid!]]
    }
  `,
  d: /* GraphQL */ `
    type Bid @key(fields: "no ad { ref { a b { c } } }") {
      no: ID!
      ad: Ad! @shareable
      price: Int @external
      won: Boolean @requires(fields: "price")
      why: String @requires(fields: "price")
    }
    type Ad @key(fields: "ref { a b { c } }", resolvable: false) {
      ref: Ref!
    }
    type Ref @shareable {
      a: ID!
      b: RefB!
    }
    type RefB @shareable {
      c: Int!
    }
    type Page @key(fields: "id") {
      id: ID!
      url: String @override(from: "a", label: "percent(50)")
      best: Ad
    }
  `,
});

/** A chain of `@requires` along keys that lead from subgraph to subgraph. */
const hops: FederatedGraph = populate('hops', {
  a: /* GraphQL */ `
    type Query {
      items(first: Int): [Item!]!
    }
    type Item @key(fields: "id") {
      id: ID!
      zero: String
    }
  `,
  b: /* GraphQL */ `
    type Query {
      some: [Item!]!
    }
    type Item @key(fields: "id") @key(fields: "ref") {
      id: ID!
      ref: String!
      zero: String @external
      one: String @requires(fields: "zero")
      twin: Item!
    }
  `,
  c: /* GraphQL */ `
    type Query {
      best: Item!
    }
    type Item @key(fields: "ref") @key(fields: "no") {
      ref: String!
      no: Int!
      one: String @external
      two: String @requires(fields: "one")
      peers: [Item!]!
    }
  `,
  d: /* GraphQL */ `
    type Item @key(fields: "no") {
      no: Int!
      zero: String @external
      two: String @external
      three: String @requires(fields: "two")
      sum: String @requires(fields: "zero two")
      last: Item!
    }
  `,
});

/** What Apollo's planner refuses: chains of `@requires` between interface objects, and behind a key of which a part is an entity. */
const refused: FederatedGraph = populate('refused', {
  a: /* GraphQL */ `
    type Query {
      nodes: [Node!]!
      bids: [Bid!]!
    }
    interface Node @key(fields: "id") {
      id: ID!
      zero: String
    }
    type Item implements Node @key(fields: "id") {
      id: ID!
      zero: String
    }
    type Bid @key(fields: "no") {
      no: ID!
      ad: Ad! @shareable
    }
    type Ad @key(fields: "id") {
      id: ID!
    }
  `,
  b: /* GraphQL */ `
    type Node @interfaceObject @key(fields: "id") {
      id: ID!
      zero: String @external
      one: String @requires(fields: "zero")
    }
    type Bid @key(fields: "no") {
      no: ID!
      price: Int
    }
    type Ad @key(fields: "id") @key(fields: "ref") {
      id: ID!
      ref: String!
    }
  `,
  c: /* GraphQL */ `
    type Node @interfaceObject @key(fields: "id") {
      id: ID!
      one: String @external
      two: String @requires(fields: "one")
    }
    type Bid @key(fields: "no ad { ref }") {
      no: ID!
      ad: Ad! @shareable
      price: Int @external
      won: String @requires(fields: "price")
    }
    type Ad @key(fields: "ref") {
      ref: String!
    }
  `,
});

export const populated: readonly FederatedGraph[] = [relay, stage, loose, mesh, hops, refused];
