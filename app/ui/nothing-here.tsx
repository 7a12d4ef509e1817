import { BlockStack, Box, Button, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** Where a list or a page has nothing to show: what it would be, and the way on. */
export function NothingHere({
  heading,
  action,
  children,
}: {
  heading: string;
  action?: { content: string; url: string };
  children: ReactNode;
}) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        <Text as="h2" variant="headingMd" alignment="center">
          {heading}
        </Text>
        <div className="rg-nothing">{children}</div>
        {action ? <Button url={action.url}>{action.content}</Button> : null}
      </BlockStack>
    </Box>
  );
}
