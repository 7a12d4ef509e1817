/**
 * A customer as the GraphQL API and bulk results write it (fragment CustomerFacts). Groups that carry no time
 * of their own have the time of the read.
 */
import { z } from 'zod';
import { minorOf } from '../../money.ts';
import type { CustomerFact } from '../facts.ts';
import { stampOf } from '../stamp.ts';
import { consent, customerAddress, customerCore, customerTags, shopifyTotals } from './customer-groups.ts';
import type { NodeOutcome } from './outcome.ts';
import { readNode } from './read-node.ts';
import { decimal, gid, instant, tagList, text, textOrNull, wordOrNull, type ReadTimes } from './wire.ts';

const nodeSchema = z.object({
  id: gid('Customer'),
  createdAt: instant,
  updatedAt: instant,
  state: wordOrNull,
  verifiedEmail: z.boolean().nullish(),
  locale: textOrNull,
  tags: tagList,
  numberOfOrders: z.union([z.int().nonnegative(), z.string().regex(/^\d{1,18}$/)]),
  amountSpent: z.object({ amount: decimal, currencyCode: text }),
  statistics: z.object({ rfmGroup: wordOrNull, predictedSpendTier: wordOrNull }).nullish(),
  productSubscriberStatus: wordOrNull,
  defaultEmailAddress: z.object({ marketingState: wordOrNull }).nullish(),
  defaultPhoneNumber: z.object({ smsMarketingConsent: z.object({ state: wordOrNull }).nullish() }).nullish(),
  defaultAddress: z
    .object({ countryCodeV2: textOrNull, provinceCode: textOrNull, city: textOrNull })
    .nullish(),
});

export function customerFromNode(node: unknown, times: ReadTimes): NodeOutcome<CustomerFact> {
  return readNode('customer', nodeSchema, node, (wire) => {
    const rfm = {
      group: wire.statistics?.rfmGroup ?? null,
      spendTier: wire.statistics?.predictedSpendTier ?? null,
      subscriber: wire.productSubscriberStatus,
    };
    return {
      kind: 'customer',
      id: wire.id,
      core: customerCore(
        {
          createdAt: new Date(wire.createdAt),
          state: wire.state,
          verifiedEmail: wire.verifiedEmail ?? null,
        },
        wire.updatedAt,
        times.startedAt,
      ),
      locale: {
        locale: wire.locale,
        stamp: stampOf(times.readAt, times.startedAt, { locale: wire.locale }),
      },
      address: customerAddress(
        {
          countryCode: wire.defaultAddress?.countryCodeV2 ?? null,
          provinceCode: wire.defaultAddress?.provinceCode ?? null,
          city: wire.defaultAddress?.city ?? null,
        },
        times,
      ),
      emailConsent: consent(wire.defaultEmailAddress?.marketingState ?? null, times),
      smsConsent: consent(wire.defaultPhoneNumber?.smsMarketingConsent?.state ?? null, times),
      shopifyTotals: shopifyTotals(
        {
          orders: BigInt(wire.numberOfOrders),
          spentMinor: minorOf(wire.amountSpent.amount, wire.amountSpent.currencyCode),
        },
        times,
      ),
      rfm: { ...rfm, stamp: stampOf(times.readAt, times.startedAt, rfm) },
      tags: customerTags(wire.tags, times),
    };
  });
}
