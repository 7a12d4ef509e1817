/** Offers of one segment, for its page. */
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { OfferList, type ShownOffer } from './offer-list.tsx';

export function OfferSection({
  segmentKey,
  live,
  offers,
  currency,
}: {
  segmentKey: string;
  live: boolean;
  offers: readonly ShownOffer[];
  currency: string;
}) {
  return (
    <BlockStack gap="300">
      <Card>
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              Offers
            </Text>
            {live ? <Button url={`/app/offers/edit?segment=${segmentKey}`}>Make an offer</Button> : null}
          </InlineStack>
          {offers.length === 0 ? (
            <Text as="p" tone="subdued">
              {live
                ? 'A discount for the people in this segment, given when they enter.'
                : 'Turn the segment on first: an offer goes to the people who are in it.'}
            </Text>
          ) : null}
        </BlockStack>
      </Card>
      <OfferList offers={offers} currency={currency} withSegment={false} />
    </BlockStack>
  );
}
