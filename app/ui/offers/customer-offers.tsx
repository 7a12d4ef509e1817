/** The offers of one customer: held, with the way to take one away; had, with why no more; given back when it was taken by hand. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Link, Text } from '@shopify/polaris';
import type { CustomerOffer } from '../../activation/offers/read-customer-offers.server.ts';
import { formatDay, formatInstant } from '../format.ts';

type Shown = Omit<CustomerOffer, 'since' | 'endedAt'> & {
  since: string | Date;
  endedAt: string | Date | null;
};

const ENDED: Readonly<Record<string, string>> = {
  used: 'Used with an order',
  left: 'Ended: left the segment by something of their own doing',
  lapsed: 'Ended some days after they had left the segment',
  hand: 'Taken away by hand',
  excluded: 'Ended: named “never in”, or left out',
  gone: 'Ended: the customer is gone',
  offer: 'The offer has ended',
};

function heldWords({ byHand, since, until, endsOn, state, tagOff }: Shown, timeZone: string): string {
  return [
    `${byHand ? 'Given by its tag in Shopify, since' : 'Since'} ${formatInstant(since, timeZone)}.`,
    until === null
      ? `Until ${formatDay(endsOn)} at the latest.`
      : `Has left the segment and keeps it until ${formatDay(until)}.`,
    ...(state === 'paused' ? ['The offer is paused.'] : []),
    ...(tagOff ? ['Its tag was taken off in Shopify, so they do not get the discount.'] : []),
  ].join(' ');
}

function endedWords({ endCause, endedAt, since }: Shown, timeZone: string): string {
  return `${ENDED[endCause ?? 'offer'] ?? 'Ended'}, ${formatInstant(endedAt ?? since, timeZone)}.`;
}

export function CustomerOffers({ offers, timeZone }: { offers: readonly Shown[]; timeZone: string }) {
  const busy = useNavigation().formMethod === 'POST';
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Offers
        </Text>
        {offers.map((offer) => {
          const held = offer.endedAt === null;
          const back = offer.endCause === 'hand' && offer.state !== 'ended';
          return (
            <BlockStack gap="100" key={offer.offerId}>
              <Text as="p">
                <Link url={`/app/offers/${offer.offerId}`}>{offer.name}</Link>
              </Text>
              <Text as="p" tone="subdued">
                {held ? heldWords(offer, timeZone) : endedWords(offer, timeZone)}
              </Text>
              {held || back ? (
                <Form method="post">
                  <input type="hidden" name="offer" value={offer.offerId} />
                  <input type="hidden" name="step" value={held ? 'take' : 'give_back'} />
                  <InlineStack>
                    <Button
                      submit
                      loading={busy}
                      {...(held ? { tone: 'critical' as const } : {})}
                      accessibilityLabel={
                        held ? `Take it away: ${offer.name}` : `Give it back: ${offer.name}`
                      }
                    >
                      {held ? 'Take it away' : 'Give it back'}
                    </Button>
                  </InlineStack>
                </Form>
              ) : null}
            </BlockStack>
          );
        })}
      </BlockStack>
    </Card>
  );
}
