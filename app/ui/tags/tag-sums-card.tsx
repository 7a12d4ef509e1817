import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import type { SegmentTagSum, TagSum } from '../../activation/tags/read-tag-sums.server.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { countOf, formatCount } from '../format.ts';
import { tagSumWords } from './tag-sum-words.ts';

/** How the tags of every segment stand in Shopify, and how many were written today. */
export function TagSumsCard({
  sums,
  total,
  day,
}: {
  sums: readonly SegmentTagSum[];
  total: TagSum;
  day: { written: number; limit: number | null };
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Should have / has in Shopify
        </Text>
        {sums.length === 0 ? (
          <Text as="p" tone="subdued">
            No segment is on, so nothing is written. <Link url="/app/segments">Look at the segments</Link>
          </Text>
        ) : (
          <>
            <Text as="p">Tags of all segments: {tagSumWords(total)}.</Text>
            <NumberTable
              caption="Tags of each segment"
              head={[
                'Segment',
                'Members',
                'Tagged',
                'Pending',
                'Control group',
                'Removed by hand',
                'Impossible',
                'To be removed',
              ]}
              rows={sums.map((sum) => ({
                key: sum.key,
                head: <Link url={`/app/segments/${sum.key}`}>{sum.name}</Link>,
                cells: [
                  sum.members,
                  sum.tagged,
                  sum.pending,
                  sum.heldOut,
                  sum.suppressed,
                  sum.impossible,
                  sum.toRemove,
                ].map(formatCount),
              }))}
            />
          </>
        )}
        <Text as="p" tone="subdued">
          {day.limit === null
            ? `${countOf(day.written, 'tag')} written today.`
            : `${formatCount(day.written)} of at most ${countOf(day.limit, 'tag')} written today.`}
        </Text>
      </BlockStack>
    </Card>
  );
}
