import { answersRight } from '../support/answersRight.js';
import { chain } from '../support/graphs/chain.js';
import { settings } from '../support/graphs/settings.js';
import { shop } from '../support/graphs/shop.js';

answersRight('variables', shop, [
  {
    claim: 'one called representations, in an operation with entity fetches',
    query: 'query($representations: Int!) { products(first: $representations) { inStock averageStars } }',
    variables: { representations: 2 },
  },
  {
    claim: 'representations and representations_ together',
    query:
      'query($representations: Int, $representations_: Int = 1) { topProduct { warehouses(limit: $representations) { id } reviews(first: $representations_) { id } } }',
    variables: { representations: 2 },
  },
  {
    claim: 'names of Object.prototype, with defaults, in conditions',
    query:
      'query($constructor: Boolean = false, $toString: Int = 1, $valueOf: Boolean!) { products(first: $toString) { upc @skip(if: $constructor) inStock @include(if: $valueOf) } }',
    variables: { valueOf: true },
  },
  {
    claim: 'a default of the variable, a default of the argument, neither, null',
    query:
      'query($a: Int = 2, $b: Int, $c: Int) { topProduct { a: related(first: $a) { upc } b: related(first: $b) { upc } c: related(first: $c) { upc } d: related { upc } e: related(first: null) { upc } } }',
    variables: { c: null },
  },
  {
    claim: 'input objects: coerced single values, defaults of fields, variables inside',
    query:
      'query($k: Kind!, $p: Float, $f: ProductFilter) { a: products(first: 5, filter: { kinds: TOY }) { upc } b: products(first: 5, filter: { kinds: [$k], minPrice: $p }) { upc } c: products(first: 5, filter: $f) { upc } d: products(first: 5, filter: {}) { upc } }',
    variables: { k: 'TOOL', f: { not: { minPrice: 30 }, kinds: ['TOY', 'BOOK', 'TOOL'] } },
  },
  {
    claim: 'custom scalars and nested lists pass untouched',
    query:
      'query($j: Json, $l: [[Int!]]) { a: echo(json: $j) b: echo(json: { a: [1, null, { constructor: "x" }] }) c: echo(list: $l) d: echo(list: 1) }',
    variables: { j: { ['__proto__x']: { deep: [1.5, null] }, toString: 'x' }, l: [null, [1, 2]] },
  },
]);

answersRight('conditions', shop, [
  { claim: 'that leave a root empty', query: 'query($no: Boolean = false) { me @include(if: $no) { id } }', data: {} },
  { claim: 'that leave an object empty', query: '{ me { id @skip(if: true) } }', data: { me: {} } },
  {
    claim: 'that contradict each other',
    query: 'query($v: Boolean!) { me @skip(if: $v) @include(if: $v) { id reviews { id } } topProduct { upc } }',
    variables: { v: true },
    data: { topProduct: { upc: 'p1' } },
  },
  {
    claim: 'that contradict each other and leave nothing',
    query: 'query($v: Boolean!) { me @skip(if: $v) @include(if: $v) { id } }',
    variables: { v: false },
    data: {},
  },
  {
    claim: 'that contradict each other from outside and inside',
    query: 'query($v: Boolean!) { ... @include(if: $v) { me @skip(if: $v) { id } } }',
    variables: { v: true },
    data: {},
  },
  {
    claim: 'on the same field twice, one of which holds',
    query:
      'query($v: Boolean!) { me { id @skip(if: $v) id @include(if: $v) name @skip(if: $v) { first } name { last @include(if: $v) } } }',
    variables: { v: true },
  },
  {
    claim: 'that keep the key of a joint fetch out send nothing',
    query:
      'query($no: Boolean!, $yes: Boolean!) { topProduct @include(if: $no) { reviews { id } } topProduct { ... @skip(if: $yes) { averageStars } upc } }',
    variables: { no: false, yes: true },
  },
  {
    claim: 'around fetches, nested',
    query:
      'query($a: Boolean!, $b: Boolean!) { products { ... @include(if: $a) { inStock ... @skip(if: $b) { averageStars } } ...F @skip(if: $a) } } fragment F on Product { volume }',
    variables: { a: true, b: false },
  },
]);

answersRight('the order of fields is the client’s', shop, [
  {
    claim: 'across subgraphs',
    query:
      '{ products { averageStars name inStock upc reviews { stars id } weight } topProduct { inStock upc } me { id } }',
  },
  {
    claim: 'with fragments that repeat fields',
    query: '{ products { ...F inStock upc } } fragment F on Product { upc averageStars ... { name inStock } }',
  },
]);

answersRight('mutations', chain, [
  {
    claim: 'run one after another, each through its own subgraphs',
    query:
      'mutation($note: String) { a: setNote(id: "o1", note: $note) { note status } cancel(region: "eu", number: 1) { status history note } b: setNote(id: "o1", note: null) { note total } }',
    variables: { note: 'changed' },
  },
  {
    claim: 'see what the one before did',
    query:
      'mutation { place(input: { id: "9", counts: [[1, 2], []], note: "n" }) { id lines { count } note total ref { number } } setNote(id: "n59", note: "m") { id note } }',
  },
]);

answersRight('each mutation field runs once', chain, [
  {
    claim: 'equal ones under two names are two',
    query: 'mutation { place(input: { id: "a" }) { id } b: place(input: { id: "a" }) { id } }',
    data: { place: { id: 'n5a' }, b: { id: 'n6a' } },
  },
  {
    claim: 'one that is repeated is one',
    query:
      'mutation { place(input: { id: "a" }) { id } setNote(id: "o1") { id } place(input: { id: "a" }) { weight status } }',
    data: { place: { id: 'n5a', weight: 10, status: 'OPEN' }, setNote: { id: 'o1' } },
  },
  {
    claim: 'one that is repeated under a condition is one',
    query:
      'mutation($v: Boolean!) { place(input: { id: "a" }) { id } setNote(id: "o1") { id } place(input: { id: "a" }) @skip(if: $v) { weight } }',
    variables: { v: false },
    data: { place: { id: 'n5a', weight: 10 }, setNote: { id: 'o1' } },
  },
]);

answersRight('mutations with @provides and @requires', shop, [
  {
    claim: 'answer from several subgraphs',
    query:
      'mutation { addReview(input: { sku: "s1", stars: 2 }) { id body author { username signature name { first } } product { inStock } } renameUser(id: "u1", username: "x") { username reviews { author { username } } } }',
  },
]);

answersRight('@fromContext', settings, [
  {
    claim: 'one entity under two owners has two answers',
    query: '{ users(first: 3) { posts { id greeting(loud: true) price } } }',
  },
  {
    claim: 'the owner’s own fields beside it',
    query: '{ users { locale: id best { greeting related { greeting price } } currency } }',
  },
  {
    claim: 'through nested lists',
    query: '{ groups { pinned { greeting price title } members { best { greeting } } } }',
  },
  {
    claim: 'the nearest owner counts',
    query:
      '{ user(id: "u2") { posts { greeting fans { best { greeting price likes } } author { posts(first: 1) { greeting } } } } }',
  },
  ...[true, false].flatMap((v) => [
    {
      claim: `a field that is skipped (${v}) does not take those beside it with it`,
      query: 'query($v: Boolean!) { groups { pinned { price greeting @skip(if: $v) } } }',
      variables: { v },
    },
    {
      claim: `nor under an alias and a fragment, the other way round (${v})`,
      query:
        'query($v: Boolean!) { users { posts { loud: greeting(loud: true) @include(if: $v) ... @skip(if: $v) { p: price } title } } }',
      variables: { v },
    },
  ]),
]);
