/** What customers are worth by where they began: one card for channels, one for first products. */
import { BlockStack, Card } from '@shopify/polaris';
import type { OriginValue } from '../../value/read-value-by-origin.server.ts';
import { BarTable } from '../charts/bar-table.tsx';
import { averageMinor, formatCount, formatMinor, formatShare } from '../format.ts';
import { CardHead } from '../card-head.tsx';

export interface OriginsCardProps {
  title: string;
  help: string;
  /** What a row is: "Channel". */
  what: string;
  /** "other channels". */
  others: string;
  rows: readonly OriginValue[];
  nameOf: (origin: string | null) => string;
  currency: string;
}

export function OriginsCard({ title, help, what, others, rows, nameOf, currency }: OriginsCardProps) {
  const spent = rows.map((row) => averageMinor(row.spentMinor, row.customers) ?? 0n);
  const most = Math.max(1, ...spent.map(Number));
  const predicted = rows.some((row) => row.predicted > 0);
  return (
    <Card>
      <BlockStack gap="400">
        <CardHead title={title}>{help}</CardHead>
        <BarTable
          caption={title}
          head={[
            what,
            'Spent per customer',
            'Customers',
            'Came back',
            ...(predicted ? ['Expected, next 12 months'] : []),
          ]}
          rows={rows.map((row, i) => ({
            key: `${row.summed} ${i}`,
            name: row.summed ? `${formatCount(row.origins)} ${others}` : nameOf(row.origin),
            bar: Number(spent[i] ?? 0n) / most,
            value: formatMinor(spent[i] ?? 0n, currency),
            cells: [
              formatCount(row.customers),
              formatShare(row.repeatCustomers, row.customers),
              ...(predicted ? [expected(row, currency)] : []),
            ],
          }))}
        />
      </BlockStack>
    </Card>
  );
}

function expected(row: OriginValue, currency: string): string {
  const mean = averageMinor(row.expectedMinor, row.predicted);
  return mean === undefined ? '–' : formatMinor(mean, currency);
}
