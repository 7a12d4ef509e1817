/** What an offer's form is checked against: the segment, the other offers, and all discounts that the store has. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { readDiscountRows } from './discount-rows.server.ts';
import { countActiveAutomatic } from './read-store-discounts.server.ts';
import { servedSlots, slotFor } from './function-offers.ts';
import type { Offer } from './offer.ts';
import { DEFAULT_KEEP_DAYS, type OfferForm, type OfferSurroundings } from './offer-form.ts';
import { readOpenOffers } from './read-offers.server.ts';
import type { StoreDiscount } from './store-discount.ts';
import { chooseOfferWay, titleOf } from './terms.ts';
import { decimalOf } from '../../money.ts';

export interface OfferedSegment {
  id: string;
  key: string;
  name: string;
  status: string;
  members: number;
}

export async function readOfferedSegment(
  tx: ShopTx,
  which: { key: string } | { id: string },
): Promise<OfferedSegment | null> {
  const where = 'key' in which ? sql`s.key = ${which.key}` : sql`s.id = ${which.id}::bigint`;
  const { rows } = await tx.query<OfferedSegment & Record<string, unknown>>(sql`
    SELECT s.id, s.key, s.name, s.status,
           (SELECT count(*)::int FROM membership m WHERE m.shop_id = s.shop_id AND m.segment_id = s.id) AS members
      FROM segment s WHERE s.shop_id = ${tx.shopId} AND ${where}`);
  return rows[0] ?? null;
}

/** @param store all discounts of the store. @param offer the one that is changed; null: a new one */
export async function readSurroundings(
  tx: ShopTx,
  day: ShopDay,
  {
    segment,
    offer,
    store,
  }: { segment: OfferedSegment; offer: Offer | null; store: readonly StoreDiscount[] },
): Promise<OfferSurroundings & { others: StoreDiscount[] }> {
  const open = (await readOpenOffers(tx)).filter(({ id }) => id !== offer?.id);
  const rows = await readDiscountRows(tx);
  const own = new Set(rows.filter(({ offerId }) => offerId !== null && offerId === offer?.id).map(({ discountId }) => discountId)); // prettier-ignore
  const others = store.filter(({ id }) => !own.has(id));
  // Offers whose discount is not made yet count too: it will be, within the minute.
  const made = new Set(rows.flatMap(({ offerId, discountId }) => (offerId !== null && discountId !== null ? [offerId] : []))); // prettier-ignore
  const coming = open.filter(({ id, way, state }) => way === 'native' && state === 'running' && !made.has(id)).length; // prettier-ignore
  const slots = servedSlots(open, null);
  // A discount whose offers are all paused is not in force.
  const inForce = new Set(
    open.flatMap(({ slot, state }) => (slot !== null && state === 'running' ? [slot] : [])),
  );
  const isMade = (slot: number) => rows.some((row) => row.slot === slot && row.discountId !== null);
  const comingOfApp = [...inForce].filter((slot) => !isMade(slot)).length;
  const activeAutomatic = countActiveAutomatic(others) + coming + comingOfApp;
  // Alone in its discount it takes the discount's place.
  const itsPlace = offer?.way === 'function' && offer.state === 'running' && !slots.has(offer.slot ?? -1);
  const tag = offer?.tag ?? `${day.tagPrefix}offer-${segment.key}-999`;
  return {
    currency: day.currency,
    today: day.today,
    members: segment.members,
    namesTaken: open.map(({ name }) => name),
    codesTaken: others.flatMap(({ shown }) => shown.codes?.nodes.map(({ code }) => code) ?? []),
    activeAutomatic,
    servedByFunction: (draft) => {
      const served = { ...draft, id: offer?.id ?? '0', tag, title: titleOf(draft.name) };
      return itsPlace || inForce.has(slotFor(served, slots, day.currency));
    },
    suggestedWay:
      offer?.way ?? chooseOfferWay({ activeAutomatic, servedByFunction: itsPlace || inForce.size > 0 }),
    ...(offer ? { startedOn: offer.startsOn } : {}),
    others,
  };
}

/** An offer as the form shows it, to be changed; its amounts as they were given, whatever currency the shop has now. */
export function formOf(offer: Offer, currency: string): OfferForm {
  const { gives, minimum, combines, once, usageLimit } = offer.terms;
  const money = (minor: string) => decimalOf(BigInt(minor), offer.currency ?? currency);
  const items = (on: { all: true } | { products: string[] } | { collections: string[] }) =>
    'all' in on
      ? { on: 'all', items: '' }
      : 'products' in on
        ? { on: 'products', items: on.products.join(',') }
        : { on: 'collections', items: on.collections.join(',') };
  const what =
    gives.kind === 'free_shipping' ? { on: 'all', items: '' } : items(gives.kind === 'buy_x_get_y' ? gives.get.on : gives.on); // prettier-ignore
  const bought = gives.kind === 'buy_x_get_y' ? items(gives.buy.on) : { on: 'all', items: '' };
  const yes = (on: boolean) => (on ? 'yes' : '');
  return {
    name: offer.name,
    kind: gives.kind,
    percent: gives.kind === 'percentage' ? String(gives.percent) : '',
    amount: gives.kind === 'amount' ? money(gives.amountMinor) : '',
    ...what,
    buyQuantity: gives.kind === 'buy_x_get_y' ? String(gives.buy.quantity) : '2',
    buyOn: bought.on,
    buyItems: bought.items,
    getQuantity: gives.kind === 'buy_x_get_y' ? String(gives.get.quantity) : '1',
    getPercent: gives.kind === 'buy_x_get_y' ? String(gives.get.percent) : '100',
    minimumKind: minimum === undefined ? 'none' : 'quantity' in minimum ? 'quantity' : 'subtotal',
    minimum: minimum === undefined ? '' : 'quantity' in minimum ? String(minimum.quantity) : money(minimum.subtotalMinor), // prettier-ignore
    startsOn: offer.startsOn,
    endsOn: offer.endsOn,
    keepDays: String(offer.keepDays ?? DEFAULT_KEEP_DAYS),
    once: yes(once),
    usageLimit: usageLimit === undefined ? '' : String(usageLimit),
    combineProduct: yes(combines.product),
    combineOrder: yes(combines.order),
    combineShipping: yes(combines.shipping),
    way: offer.way,
    code: offer.code ?? '',
    mostHolders: offer.mostHolders === null ? '' : String(offer.mostHolders),
    mostCost: offer.mostCostMinor === null ? '' : money(offer.mostCostMinor),
    present: '',
  };
}
