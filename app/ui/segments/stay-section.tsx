/** How members of a segment come in and go out, besides its rule; of a list, until when it holds. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, FormLayout, InlineStack, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { StayField, StayForm } from '../../segments/parse-stay-form.ts';

const HOLDS = [
  { value: 'none', label: 'As soon as the rule says so' },
  { value: 'months', label: 'After some months at least' },
  { value: 'end_of_this_year', label: 'After the end of the year in which they came in' },
  { value: 'end_of_next_year', label: 'After the end of the year after that' },
];

export function StaySection({
  isList: list,
  isDraft,
  stay,
  refused,
  busy,
}: {
  isList: boolean;
  isDraft: boolean;
  stay: StayForm;
  /** What was sent and is wrong. */
  refused: { errors: Partial<Record<StayField, string>>; given: Record<string, string> } | undefined;
  busy: boolean;
}) {
  const [form, setForm] = useState<StayForm>({ ...stay, ...refused?.given });
  const errors = refused?.errors ?? {};
  const set = (name: keyof StayForm) => (text: string) => setForm({ ...form, [name]: text });
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="stay" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {list ? 'Until when the list holds' : 'Coming in and going out'}
          </Text>
          {list ? (
            <TextField
              label="Last day"
              name="lastDay"
              type="date"
              autoComplete="off"
              value={form.lastDay}
              onChange={set('lastDay')}
              error={errors.lastDay}
              helpText="Its tags are taken off at the next midnight. Empty: it stays."
            />
          ) : (
            <FormLayout>
              {form.keepAtLeast === undefined ? null : (
                <TextField
                  label="Who is in stays with at least"
                  name="keepAtLeast"
                  inputMode="decimal"
                  autoComplete="off"
                  value={form.keepAtLeast}
                  onChange={set('keepAtLeast')}
                  error={errors.keepAtLeast}
                  helpText="A softer edge to go out than to come in. Empty: as to come in."
                />
              )}
              <Select
                label="Members go out"
                name="hold"
                options={HOLDS}
                value={form.hold}
                onChange={set('hold')}
                error={errors.hold}
              />
              {form.hold === 'months' ? (
                <TextField
                  label="Months"
                  name="months"
                  inputMode="numeric"
                  autoComplete="off"
                  value={form.months}
                  onChange={set('months')}
                  error={errors.months}
                />
              ) : null}
              <FormLayout.Group>
                <TextField
                  label="Stay at least"
                  name="minimumStayDays"
                  inputMode="numeric"
                  suffix="days"
                  autoComplete="off"
                  value={form.minimumStayDays}
                  onChange={set('minimumStayDays')}
                  error={errors.minimumStayDays}
                  helpText="So that nobody flickers in and out."
                />
                <TextField
                  label="Come back no sooner than"
                  name="rejoinAfterDays"
                  inputMode="numeric"
                  suffix="days"
                  autoComplete="off"
                  value={form.rejoinAfterDays}
                  onChange={set('rejoinAfterDays')}
                  error={errors.rejoinAfterDays}
                  helpText="After they went out."
                />
              </FormLayout.Group>
            </FormLayout>
          )}
          <InlineStack>
            <Button submit variant="primary" loading={busy}>
              {isDraft ? 'Save' : 'Save and review'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
