/** What is computed for everybody in the background, how far it is, and a pause. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import type { BackgroundRun } from '../../pipeline/background-run.server.ts';
import { formatCount } from '../format.ts';
import { runName } from './held-words.ts';

export type ShownRun = Pick<BackgroundRun, 'kind' | 'state' | 'done' | 'total'>;

export function BackgroundRuns({ runs }: { runs: readonly ShownRun[] }) {
  return (
    <>
      {runs.map((run) => (
        <RunCard key={run.kind} run={run} />
      ))}
    </>
  );
}

function RunCard({ run: { kind, state, done, total } }: { run: ShownRun }) {
  const paused = state === 'paused';
  const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
  const name = runName(kind);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id={`run-${kind}`}>
            {name}
          </Text>
          <span role="status">
            {paused ? 'Paused' : total > 0 ? `${formatCount(percent)} %` : 'About to begin'}
          </span>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy={`run-${kind}`} />
        <Text as="p" tone="subdued">
          {paused
            ? 'Who was done has everything new, all others are as before; nobody is in between. It goes on tonight by itself, or when you say so. To take it back, change the setting back: that is computed for everybody too.'
            : 'Segments and tags follow as it goes. Orders that come in meanwhile are worked off as always.'}
        </Text>
        <Form method="post" action="/app/runs">
          <input type="hidden" name="kind" value={kind} />
          <input type="hidden" name="intent" value={paused ? 'resume' : 'pause'} />
          <Button submit>{paused ? 'Go on' : 'Pause'}</Button>
        </Form>
      </BlockStack>
    </Card>
  );
}
