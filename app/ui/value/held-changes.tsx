/** Changes that wait for a person: what, how many people, the counts of each segment, release or discard. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, InlineStack } from '@shopify/polaris';
import { NumberTable } from '../charts/number-table.tsx';
import { formatCount } from '../format.ts';
import { decisionHelp, heldExplanation, heldTitle, type ShownChange } from './held-words.ts';

export function HeldChanges({ changes }: { changes: readonly ShownChange[] }) {
  return (
    <>
      {changes.map((change) => (
        <HeldChangeBanner key={change.id} change={change} />
      ))}
    </>
  );
}

function HeldChangeBanner({ change }: { change: ShownChange }) {
  return (
    <Banner tone="warning" title={heldTitle(change)}>
      <BlockStack gap="300">
        <p>{heldExplanation(change)}</p>
        <NumberTable
          caption="Who gains and loses which tag"
          head={['Segment or offer', 'Tag', 'Gain it', 'Lose it']}
          rows={change.changes.map(({ key, name, tag, gains, loses }) => ({
            key,
            head: name,
            cells: [tag, formatCount(gains), formatCount(loses)],
          }))}
        />
        <p>{decisionHelp(change)}</p>
        <InlineStack gap="200">
          <Decide id={change.id} decision="release" words="Release" />
          <Decide id={change.id} decision="discard" words="Discard" />
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}

function Decide({ id, decision, words }: { id: string; decision: 'release' | 'discard'; words: string }) {
  const { state, formData } = useNavigation();
  const mine = state !== 'idle' && formData?.get('id') === id;
  return (
    <Form method="post" action="/app/held">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="decision" value={decision} />
      <Button
        submit
        variant={decision === 'release' ? 'primary' : 'secondary'}
        disabled={mine}
        loading={mine && formData.get('decision') === decision}
      >
        {words}
      </Button>
    </Form>
  );
}
