/** What people bought while they were in a segment, beside the whole store. */
import { BlockStack, Card } from '@shopify/polaris';
import type { Performance } from '../../../segments/analysis/read-performance.server.ts';
import { NumberTable } from '../../charts/number-table.tsx';
import { averageMinor, formatCount, formatMinor, formatShare } from '../../format.ts';
import { CardHead } from '../../card-head.tsx';

export interface PerformanceRow {
  key: string;
  name: string;
  /** Null: it took too long. */
  performance: Performance | null;
}

export function PerformanceTable({
  rows,
  days,
  currency,
}: {
  rows: readonly PerformanceRow[];
  days: number;
  currency: string;
}) {
  const sampled = rows.filter(({ performance }) => performance && performance.step > 1);
  return (
    <Card>
      <BlockStack gap="300">
        <CardHead
          title={`Bought in the last ${days} days`}
        >{`An order counts for a segment when its customer was in it at the moment the order was placed. The order that brings somebody in does not count, the one that takes somebody out does.${
          sampled.length > 0
            ? ' Of the largest groups a sample was looked at, so those numbers are estimates.'
            : ''
        }`}</CardHead>
        <NumberTable
          caption={`What was bought in the last ${days} days`}
          head={['', 'Were in it', 'Orders', 'Spent', 'Average order', 'Per member', 'Ordered again']}
          rows={rows.map(({ key, name, performance }) => ({
            key,
            head: name,
            cells: performance ? cells(performance, currency) : ['took too long', '–', '–', '–', '–', '–'],
          }))}
        />
      </BlockStack>
    </Card>
  );
}

function cells(
  { members, orders, spentMinor, buyers, repeatBuyers, step }: Performance,
  currency: string,
): string[] {
  const about = step > 1 ? 'about ' : '';
  const mean = (count: number) => {
    const average = averageMinor(spentMinor, count);
    return average === undefined ? '–' : formatMinor(average, currency);
  };
  return [
    about + formatCount(members),
    about + formatCount(orders),
    about + formatMinor(spentMinor, currency),
    mean(orders),
    mean(members),
    formatShare(repeatBuyers, buyers),
  ];
}
