/** One list of Activity with its heading, or that there is nothing in it. */
import { BlockStack, Card, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { NumberTable, type NumberTableProps } from '../charts/number-table.tsx';

export function ActivitySection({
  title,
  none,
  note,
  ...table
}: { title: string; none: string; note?: ReactNode } & Omit<NumberTableProps, 'wrap'>) {
  const empty = table.rows.length === 0;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {empty || note ? (
          <Text as="p" tone="subdued">
            {empty ? none : note}
          </Text>
        ) : null}
        {empty ? null : <NumberTable wrap {...table} />}
      </BlockStack>
    </Card>
  );
}
