import { BlockStack, Card, Text } from '@shopify/polaris';
import type { FoundTag } from '../../activation/tags/found-tags.server.ts';
import { countOf } from '../format.ts';
import { Choice } from './choice.tsx';

/** Tags with our prefix that were there before us: adopted or left. */
export function FoundTagsCard({
  found,
}: {
  found: readonly Pick<FoundTag, 'key' | 'tag' | 'customers' | 'segment'>[];
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Tags that were there before
        </Text>
        <Text as="p" tone="subdued">
          They begin with your prefix, and Regulars did not write them. Adopt: Regulars keeps them in step
          from now on. Leave: they are never touched.
        </Text>
        {found.map(({ key, tag, customers, segment }) => (
          <BlockStack gap="200" key={key}>
            <Text as="p">
              <code className="rg-tag">{tag}</code> on {countOf(customers, 'customer')}.{' '}
              {segment
                ? segment.status === 'draft'
                  ? `It is the tag of “${segment.name}”, a draft: if you adopt it, it stays as it is until you turn the segment on.`
                  : `It is the tag of “${segment.name}”.`
                : 'No segment has this tag: if you adopt it, it is removed.'}
            </Text>
            <Choice
              hidden={{ key }}
              about={tag}
              choices={[
                { intent: 'adopt', label: segment ? 'Adopt' : 'Adopt and remove' },
                { intent: 'leave', label: 'Leave' },
              ]}
            />
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}
