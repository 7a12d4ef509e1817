/** One person is left out of everything computed, or counted again: what it changes is shown before. */
import { Form, useActionData, useNavigation } from '@remix-run/react';
import { BlockStack, Button, ButtonGroup, Card, Text } from '@shopify/polaris';
import type { PersonEffect } from '../../pipeline/leave-out-person.server.ts';
import { countOf, formatMinor } from '../format.ts';

/** What the customer's page answers to "look_left_out". */
export interface LookedAnswer {
  looked?: { out: boolean; effect: PersonEffect };
}

export function LeaveOutCard({
  leftOut,
  byHand,
  currency,
}: {
  leftOut: boolean;
  byHand: boolean;
  currency: string;
}) {
  const looked = (useActionData() as LookedAnswer | undefined)?.looked;
  const busy = useNavigation().formMethod === 'POST';
  // By a tag or a company: the settings say so, and only they can change it.
  if (leftOut && !byHand) return null;
  const out = !byHand;
  const shown = looked?.out === out ? looked : undefined;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {out ? 'Leave out' : 'Left out by hand'}
        </Text>
        <Text as="p" tone="subdued">
          {out
            ? 'For staff, friends and tests: in no segment, score or total. The orders are kept.'
            : 'In no segment, score or total until you count this customer again.'}
        </Text>
        {shown ? (
          <div role="status">
            <Text as="p">{effectWords(shown, currency)}</Text>
          </div>
        ) : null}
        <Form method="post">
          <input type="hidden" name="intent" value={shown ? 'leave_out' : 'look_left_out'} />
          <input type="hidden" name="out" value={String(out)} />
          <ButtonGroup>
            <Button submit loading={busy} tone={shown && out ? 'critical' : undefined}>
              {shown ? (out ? 'Leave out now' : 'Count again now') : out ? 'Leave out' : 'Count again'}
            </Button>
          </ButtonGroup>
        </Form>
      </BlockStack>
    </Card>
  );
}

function effectWords({ out, effect }: NonNullable<LookedAnswer['looked']>, currency: string): string {
  const { enter, leave, orders, spentMinor } = effect;
  const counted = `${countOf(orders, 'order')}, ${formatMinor(spentMinor, currency)},`;
  return [
    out ? `${counted} no longer count.` : `${counted} count again.`,
    ...(leave.length > 0 ? [`Leaves ${leave.join(', ')}; the tags go.`] : []),
    ...(enter.length > 0 ? [`Enters ${enter.join(', ')}.`] : []),
    ...(leave.length + enter.length === 0 ? ['No tag changes.'] : []),
  ].join(' ');
}
