/**
 * An order as the GraphQL API and bulk results write it (fragments OrderFacts and LineFacts). A bulk result
 * sends the lines apart: `orderFromNode` is then given none, and each line is read by `orderLineFromNode`.
 */
import { z } from 'zod';
import { minorOf } from '../../money.ts';
import type { OrderFact, OrderLineFact, Visit } from '../facts.ts';
import { orderCore, orderLocation, readGroup } from './order-groups.ts';
import type { NodeOutcome } from './outcome.ts';
import { readNode } from './read-node.ts';
import {
  gid, instant, instantOrNull, shopMoney, tagList, text, textOrEmpty, textOrNull, wholeNumber, wordOrNull, type ReadTimes,
} from './wire.ts'; // prettier-ignore

const lineSchema = z.object({
  id: gid('LineItem'),
  title: textOrEmpty,
  sku: textOrNull,
  vendor: textOrNull,
  quantity: wholeNumber,
  currentQuantity: wholeNumber,
  isGiftCard: z.boolean().nullish(),
  sellingPlan: z.object({}).nullish(),
  product: z.object({ id: gid('Product') }).nullish(),
  variant: z.object({ id: gid('ProductVariant') }).nullish(),
  originalTotalSet: shopMoney,
  discountedTotalSet: shopMoney,
});

const visit = z.object({
  source: textOrNull,
  utmParameters: z
    .object({
      source: textOrNull,
      medium: textOrNull,
      campaign: textOrNull,
      content: textOrNull,
      term: textOrNull,
    })
    .nullish(),
});

const orderSchema = z.object({
  id: gid('Order'),
  name: textOrEmpty,
  createdAt: instant,
  processedAt: instant,
  updatedAt: instant,
  cancelledAt: instantOrNull,
  test: z.boolean(),
  displayFinancialStatus: wordOrNull,
  currencyCode: text,
  presentmentCurrencyCode: textOrNull,
  sourceName: textOrNull,
  tags: tagList,
  discountCodes: z.array(text),
  customer: z.object({ id: gid('Customer') }).nullable(),
  purchasingEntity: z.object({ __typename: z.string() }).nullish(),
  totalPriceSet: shopMoney,
  currentTotalPriceSet: shopMoney,
  currentSubtotalPriceSet: shopMoney,
  currentTotalTaxSet: shopMoney,
  currentShippingPriceSet: shopMoney,
  totalDiscountsSet: shopMoney.nullish(),
  totalRefundedSet: shopMoney,
  netPaymentSet: shopMoney,
  customerJourneySummary: z
    .object({ ready: z.boolean(), firstVisit: visit.nullish(), lastVisit: visit.nullish() })
    .nullish(),
  attribution: z.object({ displayName: textOrNull }).nullish(),
  app: z.object({ name: textOrNull }).nullish(),
  returnStatus: wordOrNull,
  disputes: z.array(z.object({ initiatedAs: wordOrNull, status: wordOrNull })).nullish(),
  /** Not there: the read was not allowed to see it. */
  retailLocation: z.object({ id: gid('Location'), name: textOrEmpty }).nullish(),
  refunds: z.array(z.object({ id: gid('Refund'), createdAt: instantOrNull, totalRefundedSet: shopMoney })),
});

/** Asked for, on its way back, or inspected but not settled. */
const OPEN_RETURNS: ReadonlySet<string> = new Set(['RETURN_REQUESTED', 'IN_PROGRESS', 'INSPECTION_COMPLETE']);
/** Accepting a chargeback gives it up. */
const LOST: ReadonlySet<string> = new Set(['LOST', 'ACCEPTED']);

function visitOf(wire: z.output<typeof visit> | null | undefined): Visit {
  const utm = wire?.utmParameters;
  return {
    source: wire?.source ?? null,
    utmSource: utm?.source ?? null,
    utmMedium: utm?.medium ?? null,
    utmCampaign: utm?.campaign ?? null,
    utmContent: utm?.content ?? null,
    utmTerm: utm?.term ?? null,
  };
}

/** One line. @param currency the shop's ("shop money") */
export function orderLineFromNode(node: unknown, currency: string): NodeOutcome<OrderLineFact> {
  return readNode('order line', lineSchema, node, (wire) => ({
    id: wire.id,
    productId: wire.product?.id ?? null,
    variantId: wire.variant?.id ?? null,
    title: wire.title,
    sku: wire.sku,
    vendor: wire.vendor,
    quantity: wire.quantity,
    currentQuantity: wire.currentQuantity,
    totalMinor: minorOf(wire.originalTotalSet, currency),
    discountedMinor: minorOf(wire.discountedTotalSet, currency),
    giftCard: wire.isGiftCard ?? false,
    ...(wire.sellingPlan && { sellingPlan: true }),
  }));
}

/** An order with those of its lines that are there: all of them, or none when they come apart. */
export function orderFromNode(
  node: unknown,
  lines: readonly OrderLineFact[],
  times: ReadTimes,
): NodeOutcome<OrderFact> {
  return readNode('order', orderSchema, node, (wire) => {
    const minor = (amount: string | null | undefined) => minorOf(amount ?? '0', wire.currencyCode);
    const journey = wire.customerJourneySummary;
    return {
      kind: 'order',
      id: wire.id,
      core: orderCore(
        {
          name: wire.name,
          customerId: wire.customer?.id ?? null,
          createdAt: new Date(wire.createdAt),
          processedAt: new Date(wire.processedAt),
          cancelledAt: wire.cancelledAt === null ? null : new Date(wire.cancelledAt),
          test: wire.test,
          financialStatus: wire.displayFinancialStatus,
          currency: wire.currencyCode,
          presentmentCurrency: wire.presentmentCurrencyCode,
          totalMinor: minor(wire.totalPriceSet),
          currentTotalMinor: minor(wire.currentTotalPriceSet),
          netPaymentMinor: minor(wire.netPaymentSet),
          refundedMinor: minor(wire.totalRefundedSet),
          subtotalMinor: minor(wire.currentSubtotalPriceSet),
          taxMinor: minor(wire.currentTotalTaxSet),
          shippingMinor: minor(wire.currentShippingPriceSet),
          discountMinor: minor(wire.totalDiscountsSet),
          companyOrder: wire.purchasingEntity?.__typename === 'PurchasingCompany',
          sourceName: wire.sourceName,
          tags: wire.tags,
          discountCodes: wire.discountCodes,
          lines: [...lines],
          refunds: wire.refunds.map((refund) => ({
            id: refund.id,
            createdAt: new Date(refund.createdAt ?? wire.updatedAt),
            refundedMinor: minor(refund.totalRefundedSet),
          })),
        },
        wire.updatedAt,
        times.startedAt,
      ),
      ...(journey?.ready && {
        journey: readGroup<'journey'>(
          { first: visitOf(journey.firstVisit), last: visitOf(journey.lastVisit) },
          times,
        ),
      }),
      ...(wire.app !== undefined && {
        channel: readGroup<'channel'>(
          { name: wire.attribution?.displayName ?? wire.app?.name ?? null },
          times,
        ),
      }),
      ...(wire.disputes && {
        care: readGroup<'care'>(
          {
            returnOpen: OPEN_RETURNS.has(wire.returnStatus ?? ''),
            disputeLost: wire.disputes.some(
              ({ initiatedAs, status }) => initiatedAs === 'CHARGEBACK' && LOST.has(status ?? ''),
            ),
          },
          times,
        ),
      }),
      ...(wire.retailLocation !== undefined && {
        location: {
          ...orderLocation(wire.retailLocation?.id ?? null, wire.updatedAt, times.startedAt),
          ...(wire.retailLocation && {
            name: { text: wire.retailLocation.name, readAt: new Date(times.startedAt) },
          }),
        },
      }),
      ...(lines.some((line) => line.sellingPlan) && { sellingPlan: true }),
    };
  });
}
