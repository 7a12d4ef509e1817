/**
 * All segments by family, drafts with live counts; what waits for approval, what needs a look, sets and tiers. Choose
 * some and review what turning them on would do.
 */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link as PlainLink, useLoaderData, useNavigate, useSearchParams } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  TextField,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import { Fragment, useState } from 'react';
import { readHealth } from '../segments/analysis/read-health.server.ts';
import { readHowFar } from '../segments/change-run.server.ts';
import { readReceipts } from '../segments/read-receipts.server.ts';
import { readSegmentFlags } from '../segments/read-segment-flags.server.ts';
import { readSets } from '../segments/read-sets.server.ts';
import { readSegments, type SegmentRow } from '../segments/read-segments.server.ts';
import { countOf, formatCount, formatInstant } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { NoticeBanner } from '../ui/segments/notice-banner.tsx';
import { noteWords } from '../ui/segments/health-words.ts';
import { ReceiptBanner } from '../ui/segments/receipt-banner.tsx';
import { ChangeNotice } from '../ui/segments/change-progress.tsx';
import { SegmentBadges } from '../ui/segments/segment-badges.tsx';
import { TurnedNotice } from '../ui/turned-notice.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Segments · Regulars' }];

const VIEWS = [
  { view: 'all', label: 'All' },
  { view: 'on', label: 'On' },
  { view: 'drafts', label: 'Drafts' },
  { view: 'attention', label: 'Needs a look' },
] as const;
type View = (typeof VIEWS)[number]['view'];

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
  const [query] = useSearchParams();
  const view = VIEWS.find((one) => one.view === query.get('view'))?.view ?? 'all';
  const [typed, setTyped] = useState('');
  const drafts = segments.filter((segment) => segment.status === 'draft').length;
  const live = segments.filter((segment) => segment.status === 'live').length;
  const waiting = segments.filter(({ waits }) => waits);
  const counted = segments.find(({ countedAt }) => countedAt)?.countedAt;
  const shown = segments.filter((segment) => isIn(view, segment) && says(segment, typed));
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
        {writesStopped ? (
          <Banner
            tone="warning"
            title="Nothing is written to your store"
            action={{ content: 'Go on', url: '/app/writes' }}
          >
            <p>Writing tags was stopped. Segments are still kept up to date here.</p>
          </Banner>
        ) : null}
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
        <Sets sets={sets} />
        {counted ? (
          <Text as="p" tone="subdued">
            {`Drafts were counted ${formatInstant(counted, timeZone)}.`}
          </Text>
        ) : null}
        <Card padding="0">
          {segments.length === 0 ? (
            <NothingHere heading="No segments yet" action={{ content: 'Go to Home', url: '/app' }}>
              <p>They are made when Regulars is installed. Open Home to see how far that is.</p>
            </NothingHere>
          ) : (
            <>
              <div className="rg-list-head">
                <nav className="rg-tabs" aria-label="Which segments are shown">
                  <ul>
                    {VIEWS.map((one) => (
                      <li key={one.view}>
                        <PlainLink
                          to={one.view === 'all' ? '/app/segments' : `/app/segments?view=${one.view}`}
                          aria-current={one.view === view ? 'page' : undefined}
                        >
                          {`${one.label} (${segments.filter((segment) => isIn(one.view, segment)).length})`}
                        </PlainLink>
                      </li>
                    ))}
                  </ul>
                </nav>
                <div className="rg-list-search">
                  <TextField
                    label="Search segments"
                    labelHidden
                    placeholder="Search by name, tag or rule"
                    type="search"
                    autoComplete="off"
                    value={typed}
                    onChange={setTyped}
                    clearButton
                    onClearButtonClick={() => setTyped('')}
                  />
                </div>
              </div>
              {shown.length === 0 ? (
                <div className="rg-card-body">
                  <Text as="p" tone="subdued">
                    {typed ? 'No segment says that.' : 'None.'}
                  </Text>
                </div>
              ) : (
                <SegmentTable
                  // Another choice of rows begins its selection anew.
                  key={shown.map(({ key }) => key).join()}
                  segments={shown}
                  canTurnOn={imported}
                />
              )}
            </>
          )}
        </Card>
      </BlockStack>
    </Page>
  );
}

interface ListedSegment extends SegmentRow {
  waits: boolean;
  trial: boolean;
  list: boolean;
  /** What is odd about it, in words. */
  notes: string[];
}

function isIn(view: View, { status, waits, trial, notes }: ListedSegment): boolean {
  switch (view) {
    case 'all':
      return true;
    case 'on':
      return status !== 'draft';
    case 'drafts':
      return status === 'draft';
    case 'attention':
      return status === 'failing' || waits || trial || notes.length > 0;
  }
}

function says({ name, tag, sentence, family }: SegmentRow, typed: string): boolean {
  const text = `${name} ${tag} ${sentence} ${family}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Sets({ sets }: { sets: Awaited<ReturnType<typeof loader>>['sets'] }) {
  if (sets.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Sets and tiers
        </Text>
        <ul className="rg-sets">
          {sets.map(({ id, name, kind, segments }) => (
            <li key={id}>
              <Link url={`/app/segment-sets/${id}`} removeUnderline>
                {name}
              </Link>
              <Text as="p" tone="subdued" variant="bodySm">
                {`${kind === 'tiers' ? 'Tiers' : 'One of'}: ${segments.map((one) => one.name).join(' › ')}`}
              </Text>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}

function SegmentTable({ segments, canTurnOn }: { segments: ListedSegment[]; canTurnOn: boolean }) {
  const navigate = useNavigate();
  const { smDown } = useBreakpoints();
  const ids = segments.map((segment) => ({ id: segment.key }));
  const { selectedResources, allResourcesSelected, handleSelectionChange } = useIndexResourceState(ids);
  const review = (act: 'turn_on' | 'turn_off') =>
    navigate(`/app/segments/review?act=${act}&keys=${selectedResources.join(',')}`);
  const families = familiesOf(segments);
  return (
    <IndexTable
      resourceName={{ singular: 'segment', plural: 'segments' }}
      itemCount={segments.length}
      selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      condensed={smDown}
      promotedBulkActions={[
        { content: 'Turn on', disabled: !canTurnOn, onAction: () => review('turn_on') },
        { content: 'Turn off', onAction: () => review('turn_off') },
      ]}
      headings={[
        { title: 'Segment' },
        { title: 'Tag' },
        { title: 'Status' },
        { title: 'Size', alignment: 'end' },
      ]}
    >
      {families.map((family) => (
        <Fragment key={family.name}>
          <IndexTable.Row
            rowType="subheader"
            id={`family-${family.name}`}
            position={family.position}
            selectionRange={[family.position, family.position + family.segments.length - 1]}
            selected={selectedShare(family.segments, selectedResources)}
            accessibilityLabel={`Select all of ${family.name}`}
          >
            {smDown ? (
              <div className="rg-phone-family">{family.name}</div>
            ) : (
              <IndexTable.Cell colSpan={4} scope="colgroup" as="th" id={`family-${family.name}`}>
                {family.name}
              </IndexTable.Cell>
            )}
          </IndexTable.Row>
          {family.segments.map((segment, at) => (
            <IndexTable.Row
              key={segment.key}
              id={segment.key}
              position={family.position + at}
              selected={selectedResources.includes(segment.key)}
              accessibilityLabel={`Select ${segment.name}`}
            >
              {smDown ? <PhoneRow segment={segment} /> : <WideRow segment={segment} />}
            </IndexTable.Row>
          ))}
        </Fragment>
      ))}
    </IndexTable>
  );
}

function WideRow({ segment }: { segment: ListedSegment }) {
  return (
    <>
      <IndexTable.Cell className="rg-wrap">
        <Link dataPrimaryLink removeUnderline monochrome url={`/app/segments/${segment.key}`}>
          <Text as="span" fontWeight="semibold">
            {segment.name}
          </Text>
        </Link>
        <Text as="p" tone="subdued" variant="bodySm">
          {segment.sentence}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <code className="rg-tag">{segment.tag}</code>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <SegmentBadges segment={segment} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {sizeOf(segment)}
        </Text>
      </IndexTable.Cell>
    </>
  );
}

function PhoneRow({ segment }: { segment: ListedSegment }) {
  return (
    <div className="rg-phone-row">
      <BlockStack gap="100">
        <InlineStack align="space-between" gap="200" wrap={false}>
          <Link dataPrimaryLink removeUnderline monochrome url={`/app/segments/${segment.key}`}>
            <Text as="span" fontWeight="semibold">
              {segment.name}
            </Text>
          </Link>
          <SegmentBadges segment={segment} />
        </InlineStack>
        <Text as="p" tone="subdued" variant="bodySm">
          {segment.size === null ? 'Size not known yet' : countOf(segment.size, 'customer')} · {segment.tag}
        </Text>
      </BlockStack>
    </div>
  );
}

interface Family {
  name: string;
  /** Place of its first segment among all. */
  position: number;
  segments: ListedSegment[];
}

function familiesOf(segments: readonly ListedSegment[]): Family[] {
  const families: Family[] = [];
  segments.forEach((segment, position) => {
    const last = families.at(-1);
    if (last?.name === segment.family) last.segments.push(segment);
    else families.push({ name: segment.family, position, segments: [segment] });
  });
  return families;
}

function selectedShare(segments: readonly SegmentRow[], selected: readonly string[]) {
  const count = segments.filter((segment) => selected.includes(segment.key)).length;
  if (count === 0) return false;
  return count === segments.length ? true : 'indeterminate';
}

const sizeOf = (segment: SegmentRow) => (segment.size === null ? '–' : formatCount(segment.size));
