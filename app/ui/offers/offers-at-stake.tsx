/** On the review of a change: the offers of the segments that it touches, and the most they can cost then. */
import { Banner, List } from '@shopify/polaris';
import type { OfferAtStake } from '../../activation/offers/offers-at-stake.server.ts';
import { countOf, formatMinor } from '../format.ts';

export function OffersAtStake({ offers, currency }: { offers: readonly OfferAtStake[]; currency: string }) {
  if (offers.length === 0) return null;
  return (
    <Banner tone="warning" title="There is an offer on what this changes">
      <List>
        {offers.map((offer) => (
          <List.Item key={offer.id}>
            {`${offer.name}, for ${offer.segmentName}: ${offer.endsFor === null ? goesOn(offer, currency) : ends(offer.endsFor)}`}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}

function goesOn({ members, mostMinor }: OfferAtStake, currency: string): string {
  return `${countOf(members, 'person', 'people')} in the segment then. Most this can cost if all of them have it: ${formatMinor(mostMinor, currency)}. Who comes in by this change does not get it by itself; you can give it on the offer’s page.`;
}

function ends(people: number): string {
  return people === 0
    ? 'it ends. Nobody holds it now.'
    : `it ends. ${countOf(people, 'person', 'people')} who ${people === 1 ? 'holds' : 'hold'} it ${people === 1 ? 'loses' : 'lose'} its discount.`;
}
