/** What is computed for everybody in the background, how far it is, a pause, and a way back where there is one. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import type { ShownRun } from '../../pipeline/background-run.server.ts';
import { formatCount } from '../format.ts';
import { cancelSays, runName, runSays } from './run-words.ts';

export function BackgroundRuns({ runs }: { runs: readonly ShownRun[] }) {
  return (
    <>
      {runs.map((run) => (
        <RunCard key={run.kind} run={run} />
      ))}
    </>
  );
}

function RunCard({ run }: { run: ShownRun }) {
  const { id, kind, state, done, total } = run;
  const paused = state === 'paused';
  const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
  const cancel = cancelSays(run);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id={`run-${kind}`}>
            {runName(run)}
          </Text>
          <span role="status">
            {paused ? 'Paused' : total > 0 ? `${formatCount(percent)} %` : 'About to begin'}
          </span>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy={`run-${kind}`} />
        {[...runSays(run), ...(cancel ? [cancel] : [])].map((sentence) => (
          <Text as="p" tone="subdued" key={sentence}>
            {sentence}
          </Text>
        ))}
        <InlineStack gap="200">
          <Form method="post" action="/app/runs">
            <input type="hidden" name="kind" value={kind} />
            <input type="hidden" name="intent" value={paused ? 'resume' : 'pause'} />
            <Button submit>{paused ? 'Go on' : 'Pause'}</Button>
          </Form>
          {cancel ? (
            <Form method="post" action="/app/runs">
              <input type="hidden" name="id" value={id} />
              <input type="hidden" name="intent" value="cancel" />
              <Button submit>Cancel</Button>
            </Form>
          ) : null}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
