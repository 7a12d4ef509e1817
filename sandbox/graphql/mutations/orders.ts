import { ActError, asOneAction } from '../../acts/act.ts';
import { cancelOrder } from '../../acts/cancel-order.ts';
import { deleteOrder } from '../../acts/delete-order.ts';
import { editOrder } from '../../acts/edit-order.ts';
import { payOrder } from '../../acts/pay-order.ts';
import { placeOrder } from '../../acts/place-order.ts';
import { refundOrder } from '../../acts/refund-order.ts';
import { createCustomer } from '../../acts/create-customer.ts';
import type { SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { takesOnly } from '../arguments.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import { NotImplemented } from '../not-implemented.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { attempt, beginJob } from './attempt.ts';
import type { FieldsOfErrors } from './attempt.ts';
import { setMetafields } from './metafields.ts';
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

interface OrderCreateInput {
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

const ORDER_FIELDS = [
  'customer', 'customerId', 'email', 'lineItems', 'financialStatus', 'transactions', 'discountCode',
  'shippingLines', 'taxLines', 'tags', 'note', 'test', 'processedAt', 'sourceName', 'currency', 'metafields',
]; // prettier-ignore

export const orderMutations: FieldResolvers<unknown> = {
  orderCreate: (
    _,
    { order: input, options }: { order: OrderCreateInput; options?: Record<string, unknown> | null },
    { store },
  ) => {
    takesOnly(input, ORDER_FIELDS, 'OrderCreateOrderInput');
    // No e-mails and no stock in the sandbox: what to do with them makes no difference.
    takesOnly(options ?? {}, ['inventoryBehaviour', 'sendReceipt', 'sendFulfillmentReceipt'], 'OrderCreateOptionsInput'); // prettier-ignore
    const { done, userErrors } = attempt(
      () => asOneAction(store, () => createOrder(store, input)),
      [
        [/processedAt/, ['order', 'processedAt'], 'Processed at must not be in the future'],
        [/customer/, ['order', 'customer']],
        [/line|product/i, ['order', 'lineItems']],
      ],
      'INVALID',
    );
    const errors = userErrors.map((error) =>
      error.field?.[1] === 'processedAt' ? { ...error, code: 'PROCESSED_AT_INVALID' } : error,
    );
    if (!done) return { order: null, userErrors: errors };
    const wanted = (input.metafields ?? []).map((one) => ({ ...one, ownerId: gid('Order', done.id) }));
    const faults = wanted.length === 0 ? [] : setMetafields(store, wanted).userErrors;
    return {
      order: store.order(done.id),
      userErrors: faults.map(({ field, message }) => ({ field, message, code: 'INVALID' })),
    };
  },

  orderUpdate: (_, { input }: { input: { id: string; [name: string]: unknown } }, { store }) => {
    takesOnly(input, ['id', 'tags', 'note', 'metafields'], 'OrderInput');
    const order = idOfOrder(input.id);
    const { done, userErrors } = attempt(() => {
      const { tags, note } = input;
      const changed = editOrder(store, {
        order,
        ...(Array.isArray(tags) ? { tags: tags as unknown[] } : {}),
        ...(note === undefined ? {} : { note }),
      });
      return changed;
    }, NOT_FOUND);
    if (!done) return { order: null, userErrors };
    const metafields = (input['metafields'] as MetafieldInput[] | null | undefined) ?? [];
    const wanted = metafields.map((one) => ({ ...one, ownerId: input.id }));
    const faults = wanted.length === 0 ? [] : setMetafields(store, wanted).userErrors;
    return {
      order: store.order(done.id),
      userErrors: faults.map(({ field, message }) => ({ field, message })),
    };
  },

  // Stock, e-mails and staff notes are not part of the sandbox: whatever is asked of them makes no difference.
  orderCancel: (_, args: CancelArgs, context: GraphContext) => {
    const { orderId, reason, refund, refundMethod, restock: _r, notifyCustomer: _n, staffNote: _s } = args;
    takesOnly(refundMethod ?? {}, ['originalPaymentMethodsRefund'], 'OrderCancelRefundMethodInput');
    const { store } = context;
    const back = refund ?? refundMethod?.originalPaymentMethodsRefund ?? false;
    const { done, userErrors } = attempt(
      () => cancelOrder(store, { order: idOfOrder(orderId), reason, refund: back }),
      [
        [/^There is no order/, ['orderId'], 'Order does not exist'],
        [/already cancelled/, ['orderId'], 'Cannot cancel an order that has already been canceled'],
      ],
    );
    const gone = !done && userErrors[0]?.message === 'Order does not exist';
    return {
      job: done ? beginJob(context) : null,
      orderCancelUserErrors: userErrors.map((error) => ({ ...error, code: gone ? 'NOT_FOUND' : 'INVALID' })),
      userErrors,
    };
  },

  orderDelete: (_, { orderId }: { orderId: string }, { store }) => {
    const { done, userErrors } = attempt(
      () => deleteOrder(store, { order: idOfOrder(orderId) }),
      [[/^There is no order/, ['orderId'], 'Order does not exist']],
      'NOT_FOUND',
    );
    if (done) store.metafields.deleteOf('ORDER', done.deletedOrderId);
    return { deletedId: done ? gid('Order', done.deletedOrderId) : null, userErrors };
  },

  orderMarkAsPaid: (_, { input }: { input: { id: string } }, { store }) => {
    const { done, userErrors } = attempt(
      () => payOrder(store, { order: idOfOrder(input.id) }),
      [
        [/^There is no order/, ['id'], 'Order does not exist'],
        [/outstanding|cancelled/, ['id'], 'Order cannot be marked as paid.'],
      ],
    );
    return { order: done ? store.order(done.id) : null, userErrors };
  },

  refundCreate: (_, { input }: { input: RefundInput }, { store }) => refund(store, input),
};

const NOT_FOUND: FieldsOfErrors = [[/^There is no order/, ['id'], 'Order does not exist']];

interface CancelArgs {
  orderId: string;
  reason: string;
  restock: boolean;
  refund?: boolean | null;
  refundMethod?: { originalPaymentMethodsRefund?: boolean | null } | null;
  notifyCustomer?: boolean | null;
  staffNote?: string | null;
}

interface RefundInput {
  orderId: string;
  note?: string | null;
  refundLineItems?: { lineItemId: string; quantity: number }[] | null;
  transactions?: { amount: string; kind: string; orderId: string }[] | null;
  [name: string]: unknown;
}

function refund(store: Store, input: RefundInput) {
  takesOnly(
    input,
    ['orderId', 'note', 'notify', 'refundLineItems', 'transactions', 'currency'],
    'RefundInput',
  );
  const order = idOfOrder(input.orderId);
  for (const line of input.refundLineItems ?? []) {
    takesOnly(line, ['lineItemId', 'quantity', 'restockType', 'locationId'], 'RefundLineItemInput');
  }
  const transactions = input.transactions ?? [];
  // A refund without money (a return that is paid back later) is not among the acts.
  if (transactions.length === 0) throw new NotImplemented('A refund without a transaction');
  if (transactions.some(({ kind }) => kind !== 'REFUND'))
    throw new NotImplemented('Transactions that are no refunds');
  const amount = transactions.reduce((sum, one) => sum + Number(one.amount), 0);
  const lines = (input.refundLineItems ?? []).map(({ lineItemId, quantity }) => ({
    line: parseGid(lineItemId).id,
    quantity,
  }));
  const { done, userErrors } = attempt(
    () =>
      refundOrder(store, {
        order,
        amount: amount.toFixed(3).replace(/0+$/, '').replace(/\.$/, ''),
        // Without lines only money goes back, even when it is all of it.
        lines,
        ...(input.note ? { note: input.note } : {}),
      }),
    [
      [/^There is no order/, ['orderId'], 'Order does not exist'],
      [/has no line|can be returned/, ['refundLineItems']],
      [/amount|received/, ['transactions'], 'Refund amount cannot be greater than the amount received'],
    ],
  );
  const after = done && store.order(done.id);
  const last = after?.refunds.at(-1);
  return { order: after ?? null, refund: after && last ? { order: after, refund: last } : null, userErrors };
}

function idOfOrder(text: string): string {
  const { type, id } = parseGid(text);
  return type === 'Order' ? id : '0';
}

function createOrder(store: Store, input: OrderCreateInput): SandboxOrder {
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
