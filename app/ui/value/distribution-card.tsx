/** How spent is spread over buyers: bins of round amounts, and the percentiles in words. */
import { BlockStack, Card, InlineGrid } from '@shopify/polaris';
import type { ValueDistribution } from '../../value/read-value-distribution.server.ts';
import { BarTable } from '../charts/bar-table.tsx';
import { FactList } from '../fact-list.tsx';
import { formatCount, formatMinor, formatShare } from '../format.ts';
import { formatMean } from './value-words.ts';
import { CardHead } from '../card-head.tsx';

const PERCENTILES = [
  { percent: 25, name: 'A quarter spent at most' },
  { percent: 50, name: 'Half spent at most' },
  { percent: 75, name: 'Three quarters spent at most' },
  { percent: 90, name: 'The top 10 % spent at least' },
  { percent: 95, name: 'The top 5 % spent at least' },
  { percent: 99, name: 'The top 1 % spent at least' },
] as const;

export function DistributionCard({ spread, currency }: { spread: ValueDistribution; currency: string }) {
  const most = Math.max(1, ...spread.bins.map((bin) => bin.buyers));
  const at = new Map(spread.percentiles.map(({ percent, spentMinor }) => [percent, spentMinor]));
  return (
    <Card>
      <BlockStack gap="400">
        <CardHead title="How much buyers spent">
          Everything each buyer spent so far, after refunds. Nothing here is predicted.
        </CardHead>
        <BarTable
          caption="Buyers by what they spent so far"
          head={['Spent so far', 'Buyers', 'Share of buyers', 'Share of all spent']}
          rows={spread.bins.map((bin) => ({
            key: bin.fromMinor,
            name: range(bin, currency),
            bar: bin.buyers / most,
            value: formatCount(bin.buyers),
            cells: [
              formatShare(bin.buyers, spread.buyers),
              formatShare(Number(bin.spentMinor), Number(spread.spentMinor)),
            ],
          }))}
        />
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap={{ xs: '200', sm: '800' }}>
          {[PERCENTILES.slice(0, 3), PERCENTILES.slice(3)].map((column, i) => (
            <FactList
              key={i}
              facts={column.map(({ percent, name }) => ({
                name,
                value: formatMean(at.get(percent) ?? 0, currency),
              }))}
            />
          ))}
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}

/** The upper bound belongs to the next bin: "€50.00 to under €100.00". */
function range({ fromMinor, toMinor }: ValueDistribution['bins'][number], currency: string): string {
  if (toMinor === null) {
    return fromMinor === '0' ? 'Any amount' : `${formatMinor(fromMinor, currency)} or more`;
  }
  const to = formatMinor(toMinor, currency);
  return fromMinor === '0' ? `Under ${to}` : `${formatMinor(fromMinor, currency)} to under ${to}`;
}
