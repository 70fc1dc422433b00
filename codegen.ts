import type { CodegenConfig } from '@graphql-codegen/cli';

/** Which value of ours stands for a GraphQL type in resolvers; types left out are taken as the schema writes them. */
const mappers: Record<string, Record<string, string>> = {
  user: {},
  tweet: {},
  follow: { User: '{ id: string }' },
  timeline: {},
};

const config: CodegenConfig = {
  generates: Object.fromEntries(
    Object.entries(mappers).map(([name, types]) => [
      `subgraphs/${name}/schema.generated.ts`,
      {
        schema: `subgraphs/${name}/schema.graphql`,
        plugins: ['typescript', 'typescript-resolvers'],
        config: {
          federation: true,
          contextType: './context.ts#Context',
          mappers: types,
          useTypeImports: true,
          useIndexSignature: false,
          enumsAsTypes: true,
          strictScalars: true,
          scalars: {
            ID: 'string',
            DateTime: 'Date',
            URL: 'string',
            Language: 'string',
            // Federation's own.
            _Any: 'unknown',
            _FieldSet: 'string',
            federation__FieldSet: 'string',
          },
          maybeValue: 'T | null',
          inputMaybeValue: 'T | null',
          avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
        },
      },
    ]),
  ),
};

export default config;
