import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { API_VERSION } from '../graphql/schema.ts';

const DATA = path.join(import.meta.dirname, '../../node_modules/@shopify/dev-mcp/dist/data');

let loaded: GraphQLSchema | undefined;

/** Shopify's schema of the discount function, input and output, of our API version. */
export function discountFunctionSchema(): GraphQLSchema {
  if (loaded) return loaded;
  const file = path.join(DATA, `functions_discount_${API_VERSION}.json.gz`);
  const { data } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    data: IntrospectionQuery;
  };
  loaded = buildClientSchema(data);
  return loaded;
}
