/** Approves what the review shows: its fingerprint, the act and what it is about. */
import { Form, useNavigation } from '@remix-run/react';
import { Button, ButtonGroup } from '@shopify/polaris';
import { StartAutomationsChoice } from '../reach/flow-section.tsx';
import { approveLabel } from './approve-label.ts';
import type { ShownReview } from './change-review.tsx';

export function ApproveForm({
  act,
  asked,
  chosen,
  review,
  ready,
  back,
}: {
  act: string;
  /** The query of the page: what else names the change. */
  asked: URLSearchParams;
  chosen: readonly string[];
  review: ShownReview & { fingerprint: string };
  /** Whether it may be approved. */
  ready: boolean;
  back: string;
}) {
  const submitting = useNavigation().formMethod === 'POST';
  const on = act !== 'turn_off';
  return (
    <Form method="post" className="rg-page-actions">
      <input type="hidden" name="act" value={act} />
      <input type="hidden" name="fingerprint" value={review.fingerprint} />
      {on && review.tagAdditions > 0 ? <StartAutomationsChoice people={review.tagAdditions} /> : null}
      {['key', 'version', 'set', 'approval'].map((name) => {
        const value = asked.get(name);
        return value === null ? null : <input key={name} type="hidden" name={name} value={value} />;
      })}
      {chosen.map((key) => (
        <input key={key} type="hidden" name="keys" value={key} />
      ))}
      <ButtonGroup>
        <Button
          submit
          variant="primary"
          tone={on ? undefined : 'critical'}
          loading={submitting}
          disabled={!ready}
        >
          {approveLabel(review, on)}
        </Button>
        <Button url={back} disabled={submitting}>
          Cancel
        </Button>
      </ButtonGroup>
    </Form>
  );
}
