/** One customer: numbers, scores, segments with why, tags here and in Shopify, and how they got there. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Layout, Link, Page, Text } from '@shopify/polaris';
import { readCustomerOffers } from '../activation/offers/read-customer-offers.server.ts';
import { giveBackOffer, takeOffer } from '../activation/offers/take-offer.server.ts';
import { readCustomerTags } from '../activation/tags/read-customer-tags.server.ts';
import { putBackTags } from '../activation/tags/tag-alerts.server.ts';
import { explainFailure } from '../activation/tags/write-failure.ts';
import { tagKey } from '../intake/tag-key.ts';
import { readCustomer } from '../history/read-customer.server.ts';
import { isLeftOutByHand, leaveOutPerson, lookAtLeavingOut } from '../pipeline/leave-out-person.server.ts';
import { readCustomerHistory } from '../segments/read-customer-history.server.ts';
import { readCustomerSegments } from '../segments/read-customer-segments.server.ts';
import { readTiers } from '../segments/read-tiers.server.ts';
import { CustomerSegments } from '../ui/customer-segments.tsx';
import { CustomerProfile } from '../ui/customer-profile.tsx';
import { HistoryList } from '../ui/history-list.tsx';
import { CustomerOffers } from '../ui/offers/customer-offers.tsx';
import { LeaveOutCard, type LookedAnswer } from '../ui/policy/leave-out-card.tsx';
import { Scores } from '../ui/scores.tsx';
import { TagList } from '../ui/tag-list.tsx';
import { TierStandings } from '../ui/tier-standings.tsx';
import { useCustomerNames } from '../ui/use-customer-names.ts';
import { useRefresh } from '../ui/use-refresh.ts';
import { PredictionCard } from '../ui/value/prediction-card.tsx';
import { readPrediction } from '../value/read-prediction.server.ts';
import { readScore } from '../value/read-score.server.ts';
import { notFound, pageRequest } from './page-request.server.ts';

const HISTORY_LENGTH = 50;

export const meta: MetaFunction = () => [{ title: 'Customer · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  const id = args.params['id'] ?? '';
  const missing = () =>
    notFound(
      'There is no such customer',
      'The number is not one of this store’s customers, or the customer was erased on request.',
    );
  return pageRequest(args, ({ app, shopId, settings, now, today }) =>
    app.db.inShop(shopId, async (tx) => {
      if (!/^\d{1,18}$/.test(id)) throw missing();
      const found = await readCustomer(tx, id);
      if (found.outcome === 'unknown') throw missing();
      // The query says which shop asks, in which frame: without it the next page is nobody's.
      if (found.outcome === 'merged') {
        throw redirect(`/app/customers/${found.keptId}${new URL(args.request.url).search}`);
      }
      const { customer } = found;
      return {
        customer,
        today,
        currency: settings.currency,
        timeZone: settings.timeZone,
        score: await readScore(tx, id),
        prediction: await readPrediction(tx, id),
        segments: customer.leftOut || customer.deleted ? [] : await readCustomerSegments(tx, now, id),
        tiers: customer.leftOut || customer.deleted ? [] : await readTiers(tx, now, id),
        leftOutByHand: await isLeftOutByHand(tx, id),
        tags: await readCustomerTags(tx, id, settings.tagPrefix),
        offers: await readCustomerOffers(tx, id),
        history: await readCustomerHistory(tx, id, HISTORY_LENGTH),
      };
    }),
  );
}

/** "Put back": a tag that was removed by hand is wanted again. An offer is taken away, or given back; a person is left out. */
export function action(args: ActionFunctionArgs) {
  const id = args.params['id'] ?? '';
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const intent = form.get('intent');
    if (/^\d{1,18}$/.test(id) && (intent === 'look_left_out' || intent === 'leave_out')) {
      const out = form.get('out') === 'true';
      const act = intent === 'leave_out' ? leaveOutPerson : lookAtLeavingOut;
      const done = await act(app, shopId, { customerId: id, out, actor, now });
      return done.outcome === 'looked'
        ? Response.json({ looked: { out, effect: done.effect } } satisfies LookedAnswer)
        : redirect(`/app/customers/${id}`);
    }
    const [tag, offerId, step] = [form.get('tag'), form.get('offer'), form.get('step')];
    if (typeof offerId === 'string' && /^\d{1,18}$/.test(id) && (step === 'take' || step === 'give_back')) {
      const change = step === 'take' ? takeOffer : giveBackOffer;
      const done = await change(app, shopId, { offerId, customerId: id, actor, now });
      app.log.info({ shopId, offer: offerId, step, done }, 'an offer of one person');
      return done ? redirect(`/app/customers/${id}`) : Response.json({ outcome: 'gone' }, { status: 409 });
    }
    if (!/^\d{1,18}$/.test(id) || typeof tag !== 'string') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const put = await app.db.inShop(shopId, (tx) =>
      putBackTags(tx, { customerId: id, keys: [tagKey(tag)], actor, now }),
    );
    app.log.info({ shopId, put }, 'a tag is put back');
    if (put === 0) return Response.json({ outcome: 'gone' }, { status: 409 });
    return redirect(`/app/customers/${id}`);
  });
}

export default function Customer() {
  const {
    customer,
    today,
    currency,
    timeZone,
    score,
    prediction,
    segments,
    tiers,
    leftOutByHand,
    tags,
    offers,
    history,
  } = useLoaderData<typeof loader>();
  useRefresh(tags?.waiting ? 2_000 : 30_000);
  const names = useCustomerNames([customer.id]);
  const name = names.state === 'ready' ? names.names[customer.id] : undefined;
  return (
    <Page
      title={name ?? `Customer ${customer.id}`}
      subtitle={
        name
          ? `Customer ${customer.id}`
          : names.state === 'loading'
            ? 'Asking Shopify for the name'
            : undefined
      }
      backAction={{ content: 'Customers', url: '/app/customers' }}
      secondaryActions={[
        {
          content: 'Open in Shopify',
          // App Bridge takes it from here; it is no address that a browser could open.
          onAction: () => window.open(`shopify://admin/customers/${customer.id}`, '_top'),
        },
      ]}
    >
      <BlockStack gap="400">
        {customer.deleted ? (
          <Banner tone="warning" title="This customer was deleted in Shopify">
            <p>They are in no segment any more, and nothing is written for them.</p>
          </Banner>
        ) : null}
        {customer.leftOut ? (
          <Banner tone="info" title="Left out">
            <p>
              By <Link url="/app/settings/orders">What counts as an order</Link>, this customer is in no
              segment, score or total.
            </p>
          </Banner>
        ) : null}
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <CustomerProfile customer={customer} currency={currency} today={today} />
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    Segments
                  </Text>
                  <CustomerSegments customerId={customer.id} segments={segments} timeZone={timeZone} />
                </BlockStack>
              </Card>
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    History
                  </Text>
                  <HistoryList history={history} timeZone={timeZone} limit={HISTORY_LENGTH} />
                </BlockStack>
              </Card>
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    Scores
                  </Text>
                  <Scores score={score} />
                </BlockStack>
              </Card>
              <TierStandings tiers={tiers} currency={currency} />
              <PredictionCard prediction={prediction} currency={currency} />
              {offers.length > 0 ? <CustomerOffers offers={offers} timeZone={timeZone} /> : null}
              {tags ? <Tags tags={tags} /> : null}
              {customer.deleted ? null : (
                <LeaveOutCard leftOut={customer.leftOut} byHand={leftOutByHand} currency={currency} />
              )}
            </BlockStack>
          </Layout.Section>
        </Layout>
      </BlockStack>
    </Page>
  );
}

type Data = Awaited<ReturnType<typeof loader>>;

function Tags({ tags }: { tags: NonNullable<Data['tags']> }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Tags
        </Text>
        <TagList label="Should have" tags={tags.shouldHave} none="None: no live segment" />
        <TagList label="Has in Shopify" tags={tags.has} none="None of ours" />
        {tags.removedByHand.length > 0 ? <RemovedByHand tags={tags.removedByHand} /> : null}
        {tags.impossible.map(({ tag, reason }) => (
          <Text as="p" key={tag} tone="critical">
            <code className="rg-tag">{tag}</code> cannot be written. {explainFailure(reason)}
          </Text>
        ))}
        <div role="status">
          <Text as="p" tone={tags.waiting && tags.lastError ? 'critical' : 'subdued'}>
            {tagState(tags)}
          </Text>
        </div>
        <TagList label="Other tags, never touched" tags={tags.others} none="None" />
      </BlockStack>
    </Card>
  );
}

function RemovedByHand({ tags }: { tags: readonly string[] }) {
  const submitting = useNavigation().formMethod === 'POST';
  return (
    <BlockStack gap="200">
      <TagList label="Removed by hand" tags={tags} none="" />
      {tags.map((tag) => (
        <Form method="post" key={tag}>
          <input type="hidden" name="tag" value={tag} />
          <Button submit loading={submitting} accessibilityLabel={`Put back ${tag}`}>
            Put back
          </Button>
        </Form>
      ))}
    </BlockStack>
  );
}

function tagState({ waiting, lastError }: NonNullable<Data['tags']>): string {
  if (!waiting) return 'Regulars and Shopify agree.';
  return lastError
    ? `The last try failed. ${explainFailure(lastError)} It is tried again.`
    : 'Being written now.';
}
