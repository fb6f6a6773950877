import { answersRight } from '../support/answersRight.js';
import type { Case } from '../support/answersRight.js';
import { chain } from '../support/graphs/chain.js';
import { library } from '../support/graphs/library.js';
import { media } from '../support/graphs/media.js';
import { shop } from '../support/graphs/shop.js';

/** Planner defect: an alias that takes the name of a key or of a @requires input is sent, or shown, instead of it. */

const hostile = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  '_entities',
  'representations',
  'data',
];
/** Names that the plan reads for itself: keys, parts of keys, inputs of @requires. */
const engineNames = ['upc', 'sku', 'brand', 'id', 'price', 'weight', 'dimensions', 'size', 'box', '__typename'];
/** Fields of three other subgraphs, which need all of them. */
const hops = 'shippingEstimate shippingEstimateEU volume inStock averageStars';

const takenNames: Case[] = [...engineNames, ...hostile].flatMap((name) => [
  { claim: `${name}: name`, query: `{ products(first: 5) { ${name}: name ${hops} } }` },
  { claim: `${name}: name, after the fields that need it`, query: `{ products(first: 5) { ${hops} ${name}: name } }` },
  {
    claim: `${name}: price(currency: $c)`,
    query: `query($c: String) { products { ${name}: price(currency: $c) ${hops} } }`,
    variables: { c: 'EUR' },
  },
  {
    claim: `${name}: a list of objects`,
    query: `{ products { ${name}: related(first: 1) { ${name}: name inStock } ${hops} } }`,
  },
  {
    claim: `${name} through a fragment and an inline fragment`,
    query: `{ products { ...F ... on Product { ${hops} } } } fragment F on Product { ${name}: kind }`,
  },
]);
answersRight('an alias may take the name of', shop, takenNames);

answersRight('aliases keep their meaning', shop, [
  {
    claim: 'two fields swap names',
    query: '{ product(upc: "p1") { name: upc upc: name averageStars inStock } }',
    data: { product: { name: 'p1', upc: 'Product 1', averageStars: 1.5, inStock: null } },
  },
  {
    claim: 'three names go round, and the keys are asked too',
    query: '{ products { sku: upc upc: name name: sku reviews { id } warehouses { id } } }',
  },
  {
    claim: 'one name for different objects at different places',
    query: '{ id: me { id: username reviews { id: body product { id: name averageStars } } } }',
  },
  {
    claim: 'one field under two names with different selections',
    query: '{ a: topProduct { upc } b: topProduct { name inStock } c: topProduct { averageStars } }',
  },
  {
    claim: 'one field under two names with different arguments',
    query:
      '{ products { one: reviews(first: 1) { id } reviews { id stars } three: reviews(first: 3, order: ASC) { body } } }',
  },
  {
    claim: 'inside the object that is a key',
    query: '{ products { brand { id: name name: id } averageStars reviews { id } } }',
  },
  {
    claim: 'inside the object that @requires reads',
    query: '{ products { dimensions { size: weight box: size weight(unit: LB) b: box { w: h h: w } } volume pounds } }',
  },
  {
    claim: 'the root __typename and a field called __typename',
    query: '{ __typename a: __typename me { __typename: id name: __typename } }',
    data: { __typename: 'Query', a: 'Query', me: { __typename: 'u1', name: 'User' } },
  },
]);

answersRight('the same object reached by two paths keeps its own arguments', shop, [
  {
    claim: 'with literals',
    query:
      '{ a: product(upc: "p1") { warehouses(limit: 1) { id } } b: product(upc: "p1") { warehouses(limit: 3) { id } } }',
    data: {
      a: { warehouses: [{ id: 'w1' }] },
      b: { warehouses: [{ id: 'w1' }, { id: 'w2' }, { id: 'w3' }] },
    },
  },
  {
    claim: 'with variables and a default',
    query:
      'query($n: Int, $m: Int = 2) { topProduct { warehouses(limit: $n) { id } } products { warehouses(limit: $m) { id city } } }',
    variables: { n: 1 },
  },
  {
    claim: 'deep in a circle',
    query:
      '{ products { related(first: 1) { related(first: 2) { warehouses(limit: 1) { id } } warehouses(limit: 2) { id } } } }',
  },
  {
    claim: 'below @requires',
    query: '{ products { volume double: volume(factor: 2) related { volume(factor: 3) } } }',
  },
]);

answersRight('aliases in abstract types', library, [
  {
    claim: 'one name, another field for each type',
    query: '{ works { x: id ... on Book { y: length id: rating } ... on Film { y: minutes id: rating } } }',
  },
  {
    claim: '__typename under other names',
    query: '{ works { id: __typename __typename: id ... on Rated { similar { kind: __typename rating } } } }',
  },
  {
    claim: 'fields of one name and different types',
    query:
      '{ items { ... on Book { n: length rating } ... on Film { n: minutes minutes: length available } ... on Song { length: seconds rating } } }',
  },
]);

answersRight('aliases in interface objects', media, [
  { claim: 'over the key', query: '{ media { id: title score votes(min: 2) blurb } }' },
  {
    claim: 'over the type name',
    query: '{ topMedia { __typename: id id: __typename score title } fans { favourite { id: score } } }',
  },
]);

answersRight('aliases on the way through several keys', chain, [
  {
    claim: 'over each key in turn',
    query:
      '{ orders(first: 4) { id: total ref: status region: note customer { id: name code: label tenant { id: title } } } }',
  },
  {
    claim: 'inside the nested key',
    query: '{ orders { ref { region: number number: region } status handler { tenant { id title } name label } } }',
  },
]);
