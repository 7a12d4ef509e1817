/** Before a step of an offer is taken: what it does to how many people. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, ButtonGroup, Card, Text } from '@shopify/polaris';
import type { OfferStep } from '../../activation/offers/change-state.server.ts';
import { countOf } from '../format.ts';

const ASK: Record<
  OfferStep['step'],
  (holders: number, without: number) => { title: string; words: string; yes: string }
> = {
  pause: (holders) => ({
    title: 'Pause the offer?',
    words: `${countOf(holders, 'person', 'people')} cannot use it until it goes on, and nobody new gets it.`,
    yes: 'Pause',
  }),
  resume: (holders) => ({
    title: 'Let the offer go on?',
    words: `${countOf(holders, 'person', 'people')} can use it again.`,
    yes: 'Go on',
  }),
  end: (holders) => ({
    title: 'End the offer?',
    words: `${countOf(holders, 'person loses', 'people lose')} it, and the discount is removed from Shopify. An ended offer does not come back.`,
    yes: 'End the offer',
  }),
  give: (_holders, without) => ({
    title: 'Give it to those who are in the segment without it?',
    words: `Up to ${countOf(without, 'person gets', 'people get')} the tag; who had another new offer of late, or is beyond a bound, waits. Tag additions may start automations of yours.`,
    yes: 'Give it to them',
  }),
  repair: () => ({
    title: 'Make the discount as it was?',
    words: 'A new discount is made as the offer says, then the changed one is removed.',
    yes: 'Repair',
  }),
  accept: () => ({
    title: 'Leave it as it is?',
    words: 'A changed discount stays as it is until you change the offer; with a deleted one the offer ends.',
    yes: 'Accept',
  }),
};

export function AskStep({
  step,
  holders,
  without,
  url,
}: {
  step: OfferStep['step'];
  holders: number;
  without: number;
  url: string;
}) {
  const busy = useNavigation().state !== 'idle';
  const { title, words, yes } = ASK[step](holders, without);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <Text as="p">{words}</Text>
        <Form method="post" action={url}>
          <input type="hidden" name="step" value={step} />
          <ButtonGroup>
            <Button submit variant="primary" tone={step === 'end' ? 'critical' : undefined} loading={busy}>
              {yes}
            </Button>
            <Button url={url} disabled={busy}>
              Cancel
            </Button>
          </ButtonGroup>
        </Form>
      </BlockStack>
    </Card>
  );
}
