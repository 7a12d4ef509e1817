/** Discounts as the API shows them: nodes of three kinds around one union, and the lists of them. */
import { discountStatus } from '../../discounts/discount-status.ts';
import { shortSummary, summary } from '../../discounts/summarise.ts';
import { appExtensions } from '../../functions/app-extensions.ts';
import type { DiscountItems, DiscountValue, SandboxDiscount } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs, Listing } from '../connection.ts';
import { gid, parseGid } from '../gid.ts';
import { listDiscounts } from '../list-discounts.ts';
import type { ListArgs } from '../list-records.ts';
import { countListed } from '../list-records.ts';
import { moneyV2 } from '../money.ts';
import { searchNotes } from '../search-report.ts';
import { metafieldsOf } from './metafield.ts';
import type { FieldResolvers, Resolver } from './types.ts';

type Info = Parameters<Resolver<unknown>>[3];
type PageArgs = ConnectionArgs & ListArgs;
interface CountArgs {
  query?: string | null;
  limit?: number | null;
}

type NodeType = 'DiscountNode' | 'DiscountCodeNode' | 'DiscountAutomaticNode';
type DiscountNodeObject = ReturnType<typeof discountNode>;

const METAFIELDS = metafieldsOf<SandboxDiscount>('DISCOUNT', (discount) => discount.id);

/** The node of its method: what mutations answer with. */
export function discountNode(
  discount: SandboxDiscount,
  context: GraphContext,
  typename: NodeType = nodeType(discount),
) {
  const of = (name: 'metafield' | 'metafields') => (args: never, on: GraphContext, info: Info) =>
    METAFIELDS[name]?.(discount, args, on, info);
  return {
    /** Not a field: what the node is of. */
    record: discount,
    __typename: typename,
    id: gid(typename, discount.id),
    discount: () => discountObject(discount, context),
    automaticDiscount: () => discountObject(discount, context),
    codeDiscount: () => discountObject(discount, context),
    metafield: of('metafield'),
    metafields: of('metafields'),
  };
}

export function nodeType({
  method,
}: Pick<SandboxDiscount, 'method'>): 'DiscountCodeNode' | 'DiscountAutomaticNode' {
  return method === 'code' ? 'DiscountCodeNode' : 'DiscountAutomaticNode';
}

const KINDS = { basic: 'Basic', bxgy: 'Bxgy', free_shipping: 'FreeShipping', app: 'App' } as const;

/** A value of the union `Discount`. Fields that the sandbox does not have are refused by the strict default resolver. */
export function discountObject(discount: SandboxDiscount, { store, sandbox }: GraphContext) {
  const { method, kind, minimum } = discount;
  const [firstClass] = discount.classes;
  return {
    __typename: `Discount${method === 'code' ? 'Code' : 'Automatic'}${KINDS[kind]}`,
    id: gid(nodeType(discount), discount.id),
    discountId: gid(nodeType(discount), discount.id),
    title: discount.title,
    status: discountStatus(discount, store.clock.now()),
    startsAt: discount.startsAt,
    endsAt: discount.endsAt,
    createdAt: discount.createdAt,
    updatedAt: discount.updatedAt,
    asyncUsageCount: discount.usageCount,
    usageCount: discount.usageCount,
    usageLimit: discount.usageLimit,
    appliesOncePerCustomer: discount.appliesOncePerCustomer,
    appliesOnOneTimePurchase: true,
    appliesOnSubscription: kind === 'app',
    recurringCycleLimit: 1,
    tags: discount.tags,
    discountClass: firstClass ?? null,
    discountClasses: discount.classes,
    combinesWith: { ...discount.combinesWith, productDiscountsWithTagsOnSameCartLine: null },
    context: () => contextObject(discount, store),
    customerSelection: () => selectionObject(discount, store),
    summary: () => summary(discount, store),
    shortSummary: () => shortSummary(discount, store),
    minimumRequirement:
      minimum === null
        ? null
        : 'quantity' in minimum
          ? { __typename: 'DiscountMinimumQuantity', greaterThanOrEqualToQuantity: String(minimum.quantity) }
          : {
              __typename: 'DiscountMinimumSubtotal',
              greaterThanOrEqualToSubtotal: moneyV2(minimum.subtotalMinor, store.shop.currency),
            },
    customerGets: () => getsObject(discount, store),
    customerBuys: () => buysObject(discount, store),
    usesPerOrderLimit: discount.usesPerOrderLimit,
    destinationSelection: { __typename: 'DiscountCountryAll', allCountries: true },
    maximumShippingPrice:
      discount.maximumShippingMinor === null
        ? null
        : moneyV2(discount.maximumShippingMinor, store.shop.currency),
    hasTimelineComment: false,
    codesCount: { count: discount.codes.length, precision: 'EXACT' },
    codes: (args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info: Info) =>
      connect(
        () =>
          inOrder(
            discount.codes.map((one) => codeObject(one, discount)),
            ({ id }) => id,
            args.reverse,
          ),
        args,
        context,
        info,
      ),
    appDiscountType: () => appType(discount, sandbox),
    errorHistory: null,
  };
}

function codeObject({ id, code }: SandboxDiscount['codes'][number], { usageCount }: SandboxDiscount) {
  return { id: gid('DiscountRedeemCode', id), code, asyncUsageCount: usageCount, createdBy: null };
}

function segmentsOf({ context }: SandboxDiscount, store: Store) {
  return context.kind === 'segments' ? context.ids.flatMap((id) => store.segments.get(id) ?? []) : [];
}

function customersOf({ context }: SandboxDiscount, store: Store) {
  return context.kind === 'customers' ? context.ids.flatMap((id) => store.customer(id) ?? []) : [];
}

/** Segments and customers that are gone are not among them (assumption). */
function contextObject(discount: SandboxDiscount, store: Store) {
  switch (discount.context.kind) {
    case 'all':
      return { __typename: 'DiscountBuyerSelectionAll', all: 'ALL' };
    case 'segments':
      return { __typename: 'DiscountCustomerSegments', segments: segmentsOf(discount, store) };
    case 'customers':
      return { __typename: 'DiscountCustomers', customers: customersOf(discount, store) };
  }
}

/** The deprecated form of the same. */
function selectionObject(discount: SandboxDiscount, store: Store) {
  if (discount.context.kind === 'all') return { __typename: 'DiscountCustomerAll', allCustomers: true };
  return contextObject(discount, store);
}

function getsObject({ gets }: SandboxDiscount, store: Store) {
  if (!gets) return null;
  return {
    appliesOnOneTimePurchase: true,
    appliesOnSubscription: false,
    items: itemsObject(gets.items, store),
    value: valueObject(gets.value, store),
  };
}

function buysObject({ buys }: SandboxDiscount, store: Store) {
  if (!buys) return null;
  return {
    isOneTimePurchase: true,
    isSubscription: false,
    items: itemsObject(buys.items, store),
    value:
      buys.quantity === null
        ? {
            __typename: 'DiscountPurchaseAmount',
            amount: moneyV2(buys.amountMinor ?? 0, store.shop.currency).amount,
          }
        : { __typename: 'DiscountQuantity', quantity: String(buys.quantity) },
  };
}

function valueObject(value: DiscountValue, store: Store): object {
  const amount = (minor: number, onEachItem: boolean) => ({
    __typename: 'DiscountAmount',
    amount: moneyV2(minor, store.shop.currency),
    appliesOnEachItem: onEachItem,
  });
  const share = (percentage: number) => ({ __typename: 'DiscountPercentage', percentage });
  switch (value.kind) {
    case 'percentage':
      return share(value.percentage);
    case 'amount':
      return amount(value.amountMinor, value.onEachItem);
    case 'quantity':
      return {
        __typename: 'DiscountOnQuantity',
        quantity: { quantity: String(value.quantity) },
        effect: value.percentage === null ? amount(value.amountMinor ?? 0, true) : share(value.percentage),
      };
  }
}

type ListedArgs = ConnectionArgs & { reverse?: boolean };

function itemsObject(items: DiscountItems, store: Store): object {
  if ('all' in items) return { __typename: 'AllDiscountItems', allItems: true };
  if ('collections' in items) {
    const collections = items.collections.flatMap((id) => store.collections.get(id) ?? []);
    return {
      __typename: 'DiscountCollections',
      collections: (args: ListedArgs, context: GraphContext, info: Info) =>
        connect(() => inOrder(collections, ({ id }) => id, args.reverse), args, context, info),
    };
  }
  const products = items.products.flatMap((id) => store.product(id) ?? []);
  const variants = items.variants.flatMap((id) => {
    const product = store.productOfVariant(id);
    const variant = product?.variants.find((one) => one.id === id);
    return product && variant ? { product, variant } : [];
  });
  return {
    __typename: 'DiscountProducts',
    products: (args: ListedArgs, context: GraphContext, info: Info) =>
      connect(() => inOrder(products, ({ id }) => id, args.reverse), args, context, info),
    productVariants: (args: ListedArgs, context: GraphContext, info: Info) =>
      connect(() => inOrder(variants, ({ variant }) => variant.id, args.reverse), args, context, info),
  };
}

function appType({ functionHandle, classes }: SandboxDiscount, sandbox: GraphContext['sandbox']) {
  const extension = appExtensions(sandbox).functions.get(functionHandle ?? '');
  return {
    app: { id: gid('App', '1'), apiKey: sandbox.apiKey, title: 'Regulars', handle: 'regulars' },
    appKey: sandbox.apiKey,
    functionId: extension?.id ?? '',
    title: extension?.name ?? functionHandle ?? '',
    description: extension?.description ?? null,
    discountClasses: classes,
    discountClass: classes[0] ?? null,
  };
}

// --- root fields -----------------------------------------------------------------------------------------

const listOf =
  (method: SandboxDiscount['method'] | undefined, typename?: 'DiscountNode'): Resolver<unknown> =>
  (_, args: PageArgs, context: GraphContext, info) =>
    connect(() => listNodes(context, args, info, method, typename), args, context, info);

/** The discounts of the list with a node around each. */
function listNodes(
  context: GraphContext,
  args: PageArgs,
  info: Info,
  method: SandboxDiscount['method'] | undefined,
  typename: 'DiscountNode' | undefined,
): Listing<DiscountNodeObject> {
  const inner = listDiscounts(context.store, args, method, searchNotes(args.query, context, info));
  const wrap = (discount: SandboxDiscount) => discountNode(discount, context, typename);
  return {
    keyOf: ({ record }) => inner.keyOf(record),
    reversed: inner.reversed,
    *after(key) {
      for (const discount of inner.after(key)) yield wrap(discount);
    },
    *before(key) {
      for (const discount of inner.before(key)) yield wrap(discount);
    },
  };
}

export const discountQueries: FieldResolvers<unknown> = {
  discountNodes: listOf(undefined, 'DiscountNode'),
  automaticDiscountNodes: listOf('automatic'),
  codeDiscountNodes: listOf('code'),
  discountNode: (_, { id }: { id: string }, context: GraphContext) => findNode(context, id, 'DiscountNode'),
  automaticDiscountNode: (_, { id }: { id: string }, context: GraphContext) =>
    findNode(context, id, 'DiscountAutomaticNode'),
  codeDiscountNode: (_, { id }: { id: string }, context: GraphContext) =>
    findNode(context, id, 'DiscountCodeNode'),
  codeDiscountNodeByCode: (_, { code }: { code: string }, context: GraphContext) => {
    const wanted = code.toLowerCase();
    for (const discount of context.store.discounts.all()) {
      if (discount.codes.some((one) => one.code.toLowerCase() === wanted))
        return discountNode(discount, context);
    }
    return null;
  },
  discountNodesCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const listing = listDiscounts(context.store, args, undefined, searchNotes(args.query, context, info));
    const limit = args.limit ?? null;
    const found = await countListed(listing, limit);
    return limit !== null && found > limit
      ? { count: limit, precision: 'AT_LEAST' }
      : { count: found, precision: 'EXACT' };
  },
  shopifyFunctions: (_, args: ConnectionArgs & FunctionArgs, context: GraphContext, info) => {
    const { sandbox } = context;
    const { apiType, useCreationUi, reverse } = args;
    const found = [...appExtensions(sandbox).functions.values()]
      .map((one) => ({
        id: one.id,
        handle: one.handle,
        title: one.name,
        description: one.description,
        apiType: 'discount',
        apiVersion: one.apiVersion,
        appKey: sandbox.apiKey,
        app: { id: gid('App', '1'), apiKey: sandbox.apiKey, title: 'Regulars', handle: 'regulars' },
        inputQuery: one.targets[0]?.inputQuery ?? null,
        useCreationUi: false,
      }))
      .filter((one) => (apiType ?? one.apiType) === one.apiType && (useCreationUi ?? false) === false);
    return connect(() => inOrder(found, ({ handle }) => handle, reverse), args, context, info);
  },
};

interface FunctionArgs {
  apiType?: string | null;
  useCreationUi?: boolean | null;
  reverse?: boolean | null;
}

/** A DiscountNode has the number of the node of its method. */
export function findNode(context: GraphContext, text: string, typename: NodeType) {
  const { type, id } = parseGid(text);
  const discount = context.store.discounts.get(id);
  if (!discount || !['DiscountNode', nodeType(discount)].includes(type)) return null;
  if (typename !== 'DiscountNode' && typename !== nodeType(discount)) return null;
  return discountNode(discount, context, typename);
}
