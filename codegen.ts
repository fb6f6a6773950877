import type { CodegenConfig } from '@graphql-codegen/cli';

/** Resolver types of one demo subgraph. `mappers` say which row stands behind which type. */
const resolversOf = (name: string, mappers: Readonly<Record<string, string>>): CodegenConfig['generates'] => ({
  [`subgraphs/${name}/generated/resolvers.ts`]: {
    schema: `subgraphs/${name}/schema.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      contextType: '../context.js#Context',
      mappers,
      optionalResolveType: true,
      useTypeImports: true,
      enumsAsTypes: true,
      immutableTypes: true,
      scalars: { DateTime: 'string', ID: 'string' },
    },
  },
});

const config: CodegenConfig = {
  importExtension: '.js',
  generates: {
    ...resolversOf('accounts', { User: '../users.js#UserRecord as UserRow' }),
    ...resolversOf('products', {
      Product: '../catalogue.js#ProductRecord as ProductRow',
      Brand: '../catalogue.js#BrandRecord as BrandRow',
    }),
    ...resolversOf('reviews', {
      Review: '../seed.js#ReviewRecord as ReviewRow',
      Question: '../seed.js#QuestionRecord as QuestionRow',
      User: '../references.js#UserReference',
      Product: '../references.js#ProductReference',
    }),
    // The demo client: typed documents, and the manifest that a gateway with persisted documents reads.
    'test/demo-client/generated/': {
      schema: 'schema/api.graphql',
      documents: ['test/demo-client/*.ts'],
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'embedHashInDocument' },
      },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { DateTime: 'string', ID: 'string' },
        strictScalars: true,
      },
    },
  },
};

export default config;
