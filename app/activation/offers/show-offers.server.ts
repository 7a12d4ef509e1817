import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Offer } from './offer.ts';
import { termsWords } from './offer-words.ts';
import { readOfferStandings } from './read-offer-standing.server.ts';

/** Offers as lists show them (app/ui/offers/offer-list.tsx). */
export async function showOffers(tx: ShopTx, offers: readonly Offer[], currency: string) {
  const standings = await readOfferStandings(tx, offers.map(({ id }) => id)); // prettier-ignore
  return offers.map(({ id, name, segmentKey, segmentName, state, terms, endsOn, ...offer }) => {
    const standing = standings.get(id);
    const { holders = 0, reachable = 0, mostMinor = '0', used = 0 } = standing ?? {};
    const needsLook = state !== 'ended' && (standing?.inShopify === 'refused' || standing?.inShopify === 'edited'); // prettier-ignore
    const says = termsWords(terms, offer.currency ?? currency);
    return { id, name, segmentKey, segmentName, state, says, endsOn, holders, reachable, mostMinor, used, needsLook }; // prettier-ignore
  });
}
