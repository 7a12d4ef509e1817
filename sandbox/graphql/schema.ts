/**
 * Shopify's real Admin schema (from the development package that ships it), with the sandbox's resolvers.
 * Dispatch is on schema fields: a document that the real API rejects is rejected here too, and a field that
 * the sandbox does not have answers with a loud error.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, isObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema, IntrospectionQuery } from 'graphql';
import { guardFields } from '../access/guard-fields.ts';
import type { MarkedSchema } from '../access/guard-fields.ts';
import { failRootFields } from '../faults/fail-root-fields.ts';
import type { GraphContext } from './context.ts';
import { NotImplemented } from './not-implemented.ts';
import { customerFields } from './resolvers/customer.ts';
import { lineItemFields, orderFields, refundFields, refundLineItemFields } from './resolvers/order.ts';
import { productFields, variantFields } from './resolvers/product.ts';
import { mutationFields, queryFields } from './resolvers/roots.ts';
import type { FieldResolvers } from './resolvers/types.ts';
import { installScalars } from './scalars.ts';

export const API_VERSION = '2026-10';

/** Types whose source is a record of the store: only these fields of them exist. */
const TYPES: Readonly<Record<string, FieldResolvers<never>>> = {
  QueryRoot: queryFields,
  Mutation: mutationFields,
  Customer: customerFields,
  Order: orderFields,
  LineItem: lineItemFields,
  Refund: refundFields,
  RefundLineItem: refundLineItemFields,
  Product: productFields,
  ProductVariant: variantFields,
};

let loaded: GraphQLSchema | undefined;

/** Built once a process (0.2 s): it holds no state. */
export function adminSchema(): GraphQLSchema {
  loaded ??= buildAdminSchema();
  return loaded;
}

function buildAdminSchema(): GraphQLSchema {
  const place = `../../node_modules/@shopify/dev-mcp/dist/data/admin_${API_VERSION}.json.gz`;
  const file = new URL(place, import.meta.url);
  const { data } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    data: IntrospectionQuery & { __schema: MarkedSchema };
  };
  const schema = buildClientSchema(data, { assumeValid: true });
  installScalars(schema);
  for (const [name, resolvers] of Object.entries(TYPES)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The schema has no type ${name}.`);
    install(type, resolvers);
  }
  guardFields(schema, data.__schema, strictFieldResolver as never);
  failRootFields(schema, strictFieldResolver as never);
  return schema;
}

function install(type: GraphQLObjectType, resolvers: FieldResolvers<never>): void {
  const fields = type.getFields();
  for (const name of Object.keys(resolvers)) {
    if (!fields[name]) throw new Error(`${type.name} has no field ${name} in ${API_VERSION}.`);
  }
  for (const field of Object.values(fields)) {
    const resolve = Object.hasOwn(resolvers, field.name) ? resolvers[field.name] : undefined;
    field.resolve =
      (resolve as GraphQLFieldResolver<unknown, GraphContext> | undefined) ??
      (() => {
        throw new NotImplemented(`${type.name}.${field.name}`);
      });
  }
}

/** For value objects: what the object does not carry is refused; an explicit null is a null. */
export const strictFieldResolver: GraphQLFieldResolver<unknown, GraphContext> = (
  source,
  args,
  context,
  info,
) => {
  if (typeof source === 'object' && source !== null && info.fieldName in source) {
    const value = (source as Record<string, unknown>)[info.fieldName];
    if (typeof value === 'function') return value.call(source, args, context, info) as unknown;
    if (value !== undefined) return value;
  }
  throw new NotImplemented(`${info.parentType.name}.${info.fieldName}`);
};
