import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const orders = /* GraphQL */ `
  scalar Stamp
  type Query {
    orders(first: Int = 2): [Order!]!
    order(id: ID!): Order
  }
  type Mutation {
    place(input: PlaceOrder!): Order!
  }
  input PlaceOrder {
    id: ID!
    counts: [[Int!]!]! = [[1]]
    note: String
  }
  type Order @key(fields: "id") {
    id: ID!
    placedAt: Stamp
    lines: [[Line!]!]!
    total: Int
    etaDays: Int
    weight: Int
    secret: String @inaccessible
    customer: Customer @shareable
  }
  type Line {
    count: Int!
    note: String
    order: Order!
  }
  type Customer @key(fields: "id", resolvable: false) {
    id: ID!
  }
`;

const references = /* GraphQL */ `
  type Order @key(fields: "id") @key(fields: "ref { region number }") {
    id: ID!
    ref: OrderRef!
    note(length: Int): String
  }
  type OrderRef @shareable {
    region: String!
    number: Int!
  }
  type Mutation {
    setNote(id: ID!, note: String): Order
  }
`;

const shipping = /* GraphQL */ `
  type Order @key(fields: "ref { region number }") {
    ref: OrderRef!
    status: Status
    history: [Status!]!
    total: Int @override(from: "orders")
    etaDays: Int @override(from: "orders", label: "percent(50)")
    weight: Int @override(from: "orders", label: "new_scale")
    handler: Customer
  }
  type OrderRef @shareable {
    region: String!
    number: Int!
  }
  enum Status {
    OPEN
    SENT
    LOST @inaccessible
  }
  type Customer @key(fields: "tenant { id } code", resolvable: false) {
    tenant: Tenant!
    code: String!
  }
  type Tenant @shareable {
    id: ID!
  }
  type Query {
    open: [Order]
  }
  type Mutation {
    cancel(region: String!, number: Int!): Order
  }
`;

const customers = /* GraphQL */ `
  type Customer @key(fields: "id") @key(fields: "tenant { id } code") {
    id: ID!
    tenant: Tenant!
    code: String!
    name: String
    orders(first: Int = 1): [Order!]
    rank: Int @inaccessible
  }
  type Tenant @shareable {
    id: ID!
    title: String
  }
  type Order @key(fields: "id") {
    id: ID!
    customer: Customer @shareable
  }
  type Query {
    customer(id: ID = "c1"): Customer
  }
`;

const audits = /* GraphQL */ `
  type Customer @key(fields: "id") {
    id: ID!
    rank: Int @external
    name: String @external
    label: String! @requires(fields: "rank name")
    audits: [Audit]
  }
  type Audit {
    at: Int
    customer: Customer
  }
`;

function data(): GraphData {
  const orderList: DataRecord[] = [];
  const customerList: DataRecord[] = [];
  const addOrder = (i: number, id: string, counts: readonly (readonly number[])[], note: string | null): DataRecord => {
    const order: DataRecord & Record<string, unknown> = {
      __typename: 'Order',
      $id: `Order:${id}`,
      id,
      placedAt: i === 2 ? null : 1_000 + i,
      lines: counts.map((row, r) =>
        row.map((count, c) => ({
          __typename: 'Line',
          $id: `Line:${id}.${r}.${c}`,
          count,
          note: c === 1 ? null : `line ${count}`,
          order: () => orderList[(i + c) % orderList.length],
        })),
      ),
      total: i === 3 ? null : i * 100,
      etaDays: i === 1 ? null : i,
      weight: i * 2,
      secret: 'secret',
      text: note,
      note: ({ length }: { length?: number | null }) => {
        const text = order['text'] as string | null;
        return text === null ? null : text.slice(0, Math.max(0, length ?? 99));
      },
      ref: { __typename: 'OrderRef', $id: `OrderRef:${id}`, region: i % 2 ? 'eu' : 'us', number: i },
      status: i === 4 ? null : i % 2 ? 'OPEN' : 'SENT',
      history: Array.from({ length: i % 3 }, (_, k) => (k ? 'SENT' : 'OPEN')),
      customer: i === 4 ? null : () => customerList[i % 3],
      handler: i === 3 ? null : () => customerList[(i + 1) % 3],
    };
    return order;
  };
  for (let i = 1; i <= 4; i++)
    orderList.push(addOrder(i, `o${i}`, i === 3 ? [] : [[i, 1], [], [2]], i === 2 ? null : `note ${i}`));
  for (let i = 1; i <= 3; i++) {
    const customer: DataRecord = {
      __typename: 'Customer',
      $id: `Customer:c${i}`,
      id: `c${i}`,
      tenant: { __typename: 'Tenant', $id: `Tenant:${i}`, id: `t${i % 2}`, title: i === 1 ? null : `Tenant ${i % 2}` },
      code: `code${i}`,
      name: i === 2 ? null : `Customer ${i}`,
      orders: ({ first }: { first: number | null }) =>
        i === 3 ? null : orderList.filter((_, k) => (k + 1) % 3 === i - 1).slice(0, Math.max(0, first ?? 2)),
      rank: i === 3 ? null : i * 11,
      label: `${i === 3 ? null : i * 11}/${i === 2 ? null : `Customer ${i}`}`,
      audits: () => [{ __typename: 'Audit', $id: `Audit:${i}`, at: i, customer: customerList[i % 3] }, null],
    };
    customerList.push(customer);
  }
  const records = [...orderList, ...customerList];
  return {
    Query: {
      orders: ({ first }: { first: number | null }) => orderList.slice(0, Math.max(0, first ?? 1)),
      order: ({ id }: { id: string }) => orderList.find((order) => order['id'] === id) ?? null,
      open: () => [...orderList.filter((order) => order['status'] === 'OPEN'), null],
      customer: ({ id }: { id: string | null }) => customerList.find((customer) => customer['id'] === id) ?? null,
    },
    Mutation: {
      place: ({ input }: { input: { id: string; counts: number[][]; note?: string | null } }) => {
        const order = addOrder(
          orderList.length + 1,
          `n${orderList.length + 1}${input.id}`,
          input.counts,
          input.note ?? null,
        );
        orderList.push(order);
        records.push(order);
        return order;
      },
      setNote: ({ id, note }: { id: string; note?: string | null }) => {
        const order = orderList.find((one) => one['id'] === id);
        return order === undefined ? null : Object.assign(order, { text: note ?? null });
      },
      cancel: ({ number }: { number: number }) => {
        const order = orderList[number - 1];
        return order === undefined ? null : Object.assign(order, { status: null, history: ['SENT'] });
      },
    },
    records,
  };
}

/** Keys that lead from subgraph to subgraph, non-resolvable and nested keys, `@override` (plain, percent, label), `@inaccessible`, serial mutations. */
export const chain: FederatedGraph = {
  name: 'chain',
  subgraphs: { orders, references, shipping, customers, audits },
  data,
  overrides: {
    'audits.Customer.label': ({ rep }) => `${rep['rank'] as number}/${rep['name'] as string}`,
  },
  values: {
    ID: ['o1', 'o2', 'o4', 'c1', 'c3', 'nope'],
    Int: [0, 1, 2, 3],
    String: ['eu', 'us', 'a note', ''],
  },
  stock: true,
};
