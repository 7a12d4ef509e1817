/**
 * refunds/create, and the refunds inside an order. Money that no returned line explains is a
 * "refund discrepancy" adjustment, as at Shopify.
 */
import type { SandboxOrder, SandboxRefund, SandboxShop } from '../../store/model.ts';
import { linePayload } from './line-payload.ts';
import { gid, moneySet, presentmentMoney, wireId, wireMoney, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

function refundTransaction(order: SandboxOrder, refund: SandboxRefund, shop: SandboxShop): Wire {
  const zero = { amount: wireMoney(0, order.currency), currency: order.currency };
  return {
    id: wireId(refund.id),
    order_id: wireId(order.id),
    kind: 'refund',
    gateway: 'bogus',
    status: 'success',
    message: refund.note,
    created_at: wireTime(refund.createdAt, shop.ianaTimezone),
    test: order.test,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: null,
    processed_at: wireTime(refund.processedAt, shop.ianaTimezone),
    device_id: null,
    error_code: null,
    source_name: order.sourceName,
    receipt: {},
    // A payment goes back in the currency in which it came.
    amount: presentmentMoney(refund.totalMinor, order),
    currency: order.presentmentCurrency,
    payment_id: `${order.name}.1`,
    total_unsettled_set: { presentment_money: zero, shop_money: zero },
    manual_payment_gateway: false,
    amount_rounding: null,
    admin_graphql_api_id: gid('OrderTransaction', refund.id),
  };
}

/** One refund of an order. */
export function refundPayload(order: SandboxOrder, refund: SandboxRefund, shop: SandboxShop): Wire {
  const zeroSet = moneySet(0, order);
  const explained = refund.lines.reduce((sum, line) => sum + line.subtotalMinor, 0);
  const discrepancy = refund.totalMinor - explained;
  return {
    id: wireId(refund.id),
    order_id: wireId(order.id),
    created_at: wireTime(refund.createdAt, shop.ianaTimezone),
    note: refund.note,
    user_id: null,
    processed_at: wireTime(refund.processedAt, shop.ianaTimezone),
    duties: [],
    total_duties_set: zeroSet,
    return: null,
    refund_shipping_lines: [],
    restock: refund.lines.length > 0,
    admin_graphql_api_id: gid('Refund', refund.id),
    order_adjustments:
      discrepancy === 0
        ? []
        : [
            {
              id: wireId(refund.id),
              order_id: wireId(order.id),
              refund_id: wireId(refund.id),
              amount: wireMoney(-discrepancy, order.currency),
              tax_amount: wireMoney(0, order.currency),
              kind: 'refund_discrepancy',
              reason: 'Refund discrepancy',
              amount_set: moneySet(-discrepancy, order),
              tax_amount_set: zeroSet,
            },
          ],
    refund_line_items: refund.lines.map((returned) => {
      const line = order.lines.find((candidate) => candidate.id === returned.lineItemId);
      return {
        id: wireId(returned.id),
        quantity: returned.quantity,
        line_item_id: wireId(returned.lineItemId),
        location_id: null,
        restock_type: 'return',
        subtotal: Number(wireMoney(returned.subtotalMinor, order.currency)),
        total_tax: 0,
        subtotal_set: moneySet(returned.subtotalMinor, order),
        total_tax_set: zeroSet,
        ...(line ? { line_item: linePayload(line, order) } : {}),
      };
    }),
    transactions: refund.totalMinor > 0 ? [refundTransaction(order, refund, shop)] : [],
  };
}
