/**
 * Which orders of an export are activity, which count, and what they are worth: the policy that
 * app/history/order-policy-sql.ts writes in SQL, for tools that have a file and no store. An export has no
 * mark for gift cards, tests or company buyers, so no line is a gift card and no order a test.
 */
import type { ExportOrder } from '../export/export-order.ts';

export interface CountedExportOrder {
  /** Placed and not cancelled, voided or expired. */
  activity: boolean;
  /** Paid, partly paid, partly refunded or authorised, total above zero, not fully refunded. */
  counted: boolean;
  /** Would count if its total were not exactly zero. */
  zero: boolean;
  /** Activity whose money all went back. */
  fullyRefunded: boolean;
  /** max(0, received - refunded), minor units; meaningful for counted orders only. */
  spentMinor: bigint;
}

type Judged = Pick<
  ExportOrder,
  'financialStatus' | 'cancelledAt' | 'totalMinor' | 'outstandingMinor' | 'refundedMinor'
>;

export function countExportOrder(order: Judged): CountedExportOrder {
  const { financialStatus: status, totalMinor, refundedMinor } = order;
  const activity = order.cancelledAt === null && status !== 'voided' && status !== 'expired';
  // Money that is authorised is not outstanding: it counts in full until it is captured.
  const receivedMinor = status === 'authorized' ? totalMinor : totalMinor - order.outstandingMinor;
  const allWentBack = status === 'refunded' || (receivedMinor > 0n && refundedMinor >= receivedMinor);
  const mayCount = activity && !allWentBack && status !== 'pending';
  const net = receivedMinor - refundedMinor;
  return {
    activity,
    counted: mayCount && totalMinor > 0n,
    zero: mayCount && totalMinor === 0n,
    fullyRefunded: activity && allWentBack,
    spentMinor: net > 0n ? net : 0n,
  };
}
