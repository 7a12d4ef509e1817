/** How long the history of memberships is kept; what a lower number deletes is said before it is saved. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { CardHead } from '../card-head.tsx';
import { formatCount, formatDay } from '../format.ts';

export interface LookedHistory {
  months: number;
  from: string;
  /** Null: too many to count while somebody waits. */
  deleted: number | null;
}

export function HistorySection({
  months,
  bounds,
  error,
  given,
  looked,
}: {
  months: number;
  bounds: { least: number; most: number };
  error?: string;
  given?: string;
  /** What was asked for would delete this. */
  looked?: LookedHistory;
}) {
  const [typed, setTyped] = useState(given ?? String(looked?.months ?? months));
  const { formData, state } = useNavigation();
  const intent = state === 'idle' ? null : formData?.get('intent');
  const agreed = looked !== undefined && String(looked.months) === typed.trim();
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value={agreed ? 'set_history' : 'look_history'} />
        <BlockStack gap="300">
          <CardHead title="History of memberships">
            Who entered and left which segment, when and why. Older entries are deleted each night. Who is in
            a segment now does not depend on it.
          </CardHead>
          <div className="rg-narrow">
            <TextField
              label="Keep it for"
              name="months"
              inputMode="numeric"
              suffix="months"
              autoComplete="off"
              value={typed}
              onChange={setTyped}
              error={error}
              helpText={`${bounds.least} to ${bounds.most} months.`}
            />
          </div>
          {agreed ? (
            <Banner tone="warning" title="What saving deletes">
              <p>{deletedWords(looked)}</p>
            </Banner>
          ) : null}
          <InlineStack>
            <Button
              submit
              variant={agreed ? undefined : 'primary'}
              tone={agreed ? 'critical' : undefined}
              disabled={typed.trim() === String(months) && !error}
              loading={intent === 'look_history' || intent === 'set_history'}
            >
              {agreed ? 'Save, and delete them' : 'Save'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}

function deletedWords({ from, deleted }: LookedHistory): string {
  const what = deleted === null ? 'All entries' : `${formatCount(deleted)} entries`;
  return `${what} from before ${formatDay(from)} are deleted tonight, for good. A higher number later does not bring them back.`;
}
