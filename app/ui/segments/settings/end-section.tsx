/** How a segment ends: paused, turned off, deleted. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { SegmentHead } from '../../../segments/read-segment-head.server.ts';

type Head = Pick<SegmentHead, 'key' | 'name' | 'status' | 'usedBy'>;

export function EndSection({ head, busy }: { head: Head; busy: FormDataEntryValue | null | undefined }) {
  const draft = head.status === 'draft';
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {draft ? 'Delete' : 'Pause or turn off'}
        </Text>
        {head.status === 'live' ? (
          <Form method="post">
            <input type="hidden" name="intent" value="pause" />
            <BlockStack gap="200" inlineAlign="start">
              <Text as="p" tone="subdued">
                Paused, its members are still kept up to date here, and the tags in your store stay as they
                are.
              </Text>
              <Button submit loading={busy === 'pause'}>
                Pause
              </Button>
            </BlockStack>
          </Form>
        ) : null}
        {draft ? null : (
          <BlockStack gap="200" inlineAlign="start">
            <Text as="p" tone="subdued">
              Turned off, it is a draft again and its tags are taken off. You see the numbers first.
            </Text>
            <Button tone="critical" url={`/app/segments/review?act=turn_off&keys=${head.key}`}>
              Turn off
            </Button>
          </BlockStack>
        )}
        {draft ? <DeleteForm head={head} busy={busy === 'delete'} /> : null}
      </BlockStack>
    </Card>
  );
}

function DeleteForm({ head, busy }: { head: Head; busy: boolean }) {
  const [sure, setSure] = useState(false);
  if (head.usedBy.length > 0) {
    return (
      <Text as="p">
        {`It cannot be deleted while others ask for its members: ${head.usedBy.map(({ name }) => name).join(', ')}.`}
      </Text>
    );
  }
  return (
    <Form method="post">
      <input type="hidden" name="intent" value="delete" />
      <BlockStack gap="200" inlineAlign="start">
        <Text as="p" tone="subdued">
          Its rule, versions, people and history are forgotten. Who approved what stays.
        </Text>
        {sure ? (
          <InlineStack gap="200">
            <Button submit tone="critical" variant="primary" loading={busy}>
              {`Delete ${head.name}`}
            </Button>
            <Button onClick={() => setSure(false)}>Keep it</Button>
          </InlineStack>
        ) : (
          <Button tone="critical" onClick={() => setSure(true)}>
            Delete the segment
          </Button>
        )}
      </BlockStack>
    </Form>
  );
}
