import { Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** What a card is about, and below it a sentence that says more. */
export function CardHead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      <Text as="p" tone="subdued">
        {children}
      </Text>
    </div>
  );
}
