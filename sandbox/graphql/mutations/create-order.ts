/** An order as orderCreate gives it, placed by the store's own act. */
import { ActError } from '../../acts/act.ts';
import { createCustomer } from '../../acts/create-customer.ts';
import { payOrder } from '../../acts/pay-order.ts';
import { placeOrder } from '../../acts/place-order.ts';
import type { SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { takesOnly } from '../arguments.ts';
import { parseGid } from '../gid.ts';
import { NotImplemented } from '../not-implemented.ts';
import type { MetafieldInput } from './metafields.ts';

interface Money {
  amount: string;
  currencyCode: string;
}
interface MoneyBag {
  shopMoney: Money;
  presentmentMoney?: Money | null;
}

interface LineInput {
  productId?: string | null;
  variantId?: string | null;
  title?: string | null;
  quantity: number;
  priceSet?: MoneyBag | null;
  giftCard?: boolean | null;
}

export interface OrderCreateInput {
  customerId?: string | null;
  customer?: {
    toAssociate?: { id?: string | null; email?: string | null } | null;
    toUpsert?: Record<string, unknown> | null;
  } | null;
  email?: string | null;
  lineItems?: LineInput[] | null;
  financialStatus?: string | null;
  transactions?: { amountSet: MoneyBag; kind?: string | null; status?: string | null }[] | null;
  discountCode?: Record<'itemFixedDiscountCode' | 'itemPercentageDiscountCode' | 'freeShippingDiscountCode', { code: string; amountSet?: MoneyBag; percentage?: number } | null | undefined> | null;
  shippingLines?: { priceSet: MoneyBag; title: string }[] | null;
  taxLines?: { priceSet?: MoneyBag | null; title: string; rate: string }[] | null;
  metafields?: MetafieldInput[] | null;
  currency?: string | null;
  [name: string]: unknown;
} // prettier-ignore

export function createOrder(store: Store, input: OrderCreateInput): SandboxOrder {
  const { currency } = store.shop;
  const minorText = (bag: MoneyBag): string => {
    const { amount, currencyCode } = bag.shopMoney;
    if (currencyCode !== currency)
      throw new NotImplemented(`An order in ${currencyCode} in a store in ${currency}`);
    if (bag.presentmentMoney && bag.presentmentMoney.currencyCode !== currency) {
      throw new NotImplemented('An order that is paid in another currency');
    }
    return amount;
  };
  if (input.currency && input.currency !== currency)
    throw new NotImplemented(`An order in ${input.currency}`);
  const sum = (bags: readonly (MoneyBag | null | undefined)[]) =>
    bags.reduce((total, bag) => total + (bag ? Number(minorText(bag)) : 0), 0);
  const lines = (input.lineItems ?? []).map((line) => {
    takesOnly(line, ['productId', 'variantId', 'title', 'quantity', 'priceSet', 'giftCard', 'requiresShipping', 'taxable'], 'OrderCreateLineItemInput'); // prettier-ignore
    return {
      product: productOf(store, line),
      title: line.title ?? undefined,
      quantity: line.quantity,
      price: line.priceSet ? minorText(line.priceSet) : undefined,
      giftCard: line.giftCard ?? false,
    };
  });
  if (lines.length === 0) throw new ActError('Line items must have at least one line item');
  const paid = (input.transactions ?? []).filter(
    ({ kind, status }) => ['SALE', 'CAPTURE'].includes(kind ?? '') && (status ?? 'SUCCESS') === 'SUCCESS',
  );
  const received = sum(paid.map(({ amountSet }) => amountSet));
  const status = input.financialStatus ?? (input.transactions?.length ? 'BY_TRANSACTIONS' : 'PAID');
  const words: Record<string, string> = {
    PAID: 'paid',
    PENDING: 'pending',
    AUTHORIZED: 'authorised',
    PARTIALLY_PAID: 'pending',
    BY_TRANSACTIONS: 'pending',
  };
  const word = words[status];
  if (!word) throw new NotImplemented(`Creating an order that is ${status}`);
  const listed = lines.reduce((total, { price, quantity }) => total + Number(price ?? 0) * quantity, 0);
  const order = placeOrder(store, {
    customer: customerOf(store, input),
    lines,
    status: word,
    ...discountOf(input, listed, minorText),
    shipping: String(sum((input.shippingLines ?? []).map(({ priceSet }) => priceSet))),
    tax: String(sum((input.taxLines ?? []).map(({ priceSet }) => priceSet))),
    ...(input['processedAt'] ? { processedAt: new Date(String(input['processedAt'])).toISOString() } : {}),
    ...(input['sourceName'] ? { sourceName: input['sourceName'] } : {}),
    tags: input['tags'] ?? [],
    ...(input['note'] ? { note: input['note'] } : {}),
    test: input['test'] ?? false,
  });
  if ((status === 'PARTIALLY_PAID' || status === 'BY_TRANSACTIONS') && received > 0) {
    return payOrder(store, { order: order.id, amount: String(received) });
  }
  return order;
}

function productOf(store: Store, { productId, variantId }: LineInput): string | undefined {
  if (!variantId) return productId ?? undefined;
  const { id } = parseGid(variantId);
  const product = store.productOfVariant(id);
  if (!product) throw new ActError('The product variant does not exist');
  if (product.variants[0]?.id !== id) throw new NotImplemented('An order of a variant that is not the first');
  return product.id;
}

function customerOf(store: Store, input: OrderCreateInput): string | null {
  const { toAssociate, toUpsert } = input.customer ?? {};
  const named = input.customerId ?? toAssociate?.id ?? toAssociate?.email;
  let customer: string | null = named ? (named.includes('@') ? named : parseGid(named).id) : null;
  if (toUpsert) {
    takesOnly(toUpsert, ['id', 'email', 'firstName', 'lastName', 'phone', 'note', 'tags'], 'OrderCreateUpsertCustomerAttributesInput'); // prettier-ignore
    const { id, email } = toUpsert;
    const known = typeof email === 'string' ? store.customerByEmail(email) : undefined;
    if (typeof id === 'string') customer = parseGid(id).id;
    else customer = (known ?? createCustomer(store, withoutNulls(toUpsert))).id;
  }
  if (input.email) {
    const owner = customer?.includes('@') ? store.customerByEmail(customer) : store.customer(customer ?? '');
    if (owner?.email?.toLowerCase() !== input.email.trim().toLowerCase()) {
      throw new NotImplemented("An order whose e-mail address is not its customer's");
    }
  }
  return customer;
}

function withoutNulls(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  );
}

function discountOf(input: OrderCreateInput, listed: number, minorText: (bag: MoneyBag) => string) {
  const { itemFixedDiscountCode, itemPercentageDiscountCode, freeShippingDiscountCode } =
    input.discountCode ?? {};
  if (freeShippingDiscountCode) throw new NotImplemented('A code for free shipping');
  if (itemFixedDiscountCode) {
    const amount = itemFixedDiscountCode.amountSet ? minorText(itemFixedDiscountCode.amountSet) : '0';
    return { discountCode: itemFixedDiscountCode.code, discountAmount: amount };
  }
  if (itemPercentageDiscountCode) {
    const amount = (listed * (itemPercentageDiscountCode.percentage ?? 0)) / 100;
    return { discountCode: itemPercentageDiscountCode.code, discountAmount: amount.toFixed(2) };
  }
  return {};
}
