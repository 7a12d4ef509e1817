/** Discounts as the API shows them: nodes of three kinds around one union. */
import { discountStatus } from '../../discounts/discount-status.ts';
import { shortSummary, summary } from '../../discounts/summarise.ts';
import { appExtensions } from '../../functions/app-extensions.ts';
import type { DiscountItems, DiscountValue, SandboxDiscount } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid } from '../gid.ts';
import { moneyV2 } from '../money.ts';
import { metafieldsOf } from './metafield.ts';
import type { Resolver } from './types.ts';

type Info = Parameters<Resolver<unknown>>[3];

export type NodeType = 'DiscountNode' | 'DiscountCodeNode' | 'DiscountAutomaticNode';

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
