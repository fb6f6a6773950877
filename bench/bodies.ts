/** The benchmark's requests. */
export type BodyName = 'heavy' | 'light' | 'unique' | 'unique-heavy';

export interface BenchmarkBody {
  readonly name: BodyName;
  /** JSON text of the POST; `{id}` stands for a user id that never repeats. */
  readonly json: string;
  readonly unique: boolean;
}

const fragments = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
`;

const authors = 'author { ...User reviews { ...Review product { ...Product } } }';
const userTree = `...User reviews { ...Review product { ...Product reviews { ...Review ${authors} } } }`;
const topProducts = `topProducts { ...Product reviews { ...Review ${authors} } }`;

function body(name: BodyName, query: string): BenchmarkBody {
  const text = query.replace(/\s+/g, ' ').trim();
  const unique = text.includes('$id');
  const json = JSON.stringify({ query: text, ...(unique ? { variables: { id: '{id}' } } : {}) });
  return { name, json, unique };
}

/** `heavy` asks for what the public gateways benchmark's query asks for; the others are the issue's. */
export const bodies: readonly BenchmarkBody[] = [
  body('heavy', `${fragments} query Heavy { users { ${userTree} } ${topProducts} }`),
  body('light', 'query Light { topProducts { upc name inStock } }'),
  body(
    'unique',
    `query Unique($id: ID!) {
      user(id: $id) { id username name reviews { id body product { upc name price inStock } } }
    }`,
  ),
  body('unique-heavy', `${fragments} query UniqueHeavy($id: ID!) { user(id: $id) { ${userTree} } ${topProducts} }`),
];
