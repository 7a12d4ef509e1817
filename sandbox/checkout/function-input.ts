/**
 * The cart as the schema of the discount function has it. The function's own input query picks from it. A metafield
 * of more than 10,000 bytes is null, as Shopify documents it.
 */
import { decimalOf } from '../../app/money.ts';
import { localDateOf } from '../../app/local-date.ts';
import { fullNamespace } from '../graphql/metafield-namespace.ts';
import { isJsonType } from '../graphql/metafield-types.ts';
import { customerTotals } from '../store/customer-totals.ts';
import type { SandboxCustomer, SandboxDiscount, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { lineTotal, subtotalOf } from './cart.ts';
import type { Cart, CartLine } from './cart.ts';

const MOST_METAFIELD_BYTES = 10_000;

interface Named {
  namespace?: string | null;
  key: string;
}

export const cartLineGid = (number: number) => `gid://shopify/CartLine/${number}`;
export const DELIVERY_GROUP = 'gid://shopify/CartDeliveryGroup/1';

export function functionRoot(
  store: Store,
  discount: SandboxDiscount,
  cart: Cart,
  code: string | null,
): Record<string, unknown> {
  const { shop } = store;
  const money = (minor: number) => ({
    amount: decimalOf(BigInt(minor), shop.currency),
    currencyCode: shop.currency,
  });
  const subtotal = money(subtotalOf(cart.lines));
  const lines = cart.lines.map((line) => lineObject(store, line, money));
  return {
    presentmentCurrencyRate: '1.0',
    triggeringDiscountCode: code,
    enteredDiscountCodes: cart.codes.map((entered) => ({ code: entered, rejectable: false })),
    fetchResult: null,
    shop: { localTime: localTime(store), metafield: metafieldOf(store, 'SHOP', shop.id), metaobject: null },
    discount: {
      discountClasses: discount.classes,
      metafield: metafieldOf(store, 'DISCOUNT', discount.id),
    },
    cart: {
      attribute: null,
      buyerIdentity: {
        isAuthenticated: cart.customer !== undefined,
        email: cart.customer?.email ?? null,
        phone: cart.customer?.phone ?? null,
        purchasingCompany: null,
        customer: cart.customer ? customerObject(store, cart.customer, money) : null,
      },
      cost: { subtotalAmount: subtotal, totalAmount: subtotal, totalTaxAmount: null, totalDutyAmount: null },
      lines,
      metafield: null,
      deliveryGroups: [
        { id: DELIVERY_GROUP, cartLines: lines, deliveryAddress: null, deliveryOptions: [], discountAllocations: [], groupType: 'ONE_TIME_PURCHASE', selectedDeliveryOption: null },
      ],
    },
  }; // prettier-ignore
}

/** The JSON that the extension's `input.variables` names, as an object; {} without it. */
export function variablesOf(
  store: Store,
  discount: SandboxDiscount,
  named: { namespace: string; key: string } | null,
): Record<string, unknown> {
  const found = named && metafieldOf(store, 'DISCOUNT', discount.id)(named);
  const value: unknown = found ? found.jsonValue : {};
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function metafieldOf(store: Store, ownerType: string, ownerId: string) {
  return ({ namespace, key }: Named) => {
    const found = store.metafields.find(ownerType, ownerId, fullNamespace(namespace), key);
    if (!found || Buffer.byteLength(found.value) > MOST_METAFIELD_BYTES) return null;
    const { type, value } = found;
    return { type, value, jsonValue: isJsonType(type) ? (JSON.parse(value) as unknown) : value };
  };
}

type Money = (minor: number) => { amount: string; currencyCode: string };

function lineObject(store: Store, line: CartLine, money: Money) {
  const total = money(lineTotal(line));
  return {
    id: cartLineGid(line.number),
    quantity: line.quantity,
    attribute: null,
    discountAllocations: [],
    parentRelationship: null,
    sellingPlanAllocation: null,
    cost: {
      amountPerQuantity: money(line.priceMinor),
      compareAtAmountPerQuantity: null,
      subtotalAmount: total,
      totalAmount: total,
    },
    merchandise: line.product
      ? variantObject(store, line, line.product)
      : {
          __typename: 'CustomProduct',
          title: line.title,
          isGiftCard: line.giftCard,
          requiresShipping: !line.giftCard,
          weight: null,
          weightUnit: 'KILOGRAMS',
        },
  };
}

function variantObject(store: Store, line: CartLine, product: SandboxProduct) {
  const variant = product.variants.find(({ id }) => id === line.variantId);
  const inCollections = ({ ids }: { ids: string[] }) =>
    ids.map((collectionId) => ({
      collectionId,
      isMember: line.collections.has(collectionId.split('/').at(-1) ?? ''),
    }));
  const inAnyCollection = (args: { ids: string[] }) => inCollections(args).some(({ isMember }) => isMember);
  return {
    __typename: 'ProductVariant',
    id: `gid://shopify/ProductVariant/${line.variantId ?? ''}`,
    title: variant?.title ?? null,
    sku: variant?.sku ?? null,
    requiresShipping: !line.giftCard,
    weight: null,
    weightUnit: 'KILOGRAMS',
    metafield: null,
    inCollections,
    inAnyCollection,
    product: {
      id: `gid://shopify/Product/${product.id}`,
      title: product.title,
      handle: product.handle,
      vendor: product.vendor,
      productType: product.productType,
      isGiftCard: line.giftCard,
      metafield: metafieldOf(store, 'PRODUCT', product.id),
      ...tagAnswers(product.tags),
      inCollections,
      inAnyCollection,
    },
  };
}

function customerObject(store: Store, customer: SandboxCustomer, money: Money) {
  const totals = () => customerTotals(store.ordersOf(customer.id));
  return {
    id: `gid://shopify/Customer/${customer.id}`,
    email: customer.email,
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: [customer.firstName, customer.lastName].filter(Boolean).join(' ') || (customer.email ?? ''),
    createdAt: customer.createdAt,
    numberOfOrders: () => totals().numberOfOrders,
    amountSpent: () => money(totals().amountSpentMinor),
    metafield: metafieldOf(store, 'CUSTOMER', customer.id),
    ...tagAnswers(customer.tags),
  };
}

/** Tags as they are now: no index stands between (assumption). */
function tagAnswers(tags: readonly string[]) {
  const held = new Set(tags.map((tag) => tag.toLowerCase()));
  const hasTags = ({ tags: asked }: { tags: string[] }) =>
    asked.map((tag) => ({ tag, hasTag: held.has(tag.toLowerCase()) }));
  return { hasTags, hasAnyTag: (args: { tags: string[] }) => hasTags(args).some(({ hasTag }) => hasTag) };
}

/** Times without a zone are wall-clock times of the store. */
function localTime(store: Store) {
  const now = store.clock.now();
  const zone = store.shop.ianaTimezone;
  const date = localDateOf(now, zone);
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: zone }).format(now);
  const dateTime = `${date}T${time}`;
  return {
    date,
    dateTimeAfter: (args: { dateTime: string }) => dateTime > args.dateTime,
    dateTimeBefore: (args: { dateTime: string }) => dateTime < args.dateTime,
    dateTimeBetween: (args: { startDateTime: string; endDateTime: string }) =>
      dateTime >= args.startDateTime && dateTime <= args.endDateTime,
    timeAfter: (args: { time: string }) => time > args.time,
    timeBefore: (args: { time: string }) => time < args.time,
    timeBetween: (args: { startTime: string; endTime: string }) =>
      time >= args.startTime && time <= args.endTime,
  };
}
