/** Two groups of people side by side: each number, the difference, and how sure it is. */
import { BlockStack, Card, Text } from '@shopify/polaris';
import {
  KINDS,
  MEANS,
  SHARES,
  type ComparedMean,
  type ComparedShare,
  type Comparison,
  type Kind,
  type ShareKey,
} from '../../../segments/analysis/comparison.ts';
import type { Interval } from '../../../segments/analysis/intervals.ts';
import { NumberTable } from '../../charts/number-table.tsx';
import { formatCount, formatMinor, formatShare } from '../../format.ts';
import { channelName } from '../../value/value-words.ts';

export interface ComparisonCardProps {
  comparison: Comparison;
  names: { a: string; b: string };
  currency: string;
}

export function ComparisonCard({ comparison, names, currency }: ComparisonCardProps) {
  const head = ['', names.a, names.b, 'Difference', '95 % sure'];
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => comparison.kinds[kind].length > 0);
  return (
    <>
      <Section title="On average">
        <NumberTable
          caption="Averages of both"
          head={head}
          rows={comparison.means.map((row) => ({
            key: row.key,
            head: MEANS[row.key].label,
            cells: meanCells(row, currency),
            strong: row.clear,
          }))}
        />
      </Section>
      <Section title="Shares">
        <NumberTable
          caption="Shares of both"
          head={head}
          rows={comparison.shares.map((row) => shareRow(row, SHARES[row.key as ShareKey]))}
        />
      </Section>
      {kinds.map((kind) => (
        <Section key={kind} title={KINDS[kind]}>
          <NumberTable
            caption={`${KINDS[kind]}: shares of both`}
            head={head}
            rows={comparison.kinds[kind].map((row) =>
              shareRow(row, kind === 'channel' ? channelName(row.key) : row.key),
            )}
          />
        </Section>
      ))}
    </>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {children}
      </BlockStack>
    </Card>
  );
}

function meanCells({ key, a, b, difference }: ComparedMean, currency: string): string[] {
  const write = (value: number) => meanWords(MEANS[key].unit, value, currency);
  const one = (side: ComparedMean['a']) => (side.n === 0 ? '–' : write(side.mean));
  return [
    one(a),
    one(b),
    a.n === 0 || b.n === 0 ? '–' : signed(a.mean - b.mean, write),
    difference ? between(difference, write) : 'too few to say',
  ];
}

function shareRow(row: ComparedShare, head: string) {
  const { key, a, b, difference, clear } = row;
  return {
    key,
    head,
    strong: clear,
    cells: [
      formatShare(a.some, a.of),
      formatShare(b.some, b.of),
      difference ? signed(a.some / a.of - b.some / b.of, points) : '–',
      difference ? between(difference, points) : 'too few to say',
    ],
  };
}

function meanWords(
  unit: (typeof MEANS)[keyof typeof MEANS]['unit'],
  value: number,
  currency: string,
): string {
  switch (unit) {
    case 'money':
      return formatMinor(BigInt(Math.round(value)), currency);
    case 'percent':
      return `${value.toFixed(1)} %`;
    case 'number':
      return value >= 1000 ? formatCount(Math.round(value)) : value.toFixed(1);
  }
}

const points = (share: number) => `${(100 * share).toFixed(1)} points`;

/** With a sign in front, also for zero-crossing intervals. */
function signed(value: number, write: (value: number) => string): string {
  const sign = value < 0 ? '−' : '+';
  return value === 0 ? write(0) : `${sign}${write(Math.abs(value))}`;
}

function between({ from, to }: Interval, write: (value: number) => string): string {
  return `${signed(from, write)} to ${signed(to, write)}`;
}
