/**
 * All segments by family, drafts with live counts; what waits for approval, what needs a look, sets and tiers. Choose
 * some and review what turning them on would do.
 */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, InlineStack, Link, Page, Text } from '@shopify/polaris';
import { readHealth } from '../segments/analysis/read-health.server.ts';
import { readHowFar } from '../segments/change-run.server.ts';
import { readReceipts } from '../segments/read-receipts.server.ts';
import { readSegmentFlags } from '../segments/read-segment-flags.server.ts';
import { readSets } from '../segments/read-sets.server.ts';
import { readSegments } from '../segments/read-segments.server.ts';
import { countOf, formatCount, formatInstant } from '../ui/format.ts';
import { NoticeBanner } from '../ui/segments/notice-banner.tsx';
import { noteWords } from '../ui/segments/health-words.ts';
import { ReceiptBanner } from '../ui/segments/receipt-banner.tsx';
import type { ListedSegment } from '../ui/segments/listed-segment.ts';
import { SegmentList } from '../ui/segments/segment-list.tsx';
import { SetList } from '../ui/segments/set-list.tsx';
import { ChangeNotice } from '../ui/segments/change-progress.tsx';
import { TurnedNotice } from '../ui/turned-notice.tsx';
import { WritesStoppedBanner } from '../ui/writes-stopped-banner.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Segments · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  const receiptId = new URL(args.request.url).searchParams.get('receipt') ?? '';
  return pageRequest(args, ({ app, shopId, settings, now, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const [receipt] = /^\d{1,18}$/.test(receiptId)
        ? await readReceipts(tx, { id: receiptId, limit: 1 })
        : [];
      const flags = await readSegmentFlags(tx);
      const health = await readHealth(tx, { today, timeZone: settings.timeZone, overlap: null });
      const notes = health.state === 'here' ? health.value : [];
      const rows = await readSegments(tx, now);
      return {
        imported: settings.firstImportedAt !== null,
        writesStopped: settings.writesStoppedAt !== null,
        receipt: receipt ?? null,
        change: await readHowFar(tx),
        timeZone: settings.timeZone,
        sets: await readSets(tx),
        segments: rows.map((row): ListedSegment => {
          const flag = flags.get(row.key);
          return {
            ...row,
            waits: flag?.hasDraft ?? false,
            trial: flag?.trial ?? false,
            list: flag?.kind === 'list',
            notes: [
              ...(flag?.unavailable ? ['Kept as it is'] : []),
              ...(notes.find(({ key }) => key === row.key)?.notes ?? []).map(noteWords),
            ],
          };
        }),
      };
    }),
  );
}

export default function Segments() {
  const { segments, imported, sets, writesStopped, receipt, change, timeZone } =
    useLoaderData<typeof loader>();
  const drafts = segments.filter((segment) => segment.status === 'draft').length;
  const live = segments.filter((segment) => segment.status === 'live').length;
  const waiting = segments.filter(({ waits }) => waits);
  const counted = segments.find(({ countedAt }) => countedAt)?.countedAt;
  return (
    <Page
      title="Segments"
      primaryAction={{ content: 'Create segment', url: '/app/segments/new' }}
      secondaryActions={[
        ...(drafts > 0 && imported
          ? [
              {
                content: drafts === segments.length ? 'Turn on all' : `Turn on ${countOf(drafts, 'draft')}`,
                url: '/app/segments/review?act=turn_on&keys=all',
              },
            ]
          : []),
        writesStopped
          ? { content: 'Go on writing', url: '/app/writes' }
          : { content: 'Stop all writes', url: '/app/writes', destructive: true },
      ]}
      actionGroups={[
        {
          title: 'More',
          actions: [
            { content: 'Overlap and health', url: '/app/overlap' },
            { content: 'Compare two', url: '/app/compare' },
            { content: 'Make an exclusive set', url: '/app/segment-sets/new' },
            { content: 'Make tiers', url: '/app/segment-sets/new?kind=tiers' },
          ],
        },
      ]}
      subtitle={`${formatCount(live)} live, ${countOf(drafts, 'draft')}`}
      backAction={{ content: 'Home', url: '/app' }}
    >
      <BlockStack gap="400">
        <TurnedNotice />
        <NoticeBanner />
        <ReceiptBanner receipt={receipt} />
        <ChangeNotice run={change} />
        {writesStopped ? <WritesStoppedBanner /> : null}
        {imported ? null : (
          <Banner tone="info" title="Your store is still being read">
            <p>Sizes come once that is done. Segments can be turned on from then on.</p>
          </Banner>
        )}
        {waiting.length > 0 ? (
          <Banner
            tone="warning"
            title={
              waiting.length === 1
                ? 'A change waits for your approval'
                : `${countOf(waiting.length, 'change')} wait for your approval`
            }
          >
            <InlineStack gap="300">
              {waiting.map(({ key, name }) => (
                <Link key={key} url={`/app/segments/review?act=change&key=${key}`}>
                  {`Review ${name}`}
                </Link>
              ))}
            </InlineStack>
          </Banner>
        ) : null}
        <SetList sets={sets} />
        {counted ? (
          <Text as="p" tone="subdued">
            {`Drafts were counted ${formatInstant(counted, timeZone)}.`}
          </Text>
        ) : null}
        <SegmentList segments={segments} canTurnOn={imported} />
      </BlockStack>
    </Page>
  );
}
