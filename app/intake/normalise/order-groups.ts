/** The field groups of an order, stamped alike whatever shape they came in. */
import { AppError } from '../../app-error.ts';
import type { OrderCore, OrderFact, OrderLineFact, ShopifyId, Stamp } from '../facts.ts';
import { stampOf } from '../stamp.ts';
import type { ReadTimes } from './wire.ts';

const byId = (a: { id: string }, b: { id: string }): number =>
  a.id.length - b.id.length || (a.id < b.id ? -1 : Number(a.id > b.id));

/** Everything but the stamp and what follows from the lines. */
export type OrderContent = Omit<OrderCore, 'stamp' | 'updatedAt' | 'giftCardMinor' | 'staffCreated'>;

/** Shopify's source name of an order that staff made as a draft, by hand or through an app. */
const DRAFT_SOURCE = 'shopify_draft_order';

export function orderCore(
  content: OrderContent,
  updatedAt: Date | string,
  triggeredAt: Date | string,
): OrderCore {
  const whole = {
    ...content,
    tags: [...content.tags].sort(),
    discountCodes: [...content.discountCodes].sort(),
    staffCreated: content.sourceName === DRAFT_SOURCE,
    // What only one of the shapes says is no part of what both say.
    lines: content.lines.map(({ sellingPlan: _, ...line }) => line).sort(byId),
    refunds: [...content.refunds].sort(byId),
    giftCardMinor: giftCardMinorOf(content.lines),
  };
  if (![whole, ...whole.lines, ...whole.refunds].every(fitsTheDatabase)) {
    throw new AppError('bad_payload', 'An amount of money is too large to be one.');
  }
  return { ...whole, updatedAt: new Date(updatedAt), stamp: stampOf(updatedAt, triggeredAt, whole) };
}

const MAX_MINOR = 10n ** 16n;

/** Sums over an order's lines and over a customer's orders must stay within 64 bits. */
function fitsTheDatabase(row: object): boolean {
  return Object.values(row).every(
    (value) => typeof value !== 'bigint' || (value < MAX_MINOR && value > -MAX_MINOR),
  );
}

/**
 * Gift cards bought in an order are not revenue yet. Those returned are no longer in what was received less
 * refunded, so only what is left of a line is taken off. (SQL does the same for loose lines.)
 */
export function giftCardMinorOf(lines: readonly OrderLineFact[]): bigint {
  let minor = 0n;
  for (const line of lines) {
    if (!line.giftCard || line.quantity <= 0) continue;
    const quantity = BigInt(line.quantity);
    minor += (line.discountedMinor * BigInt(line.currentQuantity) + quantity / 2n) / quantity;
  }
  return minor;
}

type ReadGroup = 'journey' | 'channel' | 'care';

/** A group that only reads carry: its time is the read's. */
export function readGroup<K extends ReadGroup>(
  content: Omit<NonNullable<OrderFact[K]>, 'stamp'>,
  { readAt, startedAt }: ReadTimes,
): Omit<NonNullable<OrderFact[K]>, 'stamp'> & { stamp: Stamp } {
  return { ...content, stamp: stampOf(readAt, startedAt, content) };
}

/** Where it was sold in person. */
export function orderLocation(
  locationId: ShopifyId | null,
  updatedAt: Date | string,
  triggeredAt: Date | string,
): NonNullable<OrderFact['location']> {
  return { locationId, stamp: stampOf(updatedAt, triggeredAt, { locationId }) };
}
