import fc from 'fast-check';

/** What a random graph is made of: entities, and which subgraph says what about them. */
interface EntitySpec {
  /** Which key fields it has; subgraphs use one of them each, the first all of them. */
  readonly keys: 'id' | 'id code' | 'compound' | 'nested';
  /** To another entity, by number. */
  readonly references: readonly { readonly to: number; readonly list: boolean; readonly in: number }[];
  readonly fields: readonly { readonly type: string; readonly in: number; readonly shared: boolean }[];
  /** Computed in one subgraph from a field of another. */
  readonly requires: boolean;
}

const TYPES = ['String!', 'Int', 'Float', 'Boolean!', 'When', '[String!]!', 'Colour', 'Size', '[Size!]', 'Item'];

const arbitraryEntity: fc.Arbitrary<EntitySpec> = fc.record({
  keys: fc.constantFrom('id', 'id code', 'compound', 'nested'),
  references: fc.array(fc.record({ to: fc.nat(3), list: fc.boolean(), in: fc.nat(2) }), { maxLength: 3 }),
  fields: fc.array(fc.record({ type: fc.constantFrom(...TYPES), in: fc.nat(2), shared: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  requires: fc.boolean(),
});

/**
 * Small federated graphs of three subgraphs: entities with one, several, compound and nested keys, `@requires`, `@shareable`, an interface
 * with a key and an interface object, a union, an enum of which one subgraph knows more, an inaccessible type.
 */
export const arbitraryGraph: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record({
    entities: fc.array(arbitraryEntity, { minLength: 2, maxLength: 4 }),
    media: fc.boolean(),
    node: fc.boolean(),
  })
  .map(({ entities, media, node }) => {
    const name = (n: number): string => `E${n % entities.length}`;
    const parts = [0, 1, 2].map((subgraph) => {
      const types = entities.map((entity, n) => entityIn(entity, n, subgraph, name, node));
      return `${types.join('\n')}\n${shared(subgraph, media)}\n${queries(entities, subgraph, media, node)}`;
    });
    return Object.fromEntries(parts.map((sdl, n) => [`s${n}`, sdl]));
  });

function entityIn(
  { keys, references, fields, requires }: EntitySpec,
  n: number,
  subgraph: number,
  name: (n: number) => string,
  node: boolean,
): string {
  const declared = {
    id: [['id', 'id: ID!']],
    'id code': [
      ['id', 'id: ID!'],
      ['code', 'code: Int!'],
    ],
    compound: [['id colour', 'id: ID! colour: Colour!']],
    nested: [['id place { name at { x } }', 'id: ID! place: Place!']],
  }[keys] as unknown as ReadonlyArray<readonly [key: string, field: string]>;
  // The first subgraph has all keys, so that everything can be reached from everywhere.
  const mine = subgraph === 0 ? declared : [declared[subgraph % declared.length]!];
  const lines = mine.map(([, field]) => field);
  const shareable = (isShared: boolean): string => (isShared ? ' @shareable' : '');
  fields.forEach(({ type, in: at, shared: isShared }, index) => {
    if (at === subgraph || (isShared && subgraph === 0)) lines.push(`f${index}: ${type}${shareable(isShared)}`);
  });
  references.forEach(({ to, list, in: at }, index) => {
    if (at === subgraph) lines.push(`r${index}${list ? '(first: Int)' : ''}: ${list ? `[${name(to)}!]!` : name(to)}`);
  });
  if (requires && subgraph === 1) lines.push('base: Int @external', 'size: Size @external');
  if (requires && subgraph === 1) lines.push('total: Int! @requires(fields: "base size { width }")');
  if (requires && subgraph === 2) lines.push('base: Int', 'size: Size');
  const isNode = node && subgraph === 0;
  const directives = mine.map(([key]) => `@key(fields: "${key}")`).join(' ');
  return `type ${name(n)}${isNode ? ' implements Node' : ''} ${directives} { ${lines.join(' ')} }`;
}

function shared(subgraph: number, media: boolean): string {
  const interfaces = [
    `interface Media @key(fields: "id") { id: ID! title: String }
     type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
     type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int! }`,
    'type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int! title: String @external note: String! @requires(fields: "title") }',
    '',
  ];
  return `
    scalar When
    enum Colour { RED GREEN BLUE ${subgraph === 1 ? 'MAUVE @inaccessible' : ''} }
    type Size @shareable { width: Int! height: Float }
    type Place @shareable { name: String! at: Point! }
    type Point @shareable { x: Int! y: Int }
    union Item = Size | Place ${subgraph === 2 ? '| Secret' : ''}
    ${subgraph === 2 ? 'type Secret @inaccessible { word: String }' : ''}
    ${media ? interfaces[subgraph] : ''}`;
}

function queries(entities: readonly EntitySpec[], subgraph: number, media: boolean, node: boolean): string {
  const fields = entities.flatMap((_, n) =>
    n % 3 === subgraph ? [`e${n}(id: ID!): E${n}`, `all${n}(first: Int): [E${n}!]!`] : [],
  );
  fields.push('item: Item @shareable', `size${subgraph}: Size!`);
  if (media && subgraph === 0) fields.push('media: [Media!]! book(id: ID!): Book');
  if (media && subgraph === 1) fields.push('best: Media!');
  if (node && subgraph === 0) fields.push('node(id: ID!): Node nodes: [Node!]!');
  return `type Query { ${fields.join(' ')} } ${node && subgraph === 0 ? 'interface Node { id: ID! }' : ''}`;
}
