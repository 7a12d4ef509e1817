import type { CartLine } from './input.ts';
import type { OfferItems } from './offer.ts';

/** The lines that an offer is on. Gift cards are money, not goods: no offer is on them. */
export function linesOn(items: OfferItems, lines: readonly CartLine[]): CartLine[] {
  return lines.filter((line) => !isGiftCard(line) && isOn(items, line));
}

export function isGiftCard({ merchandise }: CartLine): boolean {
  return merchandise.__typename === 'ProductVariant'
    ? merchandise.product.isGiftCard
    : merchandise.isGiftCard;
}

/** Before discounts, in the customer's currency. */
export function subtotalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * priceOf(line), 0);
}

export function quantityOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Of one piece. */
export function priceOf(line: CartLine): number {
  return Number(line.cost.amountPerQuantity.amount);
}

function isOn(items: OfferItems, { merchandise }: CartLine): boolean {
  if ('all' in items) return true;
  if (merchandise.__typename !== 'ProductVariant') return false;
  const { id, inCollections } = merchandise.product;
  if ('products' in items) return items.products.includes(id);
  return inCollections.some(
    ({ collectionId, isMember }) => isMember && items.collections.includes(collectionId),
  );
}
