/** All segments by family, drafts with live counts; choose some and review what turning them on would do. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useNavigate } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import { Fragment } from 'react';
import { readSegments, type SegmentRow } from '../segments/read-segments.server.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { SegmentStatusBadge } from '../ui/segment-status-badge.tsx';
import { TurnedNotice } from '../ui/turned-notice.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Segments · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now }) => ({
    imported: settings.firstImportedAt !== null,
    segments: await app.db.inShop(shopId, (tx) => readSegments(tx, now)),
  }));
}

export default function Segments() {
  const { segments, imported } = useLoaderData<typeof loader>();
  const live = segments.filter((segment) => segment.status === 'live').length;
  const drafts = segments.filter((segment) => segment.status === 'draft').length;
  return (
    <Page
      title="Segments"
      primaryAction={
        drafts > 0 && imported
          ? {
              content: drafts === segments.length ? 'Turn on all' : `Turn on ${countOf(drafts, 'draft')}`,
              url: '/app/segments/review?act=turn_on&keys=all',
            }
          : undefined
      }
      subtitle={`${formatCount(live)} live, ${countOf(drafts, 'draft')}`}
      backAction={{ content: 'Home', url: '/app' }}
    >
      <BlockStack gap="400">
        <TurnedNotice />
        {imported ? null : (
          <Banner tone="info" title="Your store is still being read">
            <p>Sizes come once that is done. Segments can be turned on from then on.</p>
          </Banner>
        )}
        <Card padding="0">
          {segments.length === 0 ? (
            <NothingHere heading="No segments yet" action={{ content: 'Go to Home', url: '/app' }}>
              <p>They are made when Regulars is installed. Open Home to see how far that is.</p>
            </NothingHere>
          ) : (
            <SegmentTable segments={segments} canTurnOn={imported} />
          )}
        </Card>
      </BlockStack>
    </Page>
  );
}

function SegmentTable({ segments, canTurnOn }: { segments: SegmentRow[]; canTurnOn: boolean }) {
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

function WideRow({ segment }: { segment: SegmentRow }) {
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
        <SegmentStatusBadge status={segment.status} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {sizeOf(segment)}
        </Text>
      </IndexTable.Cell>
    </>
  );
}

function PhoneRow({ segment }: { segment: SegmentRow }) {
  return (
    <div className="rg-phone-row">
      <BlockStack gap="100">
        <InlineStack align="space-between" gap="200" wrap={false}>
          <Link dataPrimaryLink removeUnderline monochrome url={`/app/segments/${segment.key}`}>
            <Text as="span" fontWeight="semibold">
              {segment.name}
            </Text>
          </Link>
          <SegmentStatusBadge status={segment.status} />
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
  segments: SegmentRow[];
}

function familiesOf(segments: readonly SegmentRow[]): Family[] {
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
