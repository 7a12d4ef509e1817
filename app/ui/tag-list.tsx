import { BlockStack, InlineStack, Tag, Text } from '@shopify/polaris';

/** Tags side by side, or a word when there are none. */
export function TagList({ label, tags, none }: { label: string; tags: readonly string[]; none: string }) {
  return (
    <BlockStack gap="150">
      <Text as="h3" variant="headingSm">
        {label}
      </Text>
      {tags.length === 0 ? (
        <Text as="p" tone="subdued">
          {none}
        </Text>
      ) : (
        <InlineStack gap="150">
          {tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </InlineStack>
      )}
    </BlockStack>
  );
}
