import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import type { ImpossibleShown } from '../../activation/tags/impossible.server.ts';
import { explainFailure } from '../../activation/tags/write-failure.ts';
import { NumberTable } from '../charts/number-table.tsx';

/** The newest tags that cannot be written, at most `most` of them. */
export function ImpossibleCard({
  impossible,
  most,
}: {
  impossible: readonly Pick<ImpossibleShown, 'customerId' | 'tag' | 'reason'>[];
  most: number;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Who cannot have a tag, and why
        </Text>
        <NumberTable
          caption="Tags that cannot be written"
          head={['Customer', 'Tag', 'Why']}
          wrap
          rows={impossible.map(({ customerId, tag, reason }) => ({
            key: `${customerId} ${tag}`,
            head: <Link url={`/app/customers/${customerId}`}>{customerId}</Link>,
            cells: [{ text: <code className="rg-tag">{tag}</code> }, explainFailure(reason)],
          }))}
        />
        {impossible.length >= most ? (
          <Text as="p">
            The newest {most} are shown. <Link url="/app/activity?outcome=failed">All of them</Link>
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}
