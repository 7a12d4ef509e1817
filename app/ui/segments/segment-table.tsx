/** Segments by family, to choose some and review what turning them on or off would do. */
import { useNavigate } from '@remix-run/react';
import {
  BlockStack,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import { Fragment } from 'react';
import { countOf, formatCount } from '../format.ts';
import { familiesOf, selectedShare, type ListedSegment } from './listed-segment.ts';
import { SegmentBadges } from './segment-badges.tsx';

export function SegmentTable({ segments, canTurnOn }: { segments: ListedSegment[]; canTurnOn: boolean }) {
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

const sizeOf = (segment: ListedSegment) => (segment.size === null ? '–' : formatCount(segment.size));
