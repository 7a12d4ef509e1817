/** The root fields that the sandbox has. Every other one is refused by the schema set-up. */
import { addTags, removeTags } from '../../acts/change-tags.ts';
import type { TagChange } from '../../acts/change-tags.ts';
import type { StagedUploadInput } from '../../bulk/staged-uploads.ts';
import { connect } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { parseGid } from '../gid.ts';
import { listBulkOperations } from '../list-bulk-operations.ts';
import { listCustomers } from '../list-customers.ts';
import { listOrders } from '../list-orders.ts';
import type { ListArgs } from '../list-orders.ts';
import { listProducts } from '../list-products.ts';
import { badRequest, NotImplemented } from '../not-implemented.ts';
import { bulkObject } from './bulk-operation.ts';
import { appInstallation, shopObject } from './shop.ts';
import { typed } from './types.ts';
import type { FieldResolvers } from './types.ts';

type PageArgs = ConnectionArgs & ListArgs;

export const queryFields: FieldResolvers<unknown> = {
  shop: (_, __: unknown, { store }) => shopObject(store),
  currentAppInstallation: (_, __: unknown, { sandbox, store }) => appInstallation(sandbox, store),

  customers: (_, args: PageArgs, context, info) =>
    connect(() => listCustomers(context.store, args), args, context, info),
  customer: (_, args: { id: string }, { store }) => store.customer(idOf(args.id, 'Customer')) ?? null,
  customersCount: (_, args: CountArgs, { store }) =>
    count(listCustomers(store, { query: args.query }).items.length, args),

  orders: (_, args: PageArgs & { savedSearchId?: string | null }, context, info) => {
    refuseSavedSearch(args);
    return connect(() => listOrders(context.store, args), args, context, info);
  },
  order: (_, args: { id: string }, { store }) => store.order(idOf(args.id, 'Order')) ?? null,
  ordersCount: (_, args: CountArgs & { savedSearchId?: string | null }, { store }) => {
    refuseSavedSearch(args);
    return count(listOrders(store, { query: args.query }).items.length, args);
  },

  products: (_, args: PageArgs & { savedSearchId?: string | null }, context, info) => {
    refuseSavedSearch(args);
    return connect(() => listProducts(context.store, args), args, context, info);
  },
  product: (_, args: { id: string }, { store }) => store.product(idOf(args.id, 'Product')) ?? null,

  node: (_, args: { id: string }, context) => node(args.id, context),
  nodes: (_, args: { ids: string[] }, context) => args.ids.map((id) => node(id, context)),

  bulkOperation: (_, args: { id: string }, { store }) =>
    bulkObject(store.bulkOperation(idOf(args.id, 'BulkOperation'))),
  bulkOperations: (_, args: PageArgs, context, info) =>
    connect(() => listBulkOperations(context.store, args), args, context, info),
  currentBulkOperation: (_, args: { type: string }, { store }) =>
    bulkObject([...store.bulkOperations()].filter(({ type }) => type === args.type).at(-1)),
};

export const mutationFields: FieldResolvers<unknown> = {
  tagsAdd: (_, args: TagArgs, { store }) => tagPayload(addTags(store, taggableId(args.id), args.tags)),
  tagsRemove: (_, args: TagArgs, { store }) => tagPayload(removeTags(store, taggableId(args.id), args.tags)),
  stagedUploadsCreate: (_, args: { input: StagedUploadInput[] }, { uploads, store }) => ({
    stagedTargets: args.input.map((input) => uploads.create(store, input)),
    userErrors: [],
  }),
  bulkOperationRunQuery: (_, args: { query: string; groupObjects: boolean }, { bulk, store }) => {
    const { operation, userErrors } = bulk.startQuery(store, args);
    return { bulkOperation: bulkObject(operation), userErrors };
  },
  bulkOperationRunMutation: (
    _,
    args: { mutation: string; stagedUploadPath: string; clientIdentifier?: string | null },
    { bulk, store },
  ) => {
    const { operation, userErrors } = bulk.startMutation(store, args);
    return { bulkOperation: bulkObject(operation), userErrors };
  },
  bulkOperationCancel: (_, args: { id: string }, { bulk, store }) => {
    const { operation, userErrors } = bulk.cancel(store, idOf(args.id, 'BulkOperation'));
    return { bulkOperation: bulkObject(operation), userErrors };
  },
};

interface TagArgs {
  id: string;
  tags: string[];
}

interface CountArgs {
  query?: string | null;
  limit?: number | null;
}

function node(id: string, { store }: GraphContext): unknown {
  const parsed = parseGid(id);
  switch (parsed.type) {
    case 'Customer':
      return withType('Customer', store.customer(parsed.id));
    case 'Order':
      return withType('Order', store.order(parsed.id));
    case 'Product':
      return withType('Product', store.product(parsed.id));
    case 'ProductVariant': {
      const product = store.productOfVariant(parsed.id);
      const variant = product?.variants.find((candidate) => candidate.id === parsed.id);
      return product && variant ? { __typename: 'ProductVariant', product, variant } : null;
    }
    case 'BulkOperation':
      return bulkObject(store.bulkOperation(parsed.id));
    case 'Shop':
      return { __typename: 'Shop', ...shopObject(store) };
    default:
      throw new NotImplemented(`Reading a ${parsed.type} by its id`);
  }
}

function withType(typename: string, record: object | undefined): unknown {
  return record ? typed(typename, record) : null;
}

function idOf(text: string, type: string): string {
  const parsed = parseGid(text);
  // Shopify finds nothing when the id is of another type.
  return parsed.type === type ? parsed.id : '';
}

/** Shopify tags orders, products, drafts and articles too; the sandbox tags customers. */
function taggableId(text: string): string {
  const { type, id } = parseGid(text);
  if (type === 'Customer') return id;
  if (['Order', 'DraftOrder', 'Product', 'Article', 'DiscountNode'].includes(type)) {
    throw new NotImplemented(`Changing the tags of a ${type}`);
  }
  throw badRequest('invalid id', 'RESOURCE_NOT_FOUND');
}

function tagPayload(change: TagChange) {
  switch (change.outcome) {
    case 'done':
      return { node: typed('Customer', change.customer), userErrors: [] };
    case 'refused':
      return { node: null, userErrors: change.userErrors };
  }
}

function count(found: number, args: CountArgs) {
  const limit = args.limit ?? null;
  return limit !== null && found > limit
    ? { count: limit, precision: 'AT_LEAST' }
    : { count: found, precision: 'EXACT' };
}

function refuseSavedSearch(args: { savedSearchId?: string | null }): void {
  if (typeof args.savedSearchId === 'string') throw new NotImplemented('savedSearchId');
}
