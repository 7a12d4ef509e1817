/** Before the first import, and after one that failed: what there is to know, and the button that starts it. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card } from '@shopify/polaris';
import { NothingHere } from '../nothing-here.tsx';

export function BeforeImport({ queued }: { queued: boolean }) {
  const submitting = useNavigation().state !== 'idle';
  return (
    <Card>
      <NothingHere heading="Your store has not been read yet">
        <p>
          Regulars reads your customers, orders and products once, then follows every change. It starts by
          itself within a few seconds of the installation.
        </p>
        <Form method="post">
          <Button submit loading={submitting} disabled={queued}>
            {queued ? 'Waiting for its turn' : 'Start now'}
          </Button>
        </Form>
      </NothingHere>
    </Card>
  );
}

export function ImportFailed({
  message,
  first,
  queued,
}: {
  message: string | null;
  first: boolean;
  queued: boolean;
}) {
  const submitting = useNavigation().state !== 'idle';
  return (
    <Banner tone="critical" title="Your store could not be read to the end">
      <BlockStack gap="300" inlineAlign="start">
        <p>
          {message ?? 'Something unexpected happened, and it was written to the log.'}{' '}
          {first
            ? 'Nothing was written to your store. Starting again goes on from what was already read.'
            : 'The numbers below are those of the last import; changes in your store still arrive.'}
        </p>
        <Form method="post">
          <Button submit loading={submitting} disabled={queued}>
            {queued ? 'Waiting for its turn' : 'Start again'}
          </Button>
        </Form>
      </BlockStack>
    </Banner>
  );
}
