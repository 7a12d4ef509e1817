/**
 * The offers that one discount serves, as the app writes them into its metafield `$app` / `offers`:
 *
 *   { "offers": [ { "tag": "regulars-offer-best", "title": "Best customers 15 %", "kind": "percentage",
 *                   "percent": 15, "on": { "all": true }, "until": "2026-12-06" } ] }
 *
 * Money is a decimal string in the shop's currency; days are the shop's local dates, both ends included. The tags
 * and collections that the input queries ask about are in the metafield `$app` / `offer-variables`.
 */
export type OfferItems = { all: true } | { products: string[] } | { collections: string[] };

interface OfferBase {
  /** Who holds the offer: customers with this tag. */
  tag: string;
  /** Shown in cart and checkout. */
  title: string;
  from?: string;
  until?: string;
  /** Of the items that the offer is on, before any discount. */
  minimum?: { subtotal: string } | { quantity: number };
}

export type Offer = OfferBase &
  (
    | { kind: 'percentage'; percent: number; on: OfferItems }
    | { kind: 'amount'; amount: string; on: OfferItems }
    | {
        kind: 'buy_x_get_y';
        buy: { quantity: number; on: OfferItems };
        get: { quantity: number; percent: number; on: OfferItems };
        /** How often in one order; without it as often as the cart allows. */
        usesPerOrder?: number;
      }
    | { kind: 'free_shipping' }
  );

/**
 * The offers of the metafield with one of these tags; those that are not well formed are left out, so that one of them
 * cannot take the others away (the app checks them before it writes; this is the second wall).
 * @param tags in lower case
 */
export function readOffers(value: unknown, tags: ReadonlySet<string>): Offer[] {
  const offers: unknown = isRecord(value) ? value['offers'] : undefined;
  if (!Array.isArray(offers)) return [];
  return offers.filter((offer: unknown) => isHeld(offer, tags)).filter(isOffer);
}

function isHeld(value: unknown, tags: ReadonlySet<string>): boolean {
  return isRecord(value) && isText(value['tag']) && tags.has(value['tag'].toLowerCase());
}

function isOffer(value: unknown): value is Offer {
  if (!isRecord(value) || !isText(value['title'])) return false;
  if (!isOptional(value['from'], isText) || !isOptional(value['until'], isText)) return false;
  if (!isOptional(value['minimum'], isMinimum)) return false;
  switch (value['kind']) {
    case 'percentage':
      return isPercent(value['percent']) && isItems(value['on']);
    case 'amount':
      return isAmount(value['amount']) && isItems(value['on']);
    case 'buy_x_get_y': {
      const { buy, get, usesPerOrder } = value;
      return (
        isRecord(buy) && isQuantity(buy['quantity']) && isItems(buy['on']) &&
        isRecord(get) && isQuantity(get['quantity']) && isPercent(get['percent']) && isItems(get['on']) &&
        isOptional(usesPerOrder, isQuantity)
      ); // prettier-ignore
    }
    case 'free_shipping':
      return true;
    default:
      return false;
  }
}

function isItems(value: unknown): value is OfferItems {
  if (!isRecord(value)) return false;
  return value['all'] === true || isTexts(value['products']) || isTexts(value['collections']);
}

function isMinimum(value: unknown): boolean {
  return isRecord(value) && (isAmount(value['subtotal']) || isQuantity(value['quantity']));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isPercent = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= 100;
const isQuantity = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
const isAmount = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{1,15}(\.\d{1,4})?$/.test(value) && Number(value) > 0;
const isOptional = (value: unknown, check: (value: unknown) => boolean) =>
  value === undefined || check(value);
