/** How members of a segment come in and go out, besides its rule; of a list, until when it holds. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, FormLayout, InlineStack, Link, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { StayField, StayForm } from '../../../segments/parse-stay-form.ts';
import { HoldFields, type HoldChoice } from './hold-fields.tsx';

const HOLDS: Record<HoldChoice, string> = {
  none: 'As soon as the rule says so',
  months: 'After some months at least',
  end_of_this_year: 'After the end of the year in which they came in',
  end_of_next_year: 'After the end of the year after that',
};

const DAYS = [
  { name: 'minimumStayDays', label: 'Stay at least', help: 'So that nobody flickers in and out.' },
  { name: 'rejoinAfterDays', label: 'Come back no sooner than', help: 'After they went out.' },
] as const;

export function StaySection({
  isList: list,
  isDraft,
  stay,
  keepWords,
  keepUrl,
  refused,
  busy,
}: {
  isList: boolean;
  isDraft: boolean;
  stay: StayForm;
  /** The softer rule to stay, in words. */
  keepWords: string | null;
  /** Where it is written. */
  keepUrl: string;
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
              <HoldFields label="Members go out" choices={HOLDS} form={form} errors={errors} onChange={set} />
              <FormLayout.Group>
                {DAYS.map(({ name, label, help }) => (
                  <TextField
                    key={name}
                    label={label}
                    name={name}
                    inputMode="numeric"
                    suffix="days"
                    autoComplete="off"
                    value={form[name]}
                    onChange={set(name)}
                    error={errors[name]}
                    helpText={help}
                  />
                ))}
              </FormLayout.Group>
              <div>
                <Text as="p" tone="subdued">
                  {keepWords === null
                    ? 'To stay takes the same as to get in.'
                    : `Who is in stays as long as this holds: ${keepWords}`}
                </Text>
                <Link url={keepUrl}>
                  {keepWords === null ? 'Write a softer rule to stay' : 'Change the rule to stay'}
                </Link>
              </div>
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
