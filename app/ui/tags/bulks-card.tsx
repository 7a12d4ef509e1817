import { BlockStack, Card, Text } from '@shopify/polaris';
import type { BulkUnderWay } from '../../activation/read-activity.server.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { formatCount, formatInstant } from '../format.ts';

/** Files of tags that Shopify works through. */
export function BulksCard({ bulks, timeZone }: { bulks: readonly BulkUnderWay[]; timeZone: string }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Large files under way
        </Text>
        <NumberTable
          caption="Bulk operations under way"
          head={['Started', 'What', 'Customers', 'Done']}
          rows={bulks.map((bulk) => ({
            key: bulk.id,
            head: formatInstant(bulk.startedAt, timeZone),
            cells: [
              bulk.act === 'add' ? 'Tags added' : 'Tags removed',
              formatCount(bulk.lines),
              formatCount(bulk.doneLines),
            ],
          }))}
        />
      </BlockStack>
    </Card>
  );
}
