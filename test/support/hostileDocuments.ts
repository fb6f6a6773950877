/**
 * Documents made to exhaust a GraphQL server, as functions of their size. The numbers GEN1..GEN9 are those of our list of attack
 * generators. Text in, text out: nothing here parses, so that a parser can be the thing under attack.
 *
 * All use the schema `hostileSdl` unless they bring their own.
 */
export const hostileSdl = /* GraphQL */ `
  interface Node {
    id: ID!
    next: Node
  }
  type Query implements Node {
    id: ID!
    next: Node
    a: Query
    f: String
    g: String
    list: [Query!]!
    search(text: String, ids: [ID!], filter: Filter): String
  }
  input Filter {
    not: Filter
    all: [Filter!]
    text: String
  }
  enum Role {
    ADMIN
    USER
  }
  scalar JSON
`;

const times = (n: number, make: (i: number) => string, joiner = ' '): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(joiner);

/** GEN1: each fragment spreads the next twice; 2^depth selections from about 40 bytes a fragment. */
export function fragmentLadder(depth: number): string {
  const rungs = times(depth, (i) => `fragment F${i} on Query{a{...F${i + 1}}b:a{...F${i + 1}}}`);
  return `{...F0}${rungs}fragment F${depth} on Query{f}`;
}

/** GEN1 without fields between: the spreads themselves double, so that depth and aliases stay small. */
export function spreadLadder(depth: number): string {
  const rungs = times(depth, (i) => `fragment F${i} on Query{...F${i + 1} ...on Query{...F${i + 1}}}`);
  return `{...F0}${rungs}fragment F${depth} on Query{f}`;
}

/** GEN2, schema: one interface with `implementers` object types. */
export function implementersSdl(implementers: number): string {
  return `interface Node{id:ID! next:Node} type Query{node:Node} ${times(
    implementers,
    (i) => `type T${i} implements Node{id:ID! next:Node own${i}:String}`,
  )}`;
}

/** GEN2: at each of `depth` levels one inline fragment per implementer; implementers^depth selections from depth × implementers. */
export function implementersDocument(implementers: number, depth: number): string {
  const levels = times(
    depth,
    (d) => `fragment L${d} on Node{${times(implementers, (i) => `...on T${i}{next{...L${d + 1}}}`)}}`,
  );
  return `{node{...L0}}${levels}fragment L${depth} on Node{id}`;
}

/** GEN3: one name, many times, in one selection set. */
export function repeatedField(n: number, field = '__typename'): string {
  return `{${times(n, () => field)}}`;
}

/** GEN3b: the same with sub-selections, which must be compared pairwise. */
export function repeatedObject(n: number, field = 'list', selection = 'f'): string {
  return `{${times(n, () => `${field}{${selection}}`)}}`;
}

/** GEN4: `outer` inline fragments with the same field, each with `inner` inline fragments with the same field. */
export function inlineFragmentGrid(outer: number, inner: number): string {
  const cell = times(inner, () => '...on Query{f}');
  return `{a{${times(outer, () => `...on Query{a{${cell}}}`)}}}`;
}

/** Same-named fields nested `depth` deep, `width` at each level of each: width^depth leaves. */
export function nestedDuplicates(width: number, depth: number): string {
  const level = (d: number): string => (d === 0 ? 'f' : times(width, () => `a{${level(d - 1)}}`));
  return `{${level(depth)}}`;
}

/** GEN5: a chain of fragments, each nothing but a spread of the next. */
export function fragmentChain(n: number): string {
  return `{...F0}${times(n, (i) => `fragment F${i} on Query{...F${i + 1}}`)}fragment F${n} on Query{f}`;
}

/** GEN6: `n` levels of nesting at one place of the syntax. */
export const nesting = {
  selection: (n: number): string => `${'{a'.repeat(n)}{f}${'}'.repeat(n)}`,
  list: (n: number): string => `{search(ids:${'['.repeat(n)}1${']'.repeat(n)})}`,
  object: (n: number): string => `{search(filter:${'{not:'.repeat(n)}{text:"x"}${'}'.repeat(n)})}`,
  defaultValue: (n: number): string =>
    `query($filter:Filter=${'{not:'.repeat(n)}{text:"x"}${'}'.repeat(n)}){search(filter:$filter)}`,
  variableType: (n: number): string => `query($x:${'['.repeat(n)}ID${']'.repeat(n)}){search(text:"x")}`,
  /** JSON text of a variable, not a document. */
  variableJson: (n: number): string => `${'{"not":'.repeat(n)}{"text":"x"}${'}'.repeat(n)}`,
} as const;

/** GEN7: `n` aliases, by where they stand. */
export const aliases = {
  root: (n: number): string => `{${times(n, (i) => `a${i}:f`)}}`,
  typename: (n: number): string => `{${times(n, (i) => `alias${i}:__typename`)}}`,
  nested: (n: number): string => `{a{${times(n, (i) => `a${i}:f`)}}}`,
  /** Spread over `fragments` named fragments, each spread once. */
  acrossFragments: (n: number, fragments: number): string => {
    const parts = Array.from({ length: fragments }, (_, k) =>
      times(Math.floor((n + fragments - 1 - k) / fragments), (i) => `a${k}_${i}:f`),
    );
    return `{a{${parts.map((_, k) => `...F${k}`).join(' ')}}}${parts
      .map((part, k) => `fragment F${k} on Query{${part}}`)
      .join('')}`;
  },
  /** `n` aliases in one fragment that is spread `spreads` times. */
  repeatedSpread: (n: number, spreads: number): string =>
    `{a{${times(spreads, () => '...F')}}}fragment F on Query{${times(n, (i) => `a${i}:f`)}}`,
} as const;

/** GEN8: `subgraphs` SDLs that all resolve the same chain, and a query `depth` deep: every step can be taken in every subgraph. */
export function shareableChain(subgraphs: number, depth: number): { sdls: string[]; query: string } {
  const link = 'extend schema @link(url:"https://specs.apollo.dev/federation/v2.3",import:["@shareable","@key"])';
  const sdls = Array.from(
    { length: subgraphs },
    (_, i) =>
      `${link} type Query{t:T @shareable} type T @key(fields:"id"){id:ID! @shareable t:T @shareable own${i}:String}`,
  );
  const leaves = times(subgraphs, (i) => `own${i}`);
  return { sdls, query: `{${'t{'.repeat(depth)}${leaves}${'}'.repeat(depth)}}` };
}

/** GEN9: one query in ever new clothes (comment, white space, alias), to miss every cache keyed by text. Never ends. */
export function* uniqueDocuments(alias = 'f'): Generator<string, never> {
  for (let i = 0; ; i++) {
    yield [`{a{f}}#${i}`, `{a{f${' '.repeat(i + 1)}}}`, `{a{u${i}:${alias}}}`][i % 3]!;
  }
}

/** The shape of CVE-2023-26144: many fragments over the same names, all spread at one place and into each other. */
export function overlappingFragments(n: number, fields: number): string {
  const body = times(fields, (i) => `f${i}:f`);
  return `{${times(n, (i) => `...F${i}`)}}${times(n, (i) => `fragment F${i} on Query{${body} a{...F${(i + 1) % n}}}`)}`;
}

/** The same without a cycle: fragment i reaches i+1 below a field. */
export function overlappingFragmentChain(n: number, fields: number): string {
  const body = times(fields, () => 'f');
  const tail = (i: number): string => (i + 1 < n ? `a{...F${i + 1}}` : '');
  return `{${times(n, (i) => `...F${i}`)}}${times(n, (i) => `fragment F${i} on Query{${body} ${tail(i)}}`)}`;
}

/** Fragments with fields of their own: nothing to compare, but every pair of fragments must be looked at. */
export function disjointFragments(n: number, fields: number): string {
  return `{a{${times(n, (i) => `...F${i}`)}}}${times(
    n,
    (i) => `fragment F${i} on Query{${times(fields, (k) => `unknown${i}_${k}`)}}`,
  )}`;
}

/** Fragments that reach themselves. */
export const cyclicFragments = {
  self: '{...A} fragment A on Query{...A}',
  mutual: '{...A} fragment A on Query{...B} fragment B on Query{...A}',
  withSibling: '{...A} fragment A on Query{f a{...B}} fragment B on Query{g a{...A}}',
  conditional: 'query($go:Boolean!){...A} fragment A on Query{f ...A@include(if:$go)}',
  unused: '{f} fragment A on Query{...A}',
  /** A ring whose members also lead back to the first: as many cycles as fragments, and a message that names them all for each. */
  longNames: (n: number, characters: number): string => {
    const name = (i: number): string => `F${i}`.padEnd(characters, '_');
    return `{...${name(0)}}${times(n, (i) => `fragment ${name(i)} on Query{...${name((i + 1) % n)} ...${name(0)}}`)}`;
  },
  /** Every fragment spreads every fragment: n! simple paths. */
  complete: (n: number): string =>
    `{...F0}${times(n, (i) => `fragment F${i} on Query{${times(n, (k) => `a{...F${k}}`)}}`)}`,
} as const;

/** `n` fields that no schema knows, after `lines` empty lines. */
export function unknownFields(n: number, lines = 0): string {
  return `${'\n'.repeat(lines)}{${times(n, (i) => `unknown${i}`)}}`;
}

/** `n` directives, on one field or on one field each. */
export const directives = {
  onOneField: (n: number, directive = '@aa'): string => `query cop{__typename${times(n, () => directive, '')}}`,
  spread: (n: number): string => `{a{${times(n, () => 'f@skip(if:false)')}}}`,
  repeatedFragment: (spreads: number): string =>
    `{a{${times(spreads, () => '...F')}}}fragment F on Query{f@include(if:true)}`,
} as const;

/** Introspection that walks in a circle. */
export const introspectionBombs = {
  fieldsOfFields: (n: number): string => `{__schema{types{${'fields{type{'.repeat(n)}name${'}}'.repeat(n)}}}}`,
  ofType: (n: number): string => `{__type(name:"Query"){${'ofType{'.repeat(n)}name${'}'.repeat(n)}}}`,
  throughFragments: (n: number): string =>
    `{__schema{types{...T0}}}${times(
      n,
      (i) => `fragment T${i} on __Type{fields{type{...T${i + 1}}}}`,
    )}fragment T${n} on __Type{name}`,
} as const;

/** `operations` operations that all reach the same `fragments` fragments: work per operation × fragment. */
export function manyOperations(operations: number, fragments: number, variables = 0): string {
  const uses = times(variables, (i) => `v${i}:search(text:$v${i})`);
  return `${times(operations, (i) => `query Q${i}{...F0}`)}${times(
    fragments,
    (i) => `fragment F${i} on Query{...F${i + 1}}`,
  )}fragment F${fragments} on Query{f ${uses}}`;
}
