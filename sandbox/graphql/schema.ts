/**
 * Shopify's real Admin schema (from the development package that ships it), with the sandbox's resolvers.
 * Dispatch is on schema fields: a document that the real API rejects is rejected here too, and a field that
 * the sandbox does not have answers with a loud error.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, isObjectType } from 'graphql';
import type {
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  IntrospectionQuery,
} from 'graphql';
import { guardFields } from '../access/guard-fields.ts';
import type { MarkedSchema } from '../access/guard-fields.ts';
import { failRootFields } from '../faults/fail-root-fields.ts';
import type { GraphContext } from './context.ts';
import { watchedArguments } from './arguments.ts';
import { mutationFields } from './mutations/mutations.ts';
import { NotImplemented } from './not-implemented.ts';
import { customerFields } from './resolvers/customer.ts';
import { lineItemFields, orderFields, refundFields, refundLineItemFields, shippingLineFields } from './resolvers/order.ts'; // prettier-ignore
import { productFields, variantFields } from './resolvers/product.ts';
import { collectionFields } from './resolvers/collection.ts';
import { definitionFields, metafieldFields } from './resolvers/metafield.ts';
import { queryFields } from './resolvers/roots.ts';
import { segmentFields, segmentMemberFields } from './resolvers/segment.ts';
import { subscriptionFields } from './resolvers/subscription.ts';
import type { FieldResolvers } from './resolvers/types.ts';
import { installScalars } from './scalars.ts';
import { API_VERSION } from './versions.ts';

export { API_VERSION } from './versions.ts';

/** Types whose source is a record of the store: only these fields of them exist. */
const TYPES: Readonly<Record<string, FieldResolvers<never>>> = {
  QueryRoot: queryFields,
  Mutation: mutationFields,
  Customer: customerFields,
  Order: orderFields,
  LineItem: lineItemFields,
  ShippingLine: shippingLineFields,
  Refund: refundFields,
  RefundLineItem: refundLineItemFields,
  Product: productFields,
  ProductVariant: variantFields,
  Collection: collectionFields,
  Metafield: metafieldFields,
  MetafieldDefinition: definitionFields,
  WebhookSubscription: subscriptionFields,
  Segment: segmentFields,
  CustomerSegmentMember: segmentMemberFields,
};

const loaded = new Map<string, GraphQLSchema>();

/** Built once a process and version (0.2 s): it holds no state. */
export function adminSchema(version: string = API_VERSION): GraphQLSchema {
  let schema = loaded.get(version);
  if (!schema) loaded.set(version, (schema = buildAdminSchema(version)));
  return schema;
}

function buildAdminSchema(version: string): GraphQLSchema {
  const place = `../../node_modules/@shopify/dev-mcp/dist/data/admin_${version}.json.gz`;
  const file = new URL(place, import.meta.url);
  const { data } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    data: IntrospectionQuery & { __schema: MarkedSchema };
  };
  const schema = buildClientSchema(data, { assumeValid: true });
  installScalars(schema);
  for (const [name, resolvers] of Object.entries(TYPES)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The schema has no type ${name}.`);
    install(type, resolvers, version);
  }
  guardFields(schema, data.__schema, strictFieldResolver as never);
  failRootFields(schema, strictFieldResolver as never);
  return schema;
}

function install(type: GraphQLObjectType, resolvers: FieldResolvers<never>, version: string): void {
  const fields = type.getFields();
  for (const name of Object.keys(resolvers)) {
    // Other versions may have fewer fields.
    if (!fields[name] && version === API_VERSION)
      throw new Error(`${type.name} has no field ${name} in ${version}.`);
  }
  for (const field of Object.values(fields)) {
    const resolve = Object.hasOwn(resolvers, field.name) ? resolvers[field.name] : undefined;
    field.resolve = resolve ? heedful(type, field, resolve as Resolve) : refusing(type, field);
  }
}

type Resolve = GraphQLFieldResolver<unknown, GraphContext, Record<string, unknown>>;
type Field = GraphQLField<unknown, GraphContext>;

function refusing(type: GraphQLObjectType, field: Field): Resolve {
  return () => {
    throw new NotImplemented(`${type.name}.${field.name}`);
  };
}

/** An argument that the resolver does not read is refused. In bulk queries pages have no size. */
function heedful(type: GraphQLObjectType, field: Field, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    const { watched, unread } = watchedArguments(args, field as GraphQLField<unknown, unknown>);
    const check = (value: unknown) => {
      const name = context.bulkPass ? undefined : unread();
      if (name !== undefined) throw new NotImplemented(`The argument ${name} of ${type.name}.${field.name}`);
      return value;
    };
    const value = resolve(source, watched, context, info);
    return value instanceof Promise ? value.then(check) : check(value);
  };
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
    const field = info.parentType.getFields()[info.fieldName] as GraphQLField<unknown, unknown>;
    const ignored = watchedArguments(args as Record<string, unknown>, field).unread();
    if (ignored !== undefined) {
      throw new NotImplemented(`The argument ${ignored} of ${info.parentType.name}.${info.fieldName}`);
    }
    if (value !== undefined) return value;
  }
  throw new NotImplemented(`${info.parentType.name}.${info.fieldName}`);
};
