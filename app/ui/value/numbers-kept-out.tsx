/** Cut points that were discarded or cancelled: until when others like them are not proposed, and a word to let them in. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, Text } from '@shopify/polaris';
import { formatDay } from '../format.ts';

export function NumbersKeptOut({ id, until }: { id: string; until: string }) {
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="h2" variant="headingMd">
          New cut points are kept out
        </Text>
        <Text as="p">
          {`You did not want the last ones, so the numbers of before stay in force. Before ${formatDay(until)} new ones are only proposed when they differ from those by more than 5 %.`}
        </Text>
        <Form method="post" action="/app/held">
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="decision" value="allow" />
          <Button submit>Let new cut points in</Button>
        </Form>
      </BlockStack>
    </Card>
  );
}
