/** How much of everything spent few buyers hold: in words, and as a Lorenz curve. */
import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import type { ValueDistribution } from '../../value/read-value-distribution.server.ts';
import { BarTable } from '../charts/bar-table.tsx';
import { LineChart } from '../charts/line-chart.tsx';

const PERCENTS = { max: 100, ticks: [0, 25, 50, 75, 100] };
const percent = (value: number) => `${Math.round(value)} %`;
/** One digit after the point: the top 1 % may hold 9.1 %. */
const shareOf = (share: number) => `${(100 * share).toFixed(1)} %`;

export function ConcentrationCard({ top, lorenz }: Pick<ValueDistribution, 'top' | 'lorenz'>) {
  const best = top.at(-1);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Who holds it
          </Text>
          {best ? (
            <Text as="p">
              {`The top ${best.percent} % of your buyers made ${shareOf(best.share)} of everything spent.`}
            </Text>
          ) : (
            <Text as="p" tone="subdued">
              Nothing was spent in your store’s currency yet.
            </Text>
          )}
        </BlockStack>
        {best ? (
          <InlineGrid columns={{ xs: 1, md: 2 }} gap="600" alignItems="start">
            <BarTable
              caption="Share of everything spent by the top buyers"
              head={['Top buyers', 'Made of all spent']}
              rows={top.map(({ percent: of, share }) => ({
                key: String(of),
                name: `Top ${of} %`,
                bar: share,
                value: shareOf(share),
                cells: [],
              }))}
            />
            <LineChart
              title="Share of spent by share of buyers"
              description={`Lorenz curve, buyers from the smallest to the largest. The smallest half made ${shareOf(lorenz.find((point) => point.percent === 50)?.share ?? 0)} of everything spent; if all spent the same it would be 50 %.`}
              y={PERCENTS}
              formatY={percent}
              yLabel="of everything spent"
              x={PERCENTS.ticks.map((tick) => ({ at: tick, text: percent(tick) }))}
              xLabel="of buyers, smallest first"
              xMax={100}
              lines={[
                {
                  name: 'Your buyers',
                  look: 0,
                  strong: true,
                  points: lorenz.map((point) => [point.percent, 100 * point.share] as const),
                },
                { name: 'If all spent the same', look: 5, points: [[0, 0], [100, 100]] },
              ]} // prettier-ignore
              table={{
                caption: 'Share of spent by share of buyers',
                head: ['Buyers, smallest first', 'Made of all spent'],
                rows: lorenz.map((point) => ({
                  key: String(point.percent),
                  head: percent(point.percent),
                  cells: [shareOf(point.share)],
                })),
              }}
            />
          </InlineGrid>
        ) : null}
      </BlockStack>
    </Card>
  );
}
