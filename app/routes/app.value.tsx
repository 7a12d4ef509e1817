/** Value: what customers spent and who holds it, cohorts, where they began, and the model's report. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Page, SkeletonBodyText, SkeletonDisplayText, Text } from '@shopify/polaris';
import { setTimeout as pause } from 'node:timers/promises';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { averageMinor, formatCount, formatDay, formatMinor } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { StatCard, StatCards } from '../ui/stat-card.tsx';
import { useArrived } from '../ui/use-arrived.ts';
import { BackTestCard } from '../ui/value/back-test-card.tsx';
import { CohortsCard } from '../ui/value/cohorts-card.tsx';
import { ConcentrationCard } from '../ui/value/concentration-card.tsx';
import { DistributionCard } from '../ui/value/distribution-card.tsx';
import { ModelCard } from '../ui/value/model-card.tsx';
import { ModelState } from '../ui/value/model-state.tsx';
import { OriginsCard } from '../ui/value/origins-card.tsx';
import { channelName, formatMean } from '../ui/value/value-words.ts';
import { readFits } from '../value/read-fit.server.ts';
import { readPredictedTotals } from '../value/read-predicted-totals.server.ts';
import { readValueDistribution } from '../value/read-value-distribution.server.ts';
import { readValueOfOrders, readValueSnapshot } from '../value/value-snapshot.server.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Value · Regulars' }];

/** Buyers above which the spread of value, too, is the night's: reading all profiles takes longer than a page may. */
const LARGE_STORE = 200_000;
/** Before the first night's count, what reads every order follows the rest of the page when it takes longer than this, as in a large store. */
const PATIENCE_MS = 1_500;

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now }) => {
    const common = { currency: settings.currency, timeZone: settings.timeZone };
    // Whatever keeps what counts from being read leaves the rest of the page standing.
    const unread = (error: unknown) => {
      app.log.error({ err: error, shopId }, 'the orders of the Value page could not be read');
      return null;
    };
    const snapshot = settings.firstImportedAt
      ? await app.db
          .inShop(shopId, async (tx) => readValueSnapshot(tx, await readShopDay(tx, now)))
          .catch(unread)
      : null;
    const first = settings.firstImportedAt
      ? await app.db.inShop(shopId, async (tx) => {
          const large = snapshot?.spread && snapshot.spread.buyers > LARGE_STORE ? snapshot : null;
          return {
            store: {
              spread: large?.spread ?? (await readValueDistribution(tx)),
              predicted: large?.predicted ?? (await readPredictedTotals(tx)),
              fits: await readFits(tx),
              spreadAsOf: large?.asOf ?? null,
            },
          };
        })
      : null;
    if (!first?.store.spread) return { ...common, imported: first !== null, store: null, orders: null };
    const store = { ...first.store, spread: first.store.spread };
    if (snapshot) {
      const { asOf, current, cohorts, channels, products } = snapshot;
      return { ...common, imported: true, store, orders: { asOf, current, cohorts, channels, products } };
    }
    const orders = app.db
      .inShop(shopId, async (tx) => readValueOfOrders(tx, await readShopDay(tx, now)))
      .catch(unread);
    const early = await Promise.race([orders, pause(PATIENCE_MS, undefined, { ref: false })]);
    return { ...common, imported: true, store, orders: early === undefined ? orders : early };
  });
}

export default function Value() {
  const { imported, store, orders, currency, timeZone } = useLoaderData<typeof loader>();
  if (!store) return <NoValue imported={imported} />;
  const { spread, fits, predicted, spreadAsOf } = store;
  const fit = fits.inForce ?? fits.newest;
  // A newer fit that was refused is shown too: its figures say why.
  const refused = fits.inForce && fits.newest?.reason && fits.newest.params ? fits.newest : null;
  return (
    <Page title="Value" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        <Numbers spread={spread} predicted={predicted} asOf={fits.inForce?.asOf} currency={currency} />
        {spreadAsOf ? (
          <Text as="p" tone="subdued">
            {`What customers spent is as of ${formatDay(spreadAsOf)}: in a store of this size it is counted each night.`}
          </Text>
        ) : null}
        <DistributionCard spread={spread} currency={currency} />
        <ConcentrationCard top={spread.top} lorenz={spread.lorenz} />
        <Orders orders={orders} currency={currency} />
        <ModelState newest={fits.newest} inForce={fits.inForce} />
        {fit?.params ? <ModelCard fit={fit} timeZone={timeZone} /> : null}
        {fit?.report ? <BackTestCard {...fit.report} /> : null}
        {refused ? (
          <>
            <Text as="h2" variant="headingLg">
              {`The fit of ${formatDay(refused.asOf)} that was not put in force`}
            </Text>
            <ModelCard fit={refused} timeZone={timeZone} />
            {refused.report ? <BackTestCard {...refused.report} /> : null}
          </>
        ) : null}
      </BlockStack>
    </Page>
  );
}

type Store = NonNullable<Awaited<ReturnType<typeof loader>>['store']>;

function Numbers({
  spread,
  predicted,
  asOf,
  currency,
}: Pick<Store, 'spread' | 'predicted'> & { asOf: string | undefined; currency: string }) {
  const median = spread.percentiles.find(({ percent }) => percent === 50)?.spentMinor ?? 0;
  return (
    <StatCards>
      <StatCard
        label="Buyers"
        value={formatCount(spread.buyers)}
        help={`${formatCount(spread.repeatBuyers)} ordered again`}
      />
      <StatCard label="Spent" value={formatMinor(spread.spentMinor, currency)} help="after refunds" />
      <StatCard
        label="A buyer"
        value={formatMinor(averageMinor(spread.spentMinor, spread.buyers) ?? 0n, currency)}
        help={`on average; half spent ${formatMean(median, currency)} or less`}
      />
      {predicted && asOf ? (
        <>
          <StatCard
            label="Orders expected"
            value={formatCount(Math.round(predicted.expectedOrders))}
            help={`12 months from ${formatDay(asOf)}`}
          />
          <StatCard
            label="Spend expected"
            value={formatMinor(predicted.expectedMinor, currency)}
            help={`of those who ordered by ${formatDay(asOf)}`}
          />
        </>
      ) : null}
    </StatCards>
  );
}

/** Null: they could not be read. */
type OfOrders = NonNullable<Awaited<Awaited<ReturnType<typeof loader>>['orders']>> | null;

function Orders({ orders, currency }: { orders: OfOrders | Promise<OfOrders>; currency: string }) {
  const arrived = useArrived<OfOrders>(orders);
  if (arrived.state === 'waiting') return <Counting />;
  const read = arrived.state === 'here' ? arrived.value : null;
  if (!read) return <NotCounted />;
  return (
    <>
      <Text as="p" tone="subdued">
        {`Cohorts, channels and first products are as of ${formatDay(read.asOf)}; they are counted each night.`}
      </Text>
      <CohortsCard cohorts={read.cohorts} current={read.current} currency={currency} />
      <OriginsCard
        title="Value by first channel"
        help="Customers by the channel of their first order, and all they spent since."
        what="Channel"
        others="other channels"
        rows={read.channels}
        nameOf={channelName}
        currency={currency}
      />
      <OriginsCard
        title="Value by first product"
        help="Customers by the product that made most of their first order, and all they spent since."
        what="Product"
        others="other products"
        rows={read.products}
        nameOf={(title) => title ?? 'Not known'}
        currency={currency}
      />
    </>
  );
}

function Counting() {
  return (
    <Card>
      <div className="rg-counting" role="status" aria-label="Cohorts are being counted">
        <BlockStack gap="400">
          <SkeletonDisplayText size="small" />
          <SkeletonBodyText lines={12} />
        </BlockStack>
      </div>
    </Card>
  );
}

function NotCounted() {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Cohorts could not be counted
        </Text>
        <Text as="p">Reading all orders took too long or failed. Load the page again in a minute.</Text>
      </BlockStack>
    </Card>
  );
}

function NoValue({ imported }: { imported: boolean }) {
  return (
    <Page title="Value" backAction={{ content: 'Home', url: '/app' }}>
      <Card>
        <NothingHere
          heading={imported ? 'Nobody has bought anything yet' : 'Your store is still being read'}
          action={{ content: 'Go to Home', url: '/app' }}
        >
          <p>
            {imported
              ? 'What customers are worth is shown from the first paid order on.'
              : 'Home shows how far it is. What customers are worth is shown after it.'}
          </p>
        </NothingHere>
      </Card>
    </Page>
  );
}
