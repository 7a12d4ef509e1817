/** The set that a segment is in, or how it comes into one. */
import { BlockStack, Card, InlineStack, Link, List, Text } from '@shopify/polaris';
import type { SegmentHead } from '../../../segments/read-segment-head.server.ts';

export function SetSection({ head }: { head: Pick<SegmentHead, 'key' | 'set'> }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          One of several
        </Text>
        {head.set ? (
          <>
            <Text as="p">
              {`In “${head.set.name}” a customer is in one segment at most, the first that holds:`}
            </Text>
            <List type="number">
              {head.set.segments.map(({ key, name }) => (
                <List.Item key={key}>{name}</List.Item>
              ))}
            </List>
            <Link url={`/app/segment-sets/${head.set.id}`}>Change this set</Link>
          </>
        ) : (
          <>
            <Text as="p" tone="subdued">
              Segments can exclude each other by priority, or be the steps of tiers such as Gold and Silver.
            </Text>
            <InlineStack gap="300">
              <Link url={`/app/segment-sets/new?with=${head.key}`}>Make an exclusive set</Link>
              <Link url={`/app/segment-sets/new?kind=tiers&with=${head.key}`}>Make tiers</Link>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
