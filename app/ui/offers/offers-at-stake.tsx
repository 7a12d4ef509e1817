/** On the review of a change: the offers of the segments that it touches, and the most they can cost then. */
import { Banner, List } from '@shopify/polaris';
import { countOf, formatMinor } from '../format.ts';

export interface ShownStake {
  id: string;
  name: string;
  segmentName: string;
  members: number;
  mostMinor: string;
}

export function OffersAtStake({ offers, currency }: { offers: readonly ShownStake[]; currency: string }) {
  if (offers.length === 0) return null;
  return (
    <Banner tone="warning" title="There is an offer on what this changes">
      <List>
        {offers.map((offer) => (
          <List.Item key={offer.id}>
            {offer.name}, for {offer.segmentName}: {countOf(offer.members, 'person', 'people')} in the segment
            then. Most this can cost if all of them have it: {formatMinor(offer.mostMinor, currency)}. Who
            comes in by this change does not get it by itself; you can give it on the offer’s page.
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
