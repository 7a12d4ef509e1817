/** All offers, and the way to make one: from a segment. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Button, Card, Page } from '@shopify/polaris';
import { readAllOffers } from '../activation/offers/read-offers.server.ts';
import { showOffers } from '../activation/offers/show-offers.server.ts';
import { CardHead } from '../ui/card-head.tsx';
import { OfferList } from '../ui/offers/offer-list.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Offers · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings }) =>
    app.db.inShop(shopId, async (tx) => ({
      currency: settings.currency,
      offers: await showOffers(tx, await readAllOffers(tx), settings.currency),
    })),
  );
}

export default function Offers() {
  const { offers, currency } = useLoaderData<typeof loader>();
  return (
    <Page title="Offers" backAction={{ content: 'Use it', url: '/app/use' }}>
      <BlockStack gap="400">
        {offers.length === 0 ? (
          <Card>
            <BlockStack gap="300" inlineAlign="start">
              <CardHead title="No offer yet">
                An offer gives the people in a segment a discount, and takes it back when it is over. Open a
                segment that is on and choose “Make an offer”.
              </CardHead>
              <Button variant="primary" url="/app/segments">
                Choose a segment
              </Button>
            </BlockStack>
          </Card>
        ) : (
          <OfferList offers={offers} currency={currency} withSegment />
        )}
      </BlockStack>
    </Page>
  );
}
