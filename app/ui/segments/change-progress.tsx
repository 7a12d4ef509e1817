/** How far a change of segments is that is worked out, or followed, in the background. */
import { Form } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import type { ChangeRun } from '../../segments/change-run.ts';
import { countOf, formatCount } from '../format.ts';

type HowFar = Pick<ChangeRun, 'state' | 'done' | 'total'>;
export type ShownChangeRun = HowFar & Pick<ChangeRun, 'id' | 'entered' | 'left' | 'message' | 'approvalId'>;

export function ChangeProgress({ run }: { run: ShownChangeRun }) {
  switch (run.state) {
    case 'working':
    case 'approved':
      return (
        <Steps
          run={run}
          name="Working out the change"
          says="Your segments, tags and offers stay as they are while it is worked out. You may leave this page: it goes on, and waits for you here."
          cancel
        />
      );
    case 'applying':
      return (
        <Steps
          run={run}
          name="The change is in force"
          says="Memberships and tags follow as it goes. Orders that come in meanwhile are worked off as always. When it is done you can undo it."
        />
      );
    case 'cancelling':
      return (
        <Banner tone="info" title="The change is being given up">
          <p>Nothing of it was in force: your segments and tags are as they were.</p>
        </Banner>
      );
    case 'cancelled':
      return (
        <Banner tone="info" title="The change was cancelled">
          <p>Your segments and tags are as they were before.</p>
        </Banner>
      );
    case 'failed':
      return (
        <Banner tone="critical" title="The change was not made">
          <p>{run.message}</p>
        </Banner>
      );
    case 'done':
      return (
        <Banner
          tone="success"
          title="The change is done"
          action={
            run.approvalId
              ? { content: 'See the receipt', url: `/app/segments?receipt=${run.approvalId}` }
              : undefined
          }
        >
          <p>{`${countOf(run.entered, 'membership')} began, ${formatCount(run.left)} ended.`}</p>
        </Banner>
      );
    case 'ready':
      return null;
  }
}

function Steps({
  run,
  name,
  says,
  cancel = false,
}: {
  run: ShownChangeRun;
  name: string;
  says: string;
  cancel?: boolean;
}) {
  const percent = percentOf(run);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id="change-progress">
            {name}
          </Text>
          <span role="status">{`${formatCount(percent)} %`}</span>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy="change-progress" />
        <Text as="p" tone="subdued">
          {says}
        </Text>
        {cancel ? (
          <Form method="post" action="/app/segments/change">
            <input type="hidden" name="id" value={run.id} />
            <input type="hidden" name="intent" value="cancel" />
            <Button submit>Cancel the change</Button>
          </Form>
        ) : null}
      </BlockStack>
    </Card>
  );
}

/** What is shown was counted for a day, or for numbers, that are over. */
export function CountedBefore({ at }: { at: string }) {
  return (
    <Banner tone="warning" title={`These counts are of ${at}`}>
      <BlockStack gap="300" inlineAlign="start">
        <p>
          A new day has begun since, or your store’s numbers have changed. They are counted again tonight, or
          now if you say so; approving counts them again too, and shows them to you first.
        </p>
        <Form method="post" action="/app/segments/change">
          <input type="hidden" name="intent" value="count_again" />
          <Button submit>Count again</Button>
        </Form>
      </BlockStack>
    </Banner>
  );
}

function percentOf({ state, done, total }: HowFar): number {
  if (state === 'approved') return 100;
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
}

/** On the pages that it concerns. @param run null: none is under way */
export function ChangeNotice({ run }: { run: HowFar | null }) {
  if (!run) return null;
  return (
    <Banner
      tone={run.state === 'ready' ? 'warning' : 'info'}
      title={noticeOf(run)}
      action={{ content: run.state === 'ready' ? 'Review it' : 'See how far', url: '/app/segments/change' }}
    />
  );
}

function noticeOf(run: HowFar): string {
  const percent = `${formatCount(percentOf(run))} %`;
  switch (run.state) {
    case 'ready':
      return 'A change of segments waits for your approval';
    case 'applying':
      return `A change of segments is in force and being followed: ${percent}`;
    case 'cancelling':
      return 'A change of segments is being given up';
    default:
      return `A change of segments is being worked out: ${percent}`;
  }
}
