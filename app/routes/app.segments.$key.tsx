/** One segment: its sentence, its size and tag, who is in it, what waits for approval, and what can be done with it. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, Link, Text } from '@shopify/polaris';
import { readOffersOf } from '../activation/offers/read-offers.server.ts';
import { readOfferedSegment } from '../activation/offers/read-surroundings.server.ts';
import { showOffers } from '../activation/offers/show-offers.server.ts';
import { readTagSums } from '../activation/tags/read-tag-sums.server.ts';
import { readHowFar } from '../segments/change-run.server.ts';
import { discardDraft } from '../segments/edit-segment.server.ts';
import { readCustomerPage } from '../segments/read-customer-page.server.ts';
import { readReceipts } from '../segments/read-receipts.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { readSegments } from '../segments/read-segments.server.ts';
import { CustomerTable } from '../ui/customer-table.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { countOf, formatInstant } from '../ui/format.ts';
import { OfferSection } from '../ui/offers/offer-section.tsx';
import { ChangeNotice } from '../ui/segments/change-progress.tsx';
import { ReceiptBanner } from '../ui/segments/receipt-banner.tsx';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { TagSum } from '../ui/tags/tag-sum.tsx';
import { TurnedNotice } from '../ui/turned-notice.tsx';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';
import { pageLinks, readCursor } from './paging.server.ts';

const PAGE_SIZE = 25;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.segment.name ?? 'Segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const head = await readSegmentHead(tx, await readRuleDay(tx, now), key);
      const [segment] = head ? await readSegments(tx, now, [key]) : [];
      if (!head || !segment) throw noSuchSegment();
      const url = new URL(args.request.url);
      const receiptId = url.searchParams.get('receipt') ?? '';
      const [receipt] = /^\d{1,18}$/.test(receiptId)
        ? await readReceipts(tx, { id: receiptId, key, limit: 1 })
        : [];
      const page = await readCustomerPage(tx, now, {
        order: 'spent',
        segment: key,
        limit: PAGE_SIZE,
        ...readCursor(url),
      });
      const offered = await readOfferedSegment(tx, { key });
      const offers = offered
        ? await showOffers(tx, await readOffersOf(tx, offered.id), settings.currency)
        : [];
      return {
        head,
        segment,
        offers,
        sum: (await readTagSums(tx, [key]))[0] ?? null,
        receipt: receipt ?? null,
        change: await readHowFar(tx),
        members: page.customers,
        links: pageLinks(url, page),
        currency: settings.currency,
        timeZone: settings.timeZone,
        imported: settings.firstImportedAt !== null,
      };
    }),
  );
}

/** "Discard" of a change that waits for approval. */
export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId }) => {
    if ((await args.request.formData()).get('intent') !== 'discard') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const gone = await app.db.inShop(shopId, (tx) => discardDraft(tx, key));
    return redirect(`/app/segments/${key}?notice=${gone ? 'discarded' : 'nothing_to_change'}`);
  });
}

export default function Segment() {
  const { head, segment, offers, sum, receipt, change, members, links, currency, timeZone, imported } =
    useLoaderData<typeof loader>();
  const draft = segment.status === 'draft';
  const url = (page: string) => `/app/segments/${segment.key}${page}`;
  const isRule = head.kind === 'rule';
  return (
    <SegmentPage
      head={head}
      tab=""
      primaryAction={
        draft || head.trial
          ? {
              content: head.trial ? 'Turn on for all' : 'Turn on',
              url: `/app/segments/review?act=turn_on&keys=${segment.key}`,
              disabled: !imported,
            }
          : segment.status === 'paused'
            ? { content: 'Go on', url: `/app/segments/review?act=resume&key=${segment.key}` }
            : undefined
      }
      secondaryActions={[
        ...(isRule ? [{ content: 'Edit', url: url('/edit') }] : []),
        ...(isRule ? [{ content: 'Copy', url: `/app/segments/new?from=${segment.key}` }] : []),
        ...(draft
          ? []
          : [
              {
                content: 'Turn off',
                url: `/app/segments/review?act=turn_off&keys=${segment.key}`,
                destructive: true,
              },
            ]),
      ]}
    >
      <TurnedNotice />
      <ReceiptBanner receipt={receipt} />
      <ChangeNotice run={change} />
      {head.hasDraft ? <WaitingChange segmentKey={segment.key} /> : null}
      {head.trial ? (
        <Banner tone="info" title="On for the chosen customers only">
          <p>
            Nobody else gets its tag. Turn it on for all or off when you have seen enough.{' '}
            <Link url={url('/people')}>Who is it tried on?</Link>
          </p>
        </Banner>
      ) : null}
      {head.unavailable === null ? null : (
        <Banner tone="warning" title="Kept as it is">
          <p>
            {`It asks for what your store cannot supply now (${head.unavailable}). Nobody enters or leaves and its tags stay as they are, until it can be supplied again or the rule asks for something else.`}
          </p>
        </Banner>
      )}
      {segment.status === 'failing' || head.sentence === null ? (
        <Banner tone="critical" title="This segment is set aside">
          <p>
            Its rule could not be worked out, so nobody enters or leaves and its tags stay as they are.{' '}
            {head.failure}
          </p>
        </Banner>
      ) : null}
      <Card>
        <BlockStack gap="300">
          {head.kind === 'list' ? (
            <Text as="p" variant="bodyLg">
              A list: its members were frozen on one day and stay as they are.
            </Text>
          ) : (
            <Text as="p" variant="bodyLg">
              {head.sentence ?? 'Its rule cannot be read.'}
            </Text>
          )}
          {head.settingsWords.map((words) => (
            <Text as="p" key={words}>
              {words}
            </Text>
          ))}
          <FactList
            facts={[
              {
                name: draft ? 'Would be in it now' : 'Members',
                value: segment.size === null ? 'not known yet' : countOf(segment.size, 'customer'),
                note: segment.countedAt ? `Counted ${formatInstant(segment.countedAt, timeZone)}` : undefined,
              },
              {
                name: 'Tag in Shopify',
                value: <code className="rg-tag">{segment.tag}</code>,
                note: draft ? 'Not written while the segment is a draft' : undefined,
              },
              ...(segment.liveSince
                ? [{ name: 'Live since', value: formatInstant(segment.liveSince, timeZone) }]
                : []),
              ...(head.set
                ? [
                    {
                      name: head.set.kind === 'tiers' ? 'Tiers' : 'Exclusive set',
                      value: <Link url={`/app/segment-sets/${head.set.id}`}>{head.set.name}</Link>,
                      note: `A customer is in one of: ${head.set.segments.map(({ name }) => name).join(', ')}`,
                    },
                  ]
                : []),
              ...(head.usedBy.length > 0
                ? [{ name: 'Asked for by', value: head.usedBy.map(({ name }) => name).join(', ') }]
                : []),
            ]}
          />
        </BlockStack>
      </Card>
      {sum ? (
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Should have / has in Shopify
            </Text>
            <TagSum sum={sum} activityUrl={`/app/activity?segment=${segment.key}`} />
          </BlockStack>
        </Card>
      ) : null}
      <Card padding="0">
        <div className="rg-card-title">
          <Text as="h2" variant="headingMd">
            {draft ? 'Who would be in it' : 'Who is in it'}
          </Text>
        </div>
        {members.length === 0 ? (
          <div className="rg-card-body">
            <Text as="p" tone="subdued">
              {imported ? 'Nobody at the moment.' : 'Your store is still being read.'}
            </Text>
          </div>
        ) : (
          <CustomerTable
            rows={members.map((member) => ({ ...member, group: member.group?.name }))}
            currency={currency}
            showGroup
            previous={links.previous}
            next={links.next}
          />
        )}
      </Card>
      <OfferSection
        segmentKey={segment.key}
        live={segment.status === 'live'}
        offers={offers}
        currency={currency}
      />
    </SegmentPage>
  );
}

function WaitingChange({ segmentKey }: { segmentKey: string }) {
  return (
    <Banner tone="warning" title="A change waits for your approval">
      <BlockStack gap="200">
        <p>The segment works as before until you approve it.</p>
        <InlineStack gap="200">
          <Button url={`/app/segments/review?act=change&key=${segmentKey}`} variant="primary">
            Review the change
          </Button>
          <Form method="post">
            <input type="hidden" name="intent" value="discard" />
            <Button submit>Discard it</Button>
          </Form>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
