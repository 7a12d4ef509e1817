/**
 * Access to every field of the schema, by what the schema itself says of it: `requiredAccess` of the field, else
 * of the type that it leads to, and the marks of protected customer data. A refused field is null with an error
 * beside it, as at Shopify; where null is not allowed the null goes up, as GraphQL has it.
 *
 * Evidence: the texts for scopes and for protected fields are documented; that a refused object is called by its
 * type name comes from recorded answers; which types are protected at level 1 is an assumption.
 */
import {
  defaultFieldResolver, getNamedType, GraphQLError, isAbstractType, isObjectType,
} from 'graphql'; // prettier-ignore
import type { GraphQLField, GraphQLFieldResolver, GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { Permissions } from './permissions.ts';
import { hasScopes, readRequiredScopes } from './required-scopes.ts';

/** What the guard reads of a context; without permissions everything is allowed. */
export interface GuardedContext {
  permissions?: Permissions;
}

/** The parts of an introspection that graphql-js passes over. */
export interface MarkedSchema {
  types: readonly {
    name: string;
    requiredAccess?: string | null;
    fields?: readonly { name: string; requiredAccess?: string | null; isProtected?: boolean }[] | null;
  }[];
}

type Resolve = GraphQLFieldResolver<unknown, GuardedContext, Record<string, unknown>>;
type Check = (permissions: Permissions, args: Record<string, unknown>) => GraphQLError | undefined;

const SCOPES_PAGE = 'https://shopify.dev/api/usage/access-scopes';
const DATA_PAGE = 'https://shopify.dev/docs/apps/launch/protected-customer-data';

/** Anything of a customer or of an order. */
const LEVEL_1 = new Set([
  'Customer', 'CustomerEmailAddress', 'CustomerPhoneNumber', 'CustomerSegmentMember', 'CustomerStatistics',
  'Order', 'DraftOrder', 'LineItem', 'Refund', 'RefundLineItem', 'OrderTransaction', 'Fulfillment',
  'FulfillmentOrder', 'MailingAddress', 'AbandonedCheckout', 'Abandonment',
]); // prettier-ignore

/** Wraps the resolvers of the schema. @param fallback what resolves a field without a resolver of its own */
export function guardFields(schema: GraphQLSchema, marked: MarkedSchema, fallback: Resolve): void {
  const texts = new Map(marked.types.map(({ name, requiredAccess }) => [name, requiredAccess ?? '']));
  for (const { name, fields } of marked.types) {
    const type = schema.getType(name);
    if (!isObjectType(type) || isWrapper(type)) continue;
    const marks = new Map((fields ?? []).map((field) => [field.name, field]));
    for (const field of Object.values(type.getFields())) {
      const mark = marks.get(field.name);
      const target = targetOf(field);
      const text = mark?.requiredAccess ?? texts.get(target.name) ?? '';
      const checks = [
        checkScopes(field.name, text, name === 'Mutation'),
        LEVEL_1.has(target.name) ? checkObject(target.name) : undefined,
        mark?.isProtected ? checkProtected(field.name) : undefined,
        name === 'Mutation' ? checkMutation(field.name) : undefined,
      ].filter((check) => check !== undefined);
      guard(field, checks, isAbstractType(target) ? checksByType(field.name, texts) : undefined, fallback);
    }
  }
}

function guard(
  field: GraphQLField<unknown, GuardedContext>,
  checks: readonly Check[],
  byType: ((typename: string, permissions: Permissions) => GraphQLError | undefined) | undefined,
  fallback: Resolve,
): void {
  const target = targetOf(field);
  const orders = target.name === 'Order';
  const countsOrders = field.name === 'ordersCount';
  if (checks.length === 0 && !byType && !orders && !countsOrders) return;
  const inner: Resolve = (field.resolve as Resolve | undefined) ?? fallback ?? defaultFieldResolver;
  const list = getNamedType(field.type) !== target || countsOrders;
  field.resolve = (source, args: Record<string, unknown>, context, info) => {
    const { permissions } = context;
    if (!permissions) return inner(source, args, context, info);
    for (const check of checks) {
      const refused = check(permissions, args);
      if (refused) throw refused;
    }
    const { ordersFrom } = permissions;
    if (ordersFrom !== undefined && list && (orders || countsOrders)) {
      return inner(source, { ...args, query: sinceThen(args['query'], ordersFrom) }, context, info);
    }
    const value: unknown = inner(source, args, context, info);
    if (!byType && !(orders && ordersFrom !== undefined)) return value;
    const look = (one: unknown) => visible(one, permissions, orders ? 'Order' : undefined, byType);
    return value instanceof Promise ? value.then((settled) => eachOf(settled, look)) : eachOf(value, look);
  };
}

function eachOf(value: unknown, look: (one: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(look);
  const seen = look(value);
  if (seen instanceof Error) throw seen;
  return seen;
}

/** An item of a list that is an Error becomes null with that error beside it. */
function visible(
  value: unknown,
  permissions: Permissions,
  type: string | undefined,
  byType: ((typename: string, permissions: Permissions) => GraphQLError | undefined) | undefined,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const record = value as { __typename?: unknown; createdAt?: unknown };
  const typename = type ?? record.__typename;
  if (typeof typename !== 'string') return value;
  const { ordersFrom } = permissions;
  if (typename === 'Order' && ordersFrom !== undefined && typeof record.createdAt === 'string') {
    if (record.createdAt < ordersFrom) return null;
  }
  return byType?.(typename, permissions) ?? value;
}

function sinceThen(query: unknown, from: string): string {
  const since = `created_at:>='${from}'`;
  return typeof query === 'string' && query.trim() !== '' ? `${since} AND (${query})` : since;
}

function checkScopes(field: string, text: string, change: boolean): Check | undefined {
  const required = readRequiredScopes(text, change);
  if (required.length === 0) return undefined;
  const refusal = accessDenied(field, text.trim());
  return (permissions) => (hasScopes(permissions.scopes, required) ? undefined : refusal());
}

function accessDenied(field: string, requiredAccess: string): () => GraphQLError {
  return () =>
    new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
      extensions: { code: 'ACCESS_DENIED', documentation: SCOPES_PAGE, requiredAccess },
    });
}

function checkObject(typename: string): Check {
  return ({ protectedData }) =>
    protectedData >= 1
      ? undefined
      : new GraphQLError(
          `This app is not approved to access the ${typename} object. See ${DATA_PAGE} for more details.`,
          { extensions: { code: 'ACCESS_DENIED', documentation: DATA_PAGE } },
        );
}

function checkProtected(field: string): Check {
  return ({ protectedData }) =>
    protectedData >= 2
      ? undefined
      : new GraphQLError(
          `This app is not approved to use the ${field} field. See ${DATA_PAGE} for more details.`,
          { extensions: { code: 'ACCESS_DENIED', documentation: DATA_PAGE } },
        );
}

function checksByType(field: string, texts: ReadonlyMap<string, string>) {
  const known = new Map<string, Check[]>();
  return (typename: string, permissions: Permissions): GraphQLError | undefined => {
    let checks = known.get(typename);
    if (!checks) {
      const object = LEVEL_1.has(typename) ? checkObject(typename) : undefined;
      checks = [checkScopes(field, texts.get(typename) ?? '', false), object].filter(
        (check) => check !== undefined,
      );
      known.set(typename, checks);
    }
    for (const check of checks) {
      const refused = check(permissions, {});
      if (refused) return refused;
    }
    return undefined;
  };
}

/** Where the schema gives no scope: it depends on what is changed, or on what was enabled for the app. */
function checkMutation(field: string): Check | undefined {
  switch (field) {
    case 'tagsAdd':
    case 'tagsRemove':
      return (permissions, args) => mayWrite(permissions, field, [args['id']]);
    case 'metafieldsSet':
    case 'metafieldsDelete':
      return (permissions, { metafields }) =>
        mayWrite(permissions, field, owners(metafields as { ownerId?: unknown }[] | undefined));
    case 'bulkOperationRunQuery':
      return ({ bulkQueries }) => (bulkQueries ? undefined : bulkNotEnabled(field, 'queries'));
    case 'bulkOperationRunMutation':
      return ({ bulkMutations }) => (bulkMutations ? undefined : bulkNotEnabled(field, 'mutations'));
    default:
      return undefined;
  }
}

/** "The request returns an access denied error" is documented, its text is not: an assumption. */
export function bulkNotEnabled(field: string, kind: string): GraphQLError {
  return accessDenied(field, `bulk ${kind} must be enabled for the app.`)();
}

const WRITE_SCOPES: Readonly<Record<string, string>> = {
  Customer: 'write_customers',
  Order: 'write_orders',
  DraftOrder: 'write_draft_orders',
  Product: 'write_products',
  ProductVariant: 'write_products',
  Collection: 'write_products',
  Article: 'write_content',
  DiscountNode: 'write_discounts',
  DiscountAutomaticNode: 'write_discounts',
  DiscountCodeNode: 'write_discounts',
};

function mayWrite(
  permissions: Permissions,
  field: string,
  ids: readonly unknown[],
): GraphQLError | undefined {
  for (const id of ids) {
    const type = /^gid:\/\/shopify\/(\w+)\//.exec(String(id))?.[1] ?? '';
    const scope = Object.hasOwn(WRITE_SCOPES, type) ? WRITE_SCOPES[type] : undefined;
    if (scope && !hasScopes(permissions.scopes, [[scope]])) {
      return accessDenied(field, `\`${scope}\` access scope.`)();
    }
  }
  return undefined;
}

function owners(metafields: readonly { ownerId?: unknown }[] | undefined): unknown[] {
  return (metafields ?? []).map(({ ownerId }) => ownerId);
}

/** Connections, edges and payloads are looked through: the field that leads to them was checked. */
function isWrapper(type: GraphQLNamedType): boolean {
  return /(Connection|Edge)$/.test(type.name);
}

/** The type that a field leads to, through lists and connections. */
function targetOf(field: GraphQLField<unknown, GuardedContext>): GraphQLNamedType {
  const named = getNamedType(field.type);
  if (!isObjectType(named) || !named.name.endsWith('Connection')) return named;
  const fields = named.getFields();
  const edge = fields['edges'] && getNamedType(fields['edges'].type);
  const node = fields['nodes'] ?? (isObjectType(edge) ? edge.getFields()['node'] : undefined);
  return node ? getNamedType(node.type) : named;
}
