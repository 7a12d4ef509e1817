/** Settings: how soon one person may get another new offer. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';

export function OfferGapSection({ days, error, given }: { days: number; error?: string; given?: string }) {
  const [typed, setTyped] = useState(given ?? String(days));
  const { state, formData } = useNavigation();
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="set_offer_gap" />
        <BlockStack gap="300">
          <div>
            <Text as="h2" variant="headingMd">
              Offers
            </Text>
            <Text as="p" tone="subdued">
              Whoever enters a segment with an offer sooner than this after their last new offer waits for it.
              Offers that people hold stay theirs.
            </Text>
          </div>
          <div className="rg-narrow">
            <TextField
              label="At most one new offer a person in"
              name="offerGapDays"
              inputMode="numeric"
              suffix="days"
              autoComplete="off"
              value={typed}
              onChange={setTyped}
              error={error}
              helpText="0: as many as there are."
            />
          </div>
          <InlineStack>
            <Button
              submit
              variant="primary"
              loading={state !== 'idle' && formData?.get('intent') === 'set_offer_gap'}
            >
              Save
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
