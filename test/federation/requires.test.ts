import { answersRight } from '../support/answersRight.js';
import type { Case } from '../support/answersRight.js';
import { shop } from '../support/graphs/shop.js';
import { tree } from '../support/graphs/tree.js';

/** Planner defect: @requires with arguments and a client's own arguments meet in one response name; the first wins, silently. */

/** Ways to ask a price; the @requires of shippingEstimate asks USD, that of shippingEstimateEU asks EUR. */
const prices: readonly { readonly how: string; readonly ask: string; readonly variables?: Record<string, unknown> }[] =
  [
    { how: 'without arguments', ask: 'price' },
    { how: 'in euros', ask: 'price(currency: "EUR")' },
    { how: 'in dollars', ask: 'price(currency: "USD")' },
    { how: 'in something else', ask: 'price(currency: "X")' },
    { how: 'with null', ask: 'price(currency: null)' },
    { how: 'by variable', ask: 'price(currency: $c)', variables: { c: 'EUR' } },
    { how: 'by a variable that is null', ask: 'price(currency: $c)', variables: { c: null } },
    { how: 'by a variable that is absent', ask: 'price(currency: $c)' },
    { how: 'by a variable with a default', ask: 'price(currency: $d)' },
    { how: 'under another name', ask: 'p: price(currency: "EUR")' },
    { how: 'twice', ask: 'price(currency: "EUR") usd: price(currency: "USD") any: price(currency: $d)' },
  ];
const dependants = ['shippingEstimate', 'shippingEstimateEU', 'shippingEstimate shippingEstimateEU'];

const conflicts: Case[] = prices.flatMap(({ how, ask, variables }) =>
  dependants.flatMap((dependant) => {
    const uses = (name: string): boolean => ask.includes(`$${name}`);
    const declared = [uses('c') && '$c: String', uses('d') && '$d: String = "EUR"'].filter((text) => text !== false);
    const head = declared.length > 0 ? `query(${declared.join(', ')}) ` : '';
    const with_ = variables === undefined ? {} : { variables };
    return [
      { claim: `${dependant}, then ${how}`, query: `${head}{ products(first: 5) { ${dependant} ${ask} } }`, ...with_ },
      { claim: `${how}, then ${dependant}`, query: `${head}{ products(first: 5) { ${ask} ${dependant} } }`, ...with_ },
      {
        claim: `${dependant} and ${how} in fragments`,
        query: `${head}{ products { ...A ... on Product { ${ask} } } } fragment A on Product { ${dependant} }`,
        ...with_,
      },
      {
        claim: `${dependant} with ${how} one level below`,
        query: `${head}{ topProduct { related { ${dependant} related(first: 1) { ${ask} ${dependant} } } ${ask} } }`,
        ...with_,
      },
    ];
  }),
);
answersRight('@requires price(currency:) beside the client asking a price', shop, conflicts);

answersRight('@requires inputs', shop, [
  {
    claim: 'two with other arguments of one field keep their own',
    query: '{ product(upc: "p2") { shippingEstimate shippingEstimateEU } }',
    data: { product: { shippingEstimate: 20, shippingEstimateEU: 18 } },
  },
  {
    claim: 'that are null are sent as null',
    query: '{ product(upc: "p4") { shippingEstimate inStock } other: product(upc: "p5") { shippingEstimate inStock } }',
    data: { product: { shippingEstimate: null, inStock: true }, other: { shippingEstimate: null, inStock: false } },
  },
  { claim: 'below a null object', query: '{ product(upc: "p3") { volume dimensions { box { w } } } }' },
  {
    claim: 'in part asked by the client, in another shape',
    query: '{ products(first: 4) { dimensions { box { h } } volume(factor: 2) } }',
  },
  {
    claim: 'with an argument inside a nested selection, against the client’s own argument',
    query:
      '{ products { pounds dimensions { weight } } others: products { dimensions { weight(unit: LB) kg: weight(unit: KG) } pounds } }',
  },
  {
    claim: 'from a third subgraph, through a list',
    query: '{ latestReviews { author { signature username email: id } } }',
  },
  {
    claim: 'behind a condition',
    query:
      'query($yes: Boolean = true, $no: Boolean!) { products { shippingEstimate @include(if: $yes) weight @include(if: $no) shippingEstimateEU @skip(if: $no) } }',
    variables: { no: false },
  },
  {
    claim: 'behind a condition that does not hold',
    query: 'query($no: Boolean!) { products { upc shippingEstimate @include(if: $no) volume @skip(if: $no) } }',
    variables: { no: false },
  },
]);

answersRight('@requires over lists and non-null values', tree, [
  {
    claim: 'of scalars',
    query: '{ root { shout children { shout(times: 2) flags label cousin { shout(times: 0) } } } }',
  },
  { claim: 'with an alias on the inputs', query: '{ branches { label: maybe flags: id shout } }' },
]);
