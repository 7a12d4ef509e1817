import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import type { SegmentSet } from '../../segments/read-sets.server.ts';

/** Sets and tiers, with who goes before whom; nothing where there are none. */
export function SetList({ sets }: { sets: readonly SegmentSet[] }) {
  if (sets.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Sets and tiers
        </Text>
        <ul className="rg-sets">
          {sets.map(({ id, name, kind, segments }) => (
            <li key={id}>
              <Link url={`/app/segment-sets/${id}`} removeUnderline>
                {name}
              </Link>
              <Text as="p" tone="subdued" variant="bodySm">
                {`${kind === 'tiers' ? 'Tiers' : 'One of'}: ${segments.map((one) => one.name).join(' › ')}`}
              </Text>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
