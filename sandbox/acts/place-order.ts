/**
 * An order from the shop's checkout, or one entered later with an earlier date. The total is what the lines
 * cost, less the discount, plus shipping and tax.
 */
import { z } from 'zod';
import {
  ActError, amountInput, amountOf, asOneAction, checkInput, customerRef, findCustomer, findProduct,
  laterThan, touchBuyer,
} from './act.ts'; // prettier-ignore
import { normalTags } from './normal-tags.ts';
import type { SandboxOrder, SandboxOrderLine } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const lineInput = z.object({
  /** Id or gid; without it the line is a custom item. */
  product: z.string().optional(),
  title: z.string().trim().min(1).optional(),
  quantity: z.number().int().min(1).default(1),
  /** For one piece; the product's own price unless told. */
  price: amountInput.optional(),
  giftCard: z.boolean().default(false),
  /** Off the whole line. */
  discount: amountInput.default('0'),
  variant: z.string().optional(),
  /** Parts of `discount` by the index of `discountApplications`. */
  allocations: z.array(z.object({ application: z.number(), amountMinor: z.number() })).optional(),
});

const applicationInput = z.object({
  discountId: z.string(),
  title: z.string(),
  code: z.string().nullable(),
  on: z.enum(['lines', 'shipping']),
  amountMinor: z.number().int().min(0),
});

export const placeOrderInput = z
  .object({
    /** Without it: a guest. */
    customer: customerRef.nullish(),
    /** A guest's; a customer has their own. */
    email: z.email().optional(),
    /** Short for one custom line at this price. */
    amount: amountInput.optional(),
    /** What `amount` buys. */
    product: z.string().optional(),
    lines: z.array(lineInput).min(1).optional(),
    status: z.enum(['paid', 'authorised', 'authorized', 'pending']).default('paid'),
    discountCode: z.string().trim().min(1).optional(),
    discountAmount: amountInput.default('0'),
    /** What the checkout worked out: named in the order, and in its lines' `discount` already. */
    discountApplications: z.array(applicationInput).optional(),
    shipping: amountInput.default('0'),
    tax: amountInput.default('0'),
    /** Not later than the business clock. */
    processedAt: z.iso.datetime({ offset: true }).optional(),
    sourceName: z.string().trim().min(1).default('web'),
    tags: z.array(z.string()).default([]),
    note: z.string().optional(),
    test: z.boolean().default(false),
    company: z.boolean().default(false),
  })
  .refine((input) => (input.amount === undefined) !== (input.lines === undefined), {
    message: 'An order needs an amount, or lines (not both)',
  });

type LineInput = z.infer<typeof lineInput>;

function orderLine(store: Store, wanted: LineInput): SandboxOrderLine {
  const product = wanted.product ? findProduct(store, wanted.product) : undefined;
  const variant =
    wanted.variant === undefined
      ? product?.variants[0]
      : product?.variants.find(({ id }) => id === wanted.variant);
  const priceMinor =
    wanted.price === undefined ? variant?.priceMinor : amountOf(wanted.price, store, 'price');
  if (priceMinor === undefined || priceMinor < 0) throw new ActError('A line needs a price of 0 or more');
  const discountMinor = amountOf(wanted.discount, store, 'discount');
  if (discountMinor < 0 || discountMinor > priceMinor * wanted.quantity) {
    throw new ActError('The discount of a line is more than the line');
  }
  return {
    id: store.newId('other'),
    productId: product?.id ?? null,
    variantId: variant?.id ?? null,
    title: wanted.title ?? product?.title ?? 'Custom item',
    sku: variant?.sku ?? null,
    vendor: product?.vendor ?? null,
    quantity: wanted.quantity,
    currentQuantity: wanted.quantity,
    priceMinor,
    discountMinor,
    giftCard: wanted.giftCard,
    ...(wanted.allocations ? { allocations: wanted.allocations } : {}),
  };
}

/** Spreads a discount over the lines by their price; the last one takes the rounding. */
function spreadDiscount(lines: SandboxOrderLine[], discountMinor: number, listed: number): void {
  let left = discountMinor;
  for (const [index, line] of lines.entries()) {
    const share = Math.floor((discountMinor * line.priceMinor * line.quantity) / Math.max(1, listed));
    line.discountMinor = index === lines.length - 1 ? left : share;
    left -= line.discountMinor;
  }
}

function codesOf({ discountCode, discountApplications = [] }: z.infer<typeof placeOrderInput>): string[] {
  const entered = discountApplications.flatMap(({ code }) => code ?? []);
  return [...new Set([...(discountCode ? [discountCode] : []), ...entered])];
}

/** @throws ActError */
export function placeOrder(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(placeOrderInput, input);
  const customer = wanted.customer ? findCustomer(store, wanted.customer) : undefined;
  const now = store.clock.now().toISOString();
  const processedAt = wanted.processedAt ? new Date(wanted.processedAt).toISOString() : now;
  if (processedAt > now) throw new ActError('processedAt cannot be in the future');
  const lines = (
    wanted.lines ?? [
      { product: wanted.product, price: wanted.amount, quantity: 1, giftCard: false, discount: '0' },
    ]
  ).map((line) => orderLine(store, line));
  const listed = lines.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0);
  const onLines = lines.reduce((sum, line) => sum + line.discountMinor, 0);
  const onOrder = amountOf(wanted.discountAmount, store, 'discountAmount');
  if (onLines !== 0 && onOrder !== 0)
    throw new ActError('Discounts of lines, or one of the order (not both)');
  const discountMinor = onLines + onOrder;
  const shippingMinor = amountOf(wanted.shipping, store, 'shipping');
  const taxMinor = amountOf(wanted.tax, store, 'tax');
  if (onOrder < 0 || discountMinor > listed) throw new ActError('The discount is more than the order');
  if (shippingMinor < 0 || taxMinor < 0) throw new ActError('Shipping and tax cannot be negative');
  if (onOrder > 0) spreadDiscount(lines, onOrder, listed);
  const subtotalMinor = listed - discountMinor;
  const totalMinor = subtotalMinor + shippingMinor + taxMinor;
  const paid = wanted.status === 'paid';
  const number = store.newOrderNumber();
  const order: SandboxOrder = {
    id: store.newId('order'),
    name: `#${number}`,
    number,
    customerId: customer?.id ?? null,
    email: customer ? customer.email : (wanted.email ?? null),
    createdAt: now,
    processedAt,
    updatedAt: laterThan(null, store),
    cancelledAt: null,
    cancelReason: null,
    test: wanted.test,
    confirmed: true,
    financialStatus: paid ? 'PAID' : wanted.status === 'pending' ? 'PENDING' : 'AUTHORIZED',
    fulfillmentStatus: 'UNFULFILLED',
    currency: store.shop.currency,
    presentmentCurrency: store.shop.currency,
    presentmentRate: 1,
    subtotalMinor,
    shippingMinor,
    taxMinor,
    discountMinor,
    tipMinor: 0,
    totalMinor,
    currentTotalMinor: totalMinor,
    receivedMinor: paid ? totalMinor : 0,
    refundedMinor: 0,
    outstandingMinor: paid ? 0 : totalMinor,
    sourceName: wanted.sourceName,
    tags: normalTags(wanted.tags),
    discountCodes: codesOf(wanted),
    ...(wanted.discountApplications ? { discountApplications: wanted.discountApplications } : {}),
    note: wanted.note ?? null,
    company: wanted.company,
    journey: null,
    lines,
    refunds: [],
  };
  return asOneAction(store, () => {
    store.putOrder(order);
    store.emit({ kind: 'order_created', orderId: order.id });
    if (paid) store.emit({ kind: 'order_paid', orderId: order.id });
    touchBuyer(store, order.customerId);
    return order;
  });
}
