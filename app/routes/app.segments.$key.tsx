/** One segment: its sentence, its size and tag, who is in it, and the way to turn it on or off. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, Page, Text } from '@shopify/polaris';
import { readCustomerPage } from '../segments/read-customer-page.server.ts';
import { readSegments } from '../segments/read-segments.server.ts';
import { CustomerTable } from '../ui/customer-table.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { countOf, formatInstant } from '../ui/format.ts';
import { SegmentStatusBadge } from '../ui/segment-status-badge.tsx';
import { TurnedNotice } from '../ui/turned-notice.tsx';
import { notFound, pageRequest } from './page-request.server.ts';
import { pageLinks, readCursor } from './paging.server.ts';

const PAGE_SIZE = 25;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.segment.name ?? 'Segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const [segment] = await readSegments(tx, now, [args.params['key'] ?? '']);
      if (!segment) {
        throw notFound(
          'There is no such segment',
          'It may have been deleted. All segments are on the Segments page.',
        );
      }
      const url = new URL(args.request.url);
      const page = await readCustomerPage(tx, now, {
        order: 'spent',
        segment: segment.key,
        limit: PAGE_SIZE,
        ...readCursor(url),
      });
      return {
        segment,
        members: page.customers,
        links: pageLinks(url, page),
        currency: settings.currency,
        timeZone: settings.timeZone,
        imported: settings.firstImportedAt !== null,
      };
    }),
  );
}

export default function Segment() {
  const { segment, members, links, currency, timeZone, imported } = useLoaderData<typeof loader>();
  const draft = segment.status === 'draft';
  const reviewUrl = (act: 'turn_on' | 'turn_off') => `/app/segments/review?act=${act}&keys=${segment.key}`;
  return (
    <Page
      title={segment.name}
      titleMetadata={<SegmentStatusBadge status={segment.status} />}
      backAction={{ content: 'Segments', url: '/app/segments' }}
      primaryAction={
        draft ? { content: 'Turn on', url: reviewUrl('turn_on'), disabled: !imported } : undefined
      }
      secondaryActions={draft ? [] : [{ content: 'Turn off', url: reviewUrl('turn_off'), destructive: true }]}
    >
      <BlockStack gap="400">
        <TurnedNotice />
        {segment.status === 'failing' ? (
          <Banner tone="critical" title="This segment is set aside">
            <p>
              Its rule could not be worked out, so nobody enters or leaves and its tags stay as they are.{' '}
              {segment.failure}
            </p>
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="p" variant="bodyLg">
              {segment.sentence}
            </Text>
            <FactList
              facts={[
                {
                  name: draft ? 'Would be in it now' : 'Members',
                  value: segment.size === null ? 'not known' : countOf(segment.size, 'customer'),
                },
                {
                  name: 'Tag in Shopify',
                  value: <code className="rg-tag">{segment.tag}</code>,
                  note: draft ? 'Not written while the segment is a draft' : undefined,
                },
                ...(segment.liveSince
                  ? [{ name: 'Live since', value: formatInstant(segment.liveSince, timeZone) }]
                  : []),
              ]}
            />
          </BlockStack>
        </Card>
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
      </BlockStack>
    </Page>
  );
}
