/**
 * The order topics. Amounts are decimal text in the shop's currency. Received less refunded is not among the
 * fields: it is what the order costs now less what is still to be paid.
 */
import { z } from 'zod';
import { minorOf } from '../../money.ts';
import type { OrderLineFact, OrderRefundFact } from '../facts.ts';
import { orderCore, orderLocation } from './order-groups.ts';
import type { Normalised } from './outcome.ts';
import { read, type MessageTimes } from './read-message.ts';
import {
  decimal, instant, instantOrNull, numericId, tagList, text, textOrEmpty, textOrNull, wholeNumber, wordOrNull,
} from './wire.ts'; // prettier-ignore

export const ORDER_FIELDS = [
  'id', 'updated_at', 'name', 'created_at', 'processed_at', 'cancelled_at', 'test', 'financial_status', 'currency',
  'presentment_currency', 'total_price', 'current_total_price', 'total_outstanding', 'current_subtotal_price',
  'current_total_tax', 'current_shipping_price_set.shop_money.amount', 'total_discounts', 'source_name', 'tags',
  'discount_codes.code', 'location_id', 'company.id', 'customer.id', 'total_price_set.presentment_money.amount',
  'line_items.id', 'line_items.product_id', 'line_items.variant_id', 'line_items.title', 'line_items.sku',
  'line_items.vendor', 'line_items.quantity', 'line_items.current_quantity', 'line_items.price',
  'line_items.gift_card', 'line_items.discount_allocations.amount',
  'refunds.id', 'refunds.created_at', 'refunds.transactions.kind', 'refunds.transactions.status',
  'refunds.transactions.amount', 'refunds.transactions.currency',
] as const; // prettier-ignore

const lineSchema = z.object({
  id: numericId,
  product_id: numericId.nullish(),
  variant_id: numericId.nullish(),
  title: textOrEmpty,
  sku: textOrNull,
  vendor: textOrNull,
  quantity: wholeNumber,
  current_quantity: wholeNumber.nullish(),
  price: decimal,
  gift_card: z.boolean().nullish(),
  discount_allocations: z.array(z.object({ amount: decimal })).nullish(),
});

const refundSchema = z.object({
  id: numericId,
  created_at: instant,
  transactions: z
    .array(
      z.object({ kind: text, status: z.string().nullish(), amount: decimal, currency: z.string().nullish() }),
    )
    .nullish(),
});

const orderSchema = z.object({
  id: numericId,
  name: textOrEmpty,
  created_at: instant,
  processed_at: instantOrNull,
  updated_at: instant,
  cancelled_at: instantOrNull,
  test: z.boolean().nullish(),
  financial_status: wordOrNull,
  currency: text,
  presentment_currency: textOrNull,
  total_price: decimal,
  current_total_price: decimal,
  total_outstanding: decimal,
  current_subtotal_price: decimal.nullish(),
  current_total_tax: decimal.nullish(),
  current_shipping_price_set: z.object({ shop_money: z.object({ amount: decimal }) }).nullish(),
  total_discounts: decimal.nullish(),
  total_price_set: z.object({ presentment_money: z.object({ amount: decimal }) }).nullish(),
  source_name: textOrNull,
  location_id: numericId.nullish(),
  tags: tagList.nullish(),
  discount_codes: z.array(z.object({ code: text })).nullish(),
  company: z.object({}).nullish(),
  // A guest's order has no customer, or null: both mean nobody.
  customer: z.object({ id: numericId }).nullish(),
  line_items: z.array(lineSchema),
  refunds: z.array(refundSchema).nullish(),
});

type WireOrder = z.output<typeof orderSchema>;

const POS_SOURCE = 'pos';

/** orders/create, orders/updated, orders/cancelled: the order as it was at that moment. */
export function orderFromWebhook(body: unknown, times: MessageTimes): Normalised {
  return read('order', orderSchema, body, (wire) => {
    const minor = (amount: string | null | undefined) => minorOf(amount ?? '0', wire.currency);
    const refunds = (wire.refunds ?? []).map((refund) => refundOf(refund, wire));
    return [
      {
        kind: 'order',
        id: wire.id,
        core: orderCore(
          {
            name: wire.name,
            customerId: wire.customer?.id ?? null,
            createdAt: new Date(wire.created_at),
            processedAt: new Date(wire.processed_at ?? wire.created_at),
            cancelledAt: wire.cancelled_at === null ? null : new Date(wire.cancelled_at),
            test: wire.test ?? false,
            financialStatus: wire.financial_status,
            currency: wire.currency,
            presentmentCurrency: wire.presentment_currency,
            totalMinor: minor(wire.total_price),
            currentTotalMinor: minor(wire.current_total_price),
            netPaymentMinor: minor(wire.current_total_price) - minor(wire.total_outstanding),
            refundedMinor: refunds.reduce((sum, refund) => sum + refund.refundedMinor, 0n),
            subtotalMinor: minor(wire.current_subtotal_price),
            taxMinor: minor(wire.current_total_tax),
            shippingMinor: minor(wire.current_shipping_price_set?.shop_money.amount),
            discountMinor: minor(wire.total_discounts),
            companyOrder: (wire.company ?? null) !== null,
            sourceName: wire.source_name,
            tags: wire.tags ?? [],
            discountCodes: (wire.discount_codes ?? []).map((discount) => discount.code),
            lines: wire.line_items.map((line) => lineOf(line, wire.currency)),
            refunds,
          },
          wire.updated_at,
          times.triggeredAt ?? wire.updated_at,
        ),
        location: orderLocation(
          // Orders of the online store may name the location that sends the parcel.
          wire.source_name === POS_SOURCE ? (wire.location_id ?? null) : null,
          wire.updated_at,
          times.triggeredAt ?? wire.updated_at,
        ),
      },
      { kind: 'reread', object: 'order', id: wire.id, reason: 'visits and channel', when: 'reads' },
    ];
  });
}

function lineOf(line: z.output<typeof lineSchema>, currency: string): OrderLineFact {
  const totalMinor = minorOf(line.price, currency) * BigInt(line.quantity);
  const discounts = line.discount_allocations ?? [];
  return {
    id: line.id,
    productId: line.product_id ?? null,
    variantId: line.variant_id ?? null,
    title: line.title,
    sku: line.sku,
    vendor: line.vendor,
    quantity: line.quantity,
    currentQuantity: line.current_quantity ?? line.quantity,
    totalMinor,
    discountedMinor: discounts.reduce((rest, { amount }) => rest - minorOf(amount, currency), totalMinor),
    giftCard: line.gift_card ?? false,
  };
}

/** A refund's money is in its successful refund transactions, in the currency that the customer paid with. */
function refundOf(refund: z.output<typeof refundSchema>, order: WireOrder): OrderRefundFact {
  const paid = (refund.transactions ?? []).filter(
    ({ kind, status }) => kind === 'refund' && (status ?? 'success') === 'success',
  );
  return {
    id: refund.id,
    createdAt: new Date(refund.created_at),
    refundedMinor: paid.reduce(
      (sum, { amount, currency }) => sum + inShopMoney(amount, currency ?? order.currency, order),
      0n,
    ),
  };
}

/** Converts at the order's own rate: its total in the one currency against its total in the other. */
function inShopMoney(amount: string, currency: string, order: WireOrder): bigint {
  const minor = minorOf(amount, currency);
  const presentment = order.total_price_set?.presentment_money.amount;
  if (currency === order.currency || presentment === undefined) return minor;
  const total = minorOf(presentment, currency);
  if (total <= 0n) return minor;
  return (minor * minorOf(order.total_price, order.currency) + total / 2n) / total;
}

export const ORDER_EDITED_FIELDS = ['order_edit.order_id', 'order_edit.committed_at', 'updated_at'] as const;
const orderEditedSchema = z.object({ order_edit: z.object({ order_id: numericId }) });

/** orders/edited names the order, not its new state. */
export function orderEditedFromWebhook(body: unknown): Normalised {
  return read('order edit', orderEditedSchema, body, (wire) => [
    { kind: 'reread', object: 'order', id: wire.order_edit.order_id, reason: 'order edited' },
  ]);
}

export const REFUND_FIELDS = ['id', 'order_id', 'created_at', 'updated_at'] as const;
const refundMessageSchema = z.object({ order_id: numericId });

/** refunds/create names the order, not its new state. */
export function refundFromWebhook(body: unknown): Normalised {
  return read('refund', refundMessageSchema, body, (wire) => [
    { kind: 'reread', object: 'order', id: wire.order_id, reason: 'order refunded' },
  ]);
}
