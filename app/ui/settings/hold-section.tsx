/** The sale season's hold in the settings: from and to, each fault beside its field. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, FormLayout, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { formatDay } from '../format.ts';

export interface HoldSectionProps {
  /** Stored; null: none. */
  hold: { from: string; to: string } | null;
  /** The stored one covers today. */
  active: boolean;
  /** Of the last try, beside the fields. */
  errors: { from?: string; to?: string };
  /** What was tried, when it was refused. */
  given: { from: string; to: string } | null;
}

export function HoldSection({ hold, active, errors, given }: HoldSectionProps) {
  const { formData, state } = useNavigation();
  const busy = state !== 'idle' ? formData?.get('intent') : undefined;
  const [from, setFrom] = useState(given?.from ?? hold?.from ?? '');
  const [to, setTo] = useState(given?.to ?? hold?.to ?? '');
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Hold for the sale season
          </Text>
          <Text as="p" tone="subdued">
            Between two dates, both included, no new cut points and no new predictions are put in force: what
            counts as a best customer does not move while your sale runs. Orders still move customers, by the
            numbers of before.
          </Text>
          {hold ? (
            <Text as="p">
              {`${active ? 'In force now' : 'Set'}: ${formatDay(hold.from)} to ${formatDay(hold.to)}.`}
            </Text>
          ) : null}
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="set_hold" />
          <FormLayout>
            <FormLayout.Group>
              <TextField
                label="First day"
                name="from"
                type="date"
                autoComplete="off"
                value={from}
                onChange={setFrom}
                error={errors.from}
              />
              <TextField
                label="Last day"
                name="to"
                type="date"
                autoComplete="off"
                value={to}
                onChange={setTo}
                error={errors.to}
              />
            </FormLayout.Group>
            <Button
              submit
              variant="primary"
              disabled={hold?.from === from && hold.to === to}
              loading={busy === 'set_hold'}
            >
              Save the hold
            </Button>
          </FormLayout>
        </Form>
        {hold ? (
          <InlineStack>
            <Form method="post">
              <input type="hidden" name="intent" value="end_hold" />
              <Button submit loading={busy === 'end_hold'}>
                End the hold
              </Button>
            </Form>
          </InlineStack>
        ) : null}
      </BlockStack>
    </Card>
  );
}
