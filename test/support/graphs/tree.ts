import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const shape = /* GraphQL */ `
  type Query {
    root: Branch!
    branch(id: ID): Branch
    branches: [[Branch!]]!
    leaves: [Leaf!]
    numbers: [[[Int!]]!]
  }
  type Branch @key(fields: "id") {
    id: ID!
    parent: Branch
    children(first: Int): [Branch!]!
    grid: [[Branch]!]
    leaf: Leaf
    mustLeaf: Leaf!
  }
  type Leaf @key(fields: "id") {
    id: ID!
    branch: Branch!
    shade: Shade @shareable
  }
  type Shade @shareable {
    hue: Int!
    next: Shade
  }
`;

const content = /* GraphQL */ `
  type Branch @key(fields: "id") {
    id: ID!
    label: String!
    maybe: String
    flags: [Boolean!]!
    cells: [[Cell!]!]
    twin: Branch
  }
  type Cell {
    v: Int!
    w: String
    leaf: Leaf!
    cells: [Cell]
  }
  type Leaf @key(fields: "id") {
    id: ID!
    color: Color!
    sizes: [Float]!
  }
  enum Color {
    RED
    GREEN
  }
  type Query {
    cell(v: Int! = 1): Cell!
  }
`;

const extras = /* GraphQL */ `
  type Branch @key(fields: "id") {
    id: ID!
    label: String! @external
    flags: [Boolean!]! @external
    shout(times: Int = 1): String! @requires(fields: "label flags")
    cousin: Branch!
  }
  type Leaf @key(fields: "id") {
    id: ID!
    shade: Shade @shareable
    owner: Owner!
    weight: Int
  }
  type Shade @shareable {
    hue: Int!
    next: Shade
  }
  type Owner {
    name: String!
    leaves(max: Int! = 2): [Leaf!]!
    pet: Pet
  }
  union Pet = Cat | Dog
  type Cat {
    name: String!
    lives: Int!
  }
  type Dog {
    name: String
    age: Int!
  }
  type Query {
    owner: Owner
  }
`;

function data(): GraphData {
  const branches: DataRecord[] = [];
  const leaves: DataRecord[] = [];
  const owners: DataRecord[] = [];
  for (let i = 0; i < 7; i++) {
    const shade = (depth: number): DataRecord | null =>
      depth === 0
        ? null
        : { __typename: 'Shade', $id: `Shade:${i}.${depth}`, hue: i * 10 + depth, next: shade(depth - 1) };
    const cell = (v: number): DataRecord => ({
      __typename: 'Cell',
      $id: `Cell:${i}.${v}`,
      v,
      w: v === 2 ? null : `w${v}`,
      leaf: () => leaves[(i + v) % 7],
      cells: v > 2 ? null : () => [cell(v + 1), null],
    });
    branches.push({
      __typename: 'Branch',
      $id: `Branch:b${i}`,
      id: `b${i}`,
      parent: i === 0 ? null : () => branches[(i - 1) >> 1],
      children: ({ first }: { first?: number | null }) =>
        branches.slice(i * 2 + 1, i * 2 + 3).slice(0, Math.max(0, first ?? 2)),
      grid: i === 3 ? null : () => [[branches[i], null], [], [branches[(i + 1) % 7]]],
      leaf: i === 2 ? null : () => leaves[i],
      mustLeaf: () => leaves[(i + 3) % 7],
      label: `label ${i}`,
      maybe: i % 2 ? null : `maybe ${i}`,
      flags: [i % 2 === 0, true],
      cells: i === 5 ? null : () => [[cell(1), cell(2)], [], [cell(3)]],
      twin: i === 1 ? null : () => branches[i],
      shout: ({ times }: { times: number | null }) => shout(`label ${i}`, [i % 2 === 0, true], times),
      cousin: () => branches[(i + 2) % 7],
    });
    leaves.push({
      __typename: 'Leaf',
      $id: `Leaf:l${i}`,
      id: `l${i}`,
      branch: () => branches[i],
      shade: i === 4 ? null : shade(i % 3),
      color: i % 2 ? 'RED' : 'GREEN',
      sizes: [i / 2, null, 1],
      owner: () => owners[i % 2],
      weight: i === 6 ? null : i,
    });
  }
  for (let i = 0; i < 2; i++) {
    owners.push({
      __typename: 'Owner',
      $id: `Owner:${i}`,
      name: `owner ${i}`,
      leaves: ({ max }: { max: number }) => leaves.slice(0, Math.max(0, max)),
      pet: i
        ? { __typename: 'Cat', $id: 'Cat:1', name: 'Tom', lives: 9 }
        : { __typename: 'Dog', $id: 'Dog:1', name: null, age: 3 },
    });
  }
  return {
    Query: {
      root: branches[0],
      branch: ({ id }: { id?: string | null }) => branches.find((branch) => branch['id'] === (id ?? 'b3')) ?? null,
      branches: [[branches[1], branches[2]], null, [], [branches[0]]],
      leaves: () => leaves.slice(2, 5),
      numbers: [[[1, 2], null], [], [[]]],
      cell: ({ v }: { v: number }) => ({
        __typename: 'Cell',
        $id: `Cell:q.${v}`,
        v,
        w: null,
        leaf: leaves[0],
        cells: [],
      }),
      owner: owners[1],
    },
    records: [...branches, ...leaves],
  };
}

function shout(label: string, flags: readonly boolean[], times: number | null): string {
  return `${label.toUpperCase()}${flags.join()}${'!'.repeat(Math.max(0, times ?? 0))}`;
}

/** Recursion and non-null everywhere: lists of lists, value types that nest, entities below value types. Made for null propagation. */
export const tree: FederatedGraph = {
  name: 'tree',
  subgraphs: { shape, content, extras },
  data,
  overrides: {
    'extras.Branch.shout': ({ rep, args }) =>
      shout(rep['label'] as string, rep['flags'] as boolean[], args['times'] as number | null),
  },
  values: { ID: ['b0', 'b3', 'b6', 'nope'], Int: [0, 1, 2, 3] },
  stock: true,
};
