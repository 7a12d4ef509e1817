import { BlockStack, Card, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** Stands in a StatCards list: one number of the store, what it is, and what it rests on. */
export function StatCard({ label, value, help }: { label: string; value: string; help?: string }) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="span" variant="bodyMd" tone="subdued">
          <span id={idOf(label)}>{label}</span>
        </Text>
        <span role="group" aria-labelledby={idOf(label)}>
          <Text as="span" variant="headingLg" numeric>
            {value}
          </Text>
          {help ? (
            <Text as="p" variant="bodySm" tone="subdued">
              {help}
            </Text>
          ) : null}
        </span>
      </BlockStack>
    </Card>
  );
}

export function StatCards({ children }: { children: ReactNode }) {
  return <div className="rg-stats">{children}</div>;
}

const idOf = (label: string) => `stat-${label.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
