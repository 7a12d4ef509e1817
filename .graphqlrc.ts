/**
 * GraphQL types from Shopify's own Admin schema. Run through scripts/generate-graphql.ts, which puts the schema
 * where this file looks for it. The name admin.types.d.ts is fixed: the generated operations import it.
 */
import { ApiType, pluckConfig, preset } from '@shopify/api-codegen-preset';

const types = process.env['REGULARS_TYPES_FOLDER'] ?? './app/shopify/types';

export default {
  projects: {
    default: {
      schema: './.data/admin.schema.json',
      documents: ['./app/shopify/documents/*.ts'],
      extensions: {
        codegen: {
          pluckConfig,
          generates: {
            [`${types}/admin.types.d.ts`]: {
              plugins: ['typescript'],
              config: { enumsAsTypes: true, defaultScalarType: 'string', scalars: { JSON: 'unknown' } },
            },
            [`${types}/admin.generated.d.ts`]: { preset, presetConfig: { apiType: ApiType.Admin } },
          },
        },
      },
    },
  },
};
