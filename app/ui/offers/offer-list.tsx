/** Offers, one line each: for the page of all of them and for a segment's own page. */
import { Badge, BlockStack, Card, InlineStack, Link, Text } from '@shopify/polaris';
import { STATE_WORDS } from '../../activation/offers/offer-words.ts';
import { countOf, formatDay, formatMinor } from '../format.ts';

export interface ShownOffer {
  id: string;
  name: string;
  segmentKey: string | null;
  segmentName: string;
  state: keyof typeof STATE_WORDS;
  says: string;
  endsOn: string;
  holders: number;
  reachable: number;
  mostMinor: string;
  used: number;
  needsLook: boolean;
}

export function OfferList({
  offers,
  currency,
  withSegment,
}: {
  offers: readonly ShownOffer[];
  currency: string;
  withSegment: boolean;
}) {
  // prettier-ignore
  return (
    <BlockStack gap="300">
      {offers.map((offer) => (
        <Card key={offer.id}>
          <BlockStack gap="150">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h3" variant="headingSm">
                <Link url={`/app/offers/${offer.id}`}>{offer.name}</Link>
              </Text>
              <Badge tone={offer.state === 'running' ? 'success' : undefined}>{STATE_WORDS[offer.state]}</Badge>
              {offer.needsLook ? <Badge tone="warning">Needs a look</Badge> : null}
            </InlineStack>
            <Text as="p">
              {offer.says}
              {withSegment ? `, for ${offer.segmentName}` : ''}
            </Text>
            <Text as="p" tone="subdued">
              {offer.state === 'ended'
                ? `Used ${countOf(offer.used, 'time')}.`
                : `Until ${formatDay(offer.endsOn)}. ${countOf(offer.holders, 'person holds', 'people hold')} it, ${offer.reachable} reachable by e-mail; used ${countOf(offer.used, 'time')}. Most this can cost: ${formatMinor(offer.mostMinor, currency)}.`}
            </Text>
          </BlockStack>
        </Card>
      ))}
    </BlockStack>
  );
}
