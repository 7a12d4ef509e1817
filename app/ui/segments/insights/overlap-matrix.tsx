/** Each pair of segments: how many are in both, and what share of the smaller one that is. */
import { BlockStack, Card } from '@shopify/polaris';
import type { Overlap } from '../../../segments/analysis/overlap.ts';
import { NumberTable } from '../../charts/number-table.tsx';
import { formatCount, formatShare } from '../../format.ts';
import { CardHead } from '../../card-head.tsx';

export function OverlapMatrix({ overlap }: { overlap: Overlap }) {
  const { segments, step } = overlap;
  const pairs = new Map(
    overlap.pairs.flatMap((pair) => [
      [`${pair.a} ${pair.b}`, pair] as const,
      [`${pair.b} ${pair.a}`, pair] as const,
    ]),
  );
  const about = step > 1 ? 'about ' : '';
  return (
    <Card>
      <BlockStack gap="300">
        <CardHead title="Who is in two segments">{`Customers in both, and what share of the smaller segment they are.${
          step > 1 ? ` Counted from one customer in ${formatCount(step)}, so the numbers are estimates.` : ''
        }`}</CardHead>
        <NumberTable
          caption="Customers in two segments"
          head={['Segment', 'Members', ...segments.map(({ name }) => name)]}
          rows={segments.map((row) => ({
            key: row.key,
            head: row.name,
            cells: [
              about + formatCount(row.size),
              ...segments.map((column) => {
                if (row.key === column.key) return '·';
                const pair = pairs.get(`${row.key} ${column.key}`);
                return pair
                  ? {
                      text: `${formatCount(pair.both)} (${formatShare(pair.shareOfSmaller, 1)})`,
                      shade: pair.shareOfSmaller,
                    }
                  : '–';
              }),
            ],
          }))}
        />
      </BlockStack>
    </Card>
  );
}
