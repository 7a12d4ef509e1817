/** A segment's control group on its settings: the share that gets nothing, and ending it. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { CardHead } from '../card-head.tsx';
import { countOf, formatDay } from '../format.ts';

export interface ControlShown {
  /** "10" */
  share: string;
  /** The shop's local date on which the share was set. */
  since: string;
  heldOut: number;
}

export function ControlSection({
  control,
  error,
  given,
  busy,
}: {
  /** Null: there is none now. */
  control: ControlShown | null;
  /** Beside the field. */
  error?: string;
  given?: string;
  /** The form that is on its way. */
  busy: 'set_control' | 'end_control' | null;
}) {
  const [share, setShare] = useState(given ?? control?.share ?? '');
  const [sure, setSure] = useState(false);
  return (
    <Card>
      <BlockStack gap="300">
        <CardHead title="Control group (gets nothing)">
          A share of those who come in, drawn by chance, gets no tag, no offer and no automation of this
          segment. They are members like all others; History shows what the segment changes. Who is in already
          keeps the tag, and who was drawn stays on their side when the share is changed, also after leaving
          and coming back. A segment in Shopify that is made by the rule itself holds them too.
        </CardHead>
        {control ? (
          <Text as="p">
            {`${control.share} % of those who came in since ${formatDay(control.since)}. ${countOf(control.heldOut, 'member')} ${control.heldOut === 1 ? 'gets' : 'get'} nothing now.`}
          </Text>
        ) : null}
        <Form method="post">
          <input type="hidden" name="intent" value="set_control" />
          <BlockStack gap="300" inlineAlign="start">
            <TextField
              label="Share"
              name="share"
              suffix="%"
              inputMode="decimal"
              autoComplete="off"
              value={share}
              onChange={setShare}
              error={error}
            />
            <Button submit loading={busy === 'set_control'} disabled={share === (control?.share ?? '')}>
              {control ? 'Change the share' : 'Draw a control group'}
            </Button>
          </BlockStack>
        </Form>
        {control ? (
          <Form method="post">
            <input type="hidden" name="intent" value="end_control" />
            <input type="hidden" name="shown" value={control.heldOut} />
            {sure ? (
              <InlineStack gap="200">
                <Button submit variant="primary" loading={busy === 'end_control'}>
                  {control.heldOut === 0 ? 'End it' : `End it and add ${countOf(control.heldOut, 'tag')}`}
                </Button>
                <Button onClick={() => setSure(false)}>Keep it</Button>
              </InlineStack>
            ) : (
              <Button onClick={() => setSure(true)}>End the control group</Button>
            )}
          </Form>
        ) : null}
      </BlockStack>
    </Card>
  );
}
