/** The root fields of queries that the sandbox has, and reading by id. Every other one is refused by the schema's set-up. */
import type { SandboxProduct } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { connect } from '../connection.ts';
import type { ConnectionArgs, Listing } from '../connection.ts';
import type { GraphContext } from '../context.ts';
import { parseGid } from '../gid.ts';
import { listBulkOperations } from '../list-bulk-operations.ts';
import { listCustomers, listCustomersForCount, readyCustomers } from '../list-customers.ts';
import { listDefinitions, listSubscriptions } from '../list-few.ts';
import type { DefinitionArgs, SubscriptionArgs } from '../list-few.ts';
import { listOrders, readyOrders } from '../list-orders.ts';
import { listCollections, listProducts } from '../list-products.ts';
import { countListed } from '../list-records.ts';
import type { ListArgs } from '../list-records.ts';
import { fullNamespace } from '../metafield-namespace.ts';
import { takesOnly } from '../arguments.ts';
import { badRequest, NotImplemented } from '../not-implemented.ts';
import { searchNotes } from '../search-report.ts';
import { SUPPORTED_VERSIONS } from '../versions.ts';
import { jobGid } from '../mutations/attempt.ts';
import { bulkObject } from './bulk-operation.ts';
import { discountQueries, findNode } from './discount-queries.ts';
import { findDefinition } from './metafield.ts';
import { membersQuery, segmentQueries } from './segment.ts';
import { appInstallation, shopObject } from './shop.ts';
import { apiVersion } from './subscription.ts';
import { typed } from './types.ts';
import type { FieldResolvers } from './types.ts';

type PageArgs = ConnectionArgs & ListArgs;

export const queryFields: FieldResolvers<unknown> = {
  ...segmentQueries,
  ...discountQueries,
  shop: (_, __: unknown, { store }) => shopObject(store),
  currentAppInstallation: (_, __: unknown, { sandbox, store }) => appInstallation(sandbox, store),
  appInstallation: (_, args: { id?: string | null }, { sandbox, store }) => {
    const installation = appInstallation(sandbox, store);
    return args.id && args.id !== installation.id ? null : installation;
  },
  publicApiVersions: () => SUPPORTED_VERSIONS.map(apiVersion),

  customers: async (_, args: PageArgs, context: GraphContext, info) => {
    await readyCustomers(context.store, args);
    return connect(
      () => listCustomers(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    );
  },
  customer: (_, args: { id: string }, { store }) => store.customer(idOf(args.id, 'Customer')) ?? null,
  customerByIdentifier: (_, { identifier }: { identifier: CustomerIdentifier }, { store }) => {
    takesOnly(identifier, ['id', 'emailAddress', 'phoneNumber'], 'CustomerIdentifierInput');
    const { id, emailAddress, phoneNumber } = identifier;
    if (id) return store.customer(idOf(id, 'Customer')) ?? null;
    if (emailAddress) return store.customerByEmail(emailAddress) ?? null;
    return first(listCustomers(store, { query: `phone:"${phoneNumber ?? ''}"` }));
  },
  customersCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const { store } = context;
    if (!args.query) return count(store.customerCount(), args);
    const notes = searchNotes(args.query, context, info);
    return count(
      await countListed(listCustomersForCount(store, args.query, notes), args.limit ?? null),
      args,
    );
  },
  customerMergeJobStatus: (_, args: { jobId: string }, { store }) => {
    const job = jobOf(args.jobId, store);
    if (!job?.merge) return null;
    const done = isDone(job.doneAt, store);
    return {
      jobId: args.jobId,
      resultingCustomerId: `gid://shopify/Customer/${job.merge.resultingCustomerId}`,
      status: done ? job.merge.status : 'IN_PROGRESS',
      customerMergeErrors: [],
    };
  },

  orders: async (_, args: PageArgs, context: GraphContext, info) => {
    await readyOrders(context.store, args);
    const list = () => {
      const notes = searchNotes(args.query, context, info);
      return listOrders(context.store, args, { notes });
    };
    return connect(list, args, context, info);
  },
  order: (_, args: { id: string }, { store }) => store.order(idOf(args.id, 'Order')) ?? null,
  orderByIdentifier: (_, { identifier }: { identifier: { id?: string | null } }, { store }) => {
    takesOnly(identifier, ['id'], 'OrderIdentifierInput');
    return store.order(idOf(identifier.id ?? '', 'Order')) ?? null;
  },
  ordersCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const { store } = context;
    if (!args.query) return count(store.orderCount(), args);
    const notes = searchNotes(args.query, context, info);
    const listing = listOrders(store, { query: args.query, sortKey: 'ID' }, { notes });
    return count(await countListed(listing, args.limit ?? null), args);
  },

  products: (_, args: PageArgs, context: GraphContext, info) =>
    connect(
      () => listProducts(context.store, args, { notes: searchNotes(args.query, context, info) }),
      args,
      context,
      info,
    ),
  product: (_, args: { id: string }, { store }) => store.product(idOf(args.id, 'Product')) ?? null,
  productByIdentifier: (_, { identifier }: { identifier: ProductIdentifier }, { store }) => {
    takesOnly(identifier, ['id', 'handle'], 'ProductIdentifierInput');
    if (identifier.id) return store.product(idOf(identifier.id, 'Product')) ?? null;
    return first(listProducts(store, { query: `handle:"${identifier.handle ?? ''}"` }));
  },
  productsCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const notes = searchNotes(args.query, context, info);
    const listing = listProducts(context.store, { query: args.query ?? null }, { notes });
    return count(await countListed(listing, args.limit ?? null), args);
  },
  productVariant: (_, args: { id: string }, context: GraphContext) =>
    parseGid(args.id).type === 'ProductVariant' ? node(args.id, context) : null,

  collections: (_, args: PageArgs, context: GraphContext, info) =>
    connect(
      () => listCollections(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    ),
  collection: (_, args: { id: string }, { store }) =>
    store.collections.get(idOf(args.id, 'Collection')) ?? null,
  collectionsCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const notes = searchNotes(args.query, context, info);
    const listing = listCollections(context.store, { query: args.query ?? null }, notes);
    return count(await countListed(listing, args.limit ?? null), args);
  },

  metafieldDefinitions: (_, args: ConnectionArgs & DefinitionArgs, context: GraphContext, info) =>
    connect(
      () => listDefinitions(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    ),
  metafieldDefinition: (_, args: DefinitionArg, { store }) => {
    if (args.id) return store.metafieldDefinitions.get(idOf(args.id, 'MetafieldDefinition')) ?? null;
    const { ownerType = '', namespace, key = '' } = args.identifier ?? {};
    return findDefinition(store, ownerType, fullNamespace(namespace), key) ?? null;
  },

  webhookSubscriptions: (_, args: ConnectionArgs & SubscriptionArgs, context: GraphContext, info) =>
    connect(
      () => listSubscriptions(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    ),
  webhookSubscription: (_, args: { id: string }, { store }) =>
    store.subscriptions.get(idOf(args.id, 'WebhookSubscription')) ?? null,
  webhookSubscriptionsCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const notes = searchNotes(args.query, context, info);
    const listing = listSubscriptions(context.store, { query: args.query ?? null }, notes);
    return count(await countListed(listing, args.limit ?? null), args);
  },

  node: (_, args: { id: string }, context: GraphContext) => node(args.id, context),
  nodes: (_, args: { ids: string[] }, context: GraphContext) => args.ids.map((id) => node(id, context)),
  job: (_, args: { id: string }, { store }) => {
    const job = jobOf(args.id, store);
    return job ? { id: args.id, done: isDone(job.doneAt, store), query: {} } : null;
  },

  bulkOperation: (_, args: { id: string }, { store }) =>
    bulkObject(store.bulkOperation(idOf(args.id, 'BulkOperation'))),
  bulkOperations: (_, args: PageArgs, context: GraphContext, info) =>
    connect(
      () => listBulkOperations(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    ),
  currentBulkOperation: (_, args: { type: string }, { store }) =>
    bulkObject([...store.bulkOperations()].filter(({ type }) => type === args.type).at(-1)),
};

interface CustomerIdentifier {
  id?: string | null;
  emailAddress?: string | null;
  phoneNumber?: string | null;
}
interface ProductIdentifier {
  id?: string | null;
  handle?: string | null;
}
interface DefinitionArg {
  id?: string | null;
  identifier?: { ownerType?: string; namespace?: string | null; key?: string } | null;
}
interface CountArgs {
  query?: string | null;
  limit?: number | null;
}

function node(id: string, context: GraphContext): unknown {
  const { store, sandbox } = context;
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
      return product && variant ? variantNode(product, variant) : null;
    }
    case 'Collection':
      return withType('Collection', store.collections.get(parsed.id));
    case 'Metafield':
      return withType('Metafield', store.metafields.get(parsed.id));
    case 'MetafieldDefinition':
      return withType('MetafieldDefinition', store.metafieldDefinitions.get(parsed.id));
    case 'Segment':
      return withType('Segment', store.segments.get(parsed.id));
    case 'CustomerSegmentMembersQuery':
      return membersQuery(store, id);
    case 'DiscountNode':
    case 'DiscountAutomaticNode':
    case 'DiscountCodeNode':
      return findNode(context, id, parsed.type);
    case 'WebhookSubscription':
      return withType('WebhookSubscription', store.subscriptions.get(parsed.id));
    case 'BulkOperation':
      return bulkObject(store.bulkOperation(parsed.id));
    case 'AppInstallation': {
      const installation = appInstallation(sandbox, store);
      return installation.id === id ? { __typename: 'AppInstallation', ...installation } : null;
    }
    case 'Shop':
      return parsed.id === store.shop.id ? { __typename: 'Shop', ...shopObject(store) } : null;
    default:
      throw new NotImplemented(`Reading a ${parsed.type} by its id`);
  }
}

function variantNode(product: SandboxProduct, variant: SandboxProduct['variants'][number]) {
  return { __typename: 'ProductVariant', product, variant };
}

function withType(typename: string, record: object | undefined): unknown {
  return record ? typed(typename, record) : null;
}

function idOf(text: string, type: string): string {
  const parsed = parseGid(text);
  // Shopify finds nothing when the id is of another type.
  return parsed.type === type ? parsed.id : '';
}

function jobOf(text: string, store: Store) {
  const id = text.startsWith(jobGid('')) ? text.slice(jobGid('').length) : '';
  if (!/^[0-9a-f-]{36}$/.test(id)) throw badRequest(`Invalid global id '${text}'`, 'INVALID_GLOBAL_ID');
  return store.jobs.get(id);
}

function isDone(doneAt: string, store: Store): boolean {
  return store.clock.machineNow().toISOString() >= doneAt;
}

function first<T>(listing: Listing<T>): T | null {
  for (const item of listing.after()) return item;
  return null;
}

function count(found: number, args: CountArgs) {
  const limit = args.limit ?? null;
  return limit !== null && found > limit
    ? { count: limit, precision: 'AT_LEAST' }
    : { count: found, precision: 'EXACT' };
}
