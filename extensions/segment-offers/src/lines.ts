import type { CartLine } from './input.ts';
import { microsOf } from './money.ts';
import type { OfferItems } from './offer.ts';

/** A line that offers can be on, read once for all of them. Money in millionths of the customer's currency. */
export interface PricedLine {
  id: string;
  quantity: number;
  /** Of one piece, before discounts. */
  price: bigint;
  total: bigint;
  productId: string | null;
  /** Of the collections that were asked about. */
  collections: string[];
}

/** Gift cards are money, not goods: no offer is on them, nor on a line without pieces. */
export function priceLines(lines: readonly CartLine[]): PricedLine[] {
  const priced: PricedLine[] = [];
  for (const line of lines) {
    const { id, quantity, cost, merchandise } = line;
    if (quantity <= 0 || isGiftCard(line)) continue;
    const price = microsOf(cost.amountPerQuantity.amount);
    const product = merchandise.__typename === 'ProductVariant' ? merchandise.product : null;
    const collections: string[] = [];
    for (const one of product?.inCollections ?? []) if (one.isMember) collections.push(one.collectionId);
    const total = price * BigInt(quantity);
    priced.push({ id, quantity, price, total, productId: product?.id ?? null, collections });
  }
  return priced;
}

export function isGiftCard({ merchandise }: CartLine): boolean {
  return merchandise.__typename === 'ProductVariant'
    ? merchandise.product.isGiftCard
    : merchandise.isGiftCard;
}

/** The lines that an offer is on. */
export function linesOn(items: OfferItems, lines: readonly PricedLine[]): readonly PricedLine[] {
  if ('all' in items) return lines;
  if ('products' in items) {
    return lines.filter(({ productId }) => productId !== null && items.products.includes(productId));
  }
  return lines.filter(({ collections }) => collections.some((id) => items.collections.includes(id)));
}

export function subtotalOf(lines: readonly PricedLine[]): bigint {
  let sum = 0n;
  for (const { total } of lines) sum += total;
  return sum;
}

export function quantityOf(lines: readonly PricedLine[]): number {
  let sum = 0;
  for (const { quantity } of lines) sum += quantity;
  return sum;
}

/** As "buy X, get Y" gives them. */
export function cheapestFirst(lines: readonly PricedLine[]): PricedLine[] {
  return [...lines].sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : a.id < b.id ? -1 : 1));
}
