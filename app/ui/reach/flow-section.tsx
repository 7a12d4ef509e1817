/** Whether entering and leaving one segment starts automations in Shopify Flow, and what was told. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, Checkbox, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { countOf, formatCount } from '../format.ts';

export function FlowSection({
  flow,
  hours,
}: {
  flow: { on: boolean; refit: boolean; waiting: number; sent: number; givenUp: number };
  /** "09:00 to 20:00" */
  hours: string;
}) {
  const [on, setOn] = useState(flow.on);
  const [refit, setRefit] = useState(flow.refit);
  const busy = useNavigation().formData?.get('intent') === 'set_flow';
  const any = flow.sent + flow.waiting + flow.givenUp > 0;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            Automations in Shopify Flow
          </Text>
          <Text as="p" tone="subdued">
            {`In Shopify Flow, workflows can start with “Customer entered segment” and “Customer left segment”. Orders and other acts of a customer start them at once. Where only a day has passed, they wait for your contact hours (${hours}) and do not start if the customer has moved back by then. Turning a segment on or changing its rule starts none, unless you say so when you approve it.`}
          </Text>
          <Text as="p">
            {any
              ? `In the last 30 days: ${formatCount(flow.sent)} told to Flow, ${formatCount(flow.waiting)} waiting.`
              : 'Nothing has been told to Flow about this segment yet.'}
          </Text>
          {flow.givenUp > 0 ? (
            <Text as="p" tone="critical">
              {`${countOf(flow.givenUp, 'event')} could not be told and ${flow.givenUp === 1 ? 'was' : 'were'} given up.`}
            </Text>
          ) : null}
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="set_flow" />
          <BlockStack gap="200">
            <Checkbox
              label="Start automations for this segment"
              name="flow"
              value="true"
              checked={on}
              onChange={setOn}
            />
            <Checkbox
              label="Also when new numbers for the whole store move somebody"
              helpText="Cut points and predictions are put in force once in a while and can move many customers at once."
              name="flowRefit"
              value="true"
              checked={refit}
              disabled={!on}
              onChange={setRefit}
            />
            <InlineStack>
              <Button submit loading={busy}>
                Save
              </Button>
            </InlineStack>
          </BlockStack>
        </Form>
      </BlockStack>
    </Card>
  );
}

/** For the approval of a change: the default is no. A field of the form that approves. */
export function StartAutomationsChoice({ people }: { people: number }) {
  const [on, setOn] = useState(false);
  return (
    <Checkbox
      label={`Start automations for the ${formatCount(people)}`}
      helpText="Flow is told about them bit by bit, and you can stop it on “Use it”. Without this, Flow is told about those who enter or leave from now on."
      name="startAutomations"
      value="true"
      checked={on}
      onChange={setOn}
    />
  );
}
