/** A change of segments in a large store: how far it is, its review once it is worked out, a way out until it is in force. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Page } from '@shopify/polaris';
import { readAtStake } from '../activation/read-at-stake.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { approveChange, cancelChange } from '../pipeline/decide-change.server.ts';
import { isAsCounted, readChangeReview } from '../pipeline/read-change-review.server.ts';
import { renewChange } from '../pipeline/renew-change.server.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { readChangeRun } from '../segments/change-run.server.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { readChangeWords } from '../segments/read-review-change.server.ts';
import { heldAfterMoves } from '../segments/stage-moves.server.ts';
import { formatInstant } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { OffersAtStake } from '../ui/offers/offers-at-stake.tsx';
import { NativesAtStake } from '../ui/reach/natives-at-stake.tsx';
import { StartAutomationsChoice } from '../ui/reach/flow-section.tsx';
import { approveLabel } from '../ui/segments/approve-label.ts';
import { ChangeProgress, CountedBefore } from '../ui/segments/change-progress.tsx';
import { ChangeReviewView } from '../ui/segments/change-review.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { pageRequest } from './page-request.server.ts';
import { CHANGE_URL } from './saved-segment.server.ts';

export const meta: MetaFunction = () => [{ title: 'Change of segments · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const run = await readChangeRun(tx);
      if (!run) return { run: null, shown: null, countedBefore: null, currency: settings.currency };
      const { id, state, done, total, entered, left, message, approvalId, change } = run;
      return {
        run: { id, state, done, total, entered, left, message, approvalId, act: change.act },
        shown: state === 'ready' ? await readShown(tx, run, now) : null,
        // Between midnight and the night's job they are those of yesterday.
        countedBefore:
          state === 'ready' && run.countedAt && !(await isAsCounted(tx, now))
            ? formatInstant(run.countedAt, settings.timeZone)
            : null,
        currency: settings.currency,
      };
    }),
  );
}

async function readShown(tx: ShopTx, run: ChangeRun, now: Date) {
  const review = await readChangeReview(tx, now);
  if (!review) return null;
  return {
    review,
    words: await readChangeWords(tx, await proposeChange(tx, run.change), now),
    atStake: await readAtStake(tx, run.change, {
      segments: review.segments,
      now,
      heldBy: (ids) => heldAfterMoves(tx.shopId, ids, { touched: false }),
    }),
  };
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const id = String(form.get('id') ?? '');
    switch (form.get('intent')) {
      case 'cancel':
        return (await cancelChange(app, shopId, { id, actor, now }))
          ? redirect(CHANGE_URL)
          : { outcome: 'too_late' as const };
      case 'approve': {
        const fingerprint = String(form.get('fingerprint') ?? '');
        const startAutomations = form.get('startAutomations') === 'true';
        const approved = { id, fingerprint, startAutomations, actor, now };
        const { outcome } = await approveChange(app, shopId, approved);
        return outcome === 'approved' ? redirect(CHANGE_URL) : { outcome };
      }
      case 'count_again':
        await renewChange(app, shopId, now);
        return redirect(CHANGE_URL);
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
  });
}

export default function SegmentChangePage() {
  const { run, shown, countedBefore, currency } = useLoaderData<typeof loader>();
  const refused = useActionData() as { outcome: string } | undefined;
  const submitting = useNavigation().formMethod === 'POST';
  const resting = !run || ['ready', 'done', 'cancelled', 'failed'].includes(run.state);
  useRefresh(resting ? 30_000 : 1_500);
  const back = { content: 'Segments', url: '/app/segments' };
  if (!run) {
    return (
      <Page title="Change of segments" backAction={back}>
        <Card>
          <NothingHere
            heading="No change is under way"
            action={{ content: 'Go to Segments', url: '/app/segments' }}
          >
            <p>Where a store is large, changes of segments are worked out here.</p>
          </NothingHere>
        </Card>
      </Page>
    );
  }
  const ready = run.state === 'ready';
  return (
    <Page
      title="Change of segments"
      subtitle={ready ? 'Nothing is written until you approve' : undefined}
      backAction={back}
    >
      <BlockStack gap="400">
        {refused?.outcome === 'too_late' ? (
          <Banner tone="warning" title="It is in force already">
            <p>You can undo it when it is done.</p>
          </Banner>
        ) : null}
        {ready && run.message === 'changed' ? (
          <Banner tone="warning" title="Your store has changed since you looked">
            <p>Nothing was written. These are the numbers now: look again, then approve.</p>
          </Banner>
        ) : null}
        {countedBefore !== null ? <CountedBefore at={countedBefore} /> : null}
        <ChangeProgress run={run} />
        {shown ? (
          <>
            <OffersAtStake offers={shown.atStake.offers} currency={currency} />
            <NativesAtStake natives={shown.atStake.natives} />
            <ChangeReviewView
              review={shown.review}
              words={shown.words}
              currency={currency}
              showGains={run.act !== 'turn_off'}
            />
            <Form method="post" className="rg-page-actions">
              <input type="hidden" name="id" value={run.id} />
              <input type="hidden" name="intent" value="approve" />
              <input type="hidden" name="fingerprint" value={shown.review.fingerprint} />
              {shown.review.tagAdditions > 0 ? (
                <StartAutomationsChoice people={shown.review.tagAdditions} />
              ) : null}
              <Button submit variant="primary" loading={submitting}>
                {approveLabel(shown.review, run.act !== 'turn_off')}
              </Button>
            </Form>
          </>
        ) : null}
        {ready ? (
          <Form method="post" className="rg-page-actions">
            <input type="hidden" name="id" value={run.id} />
            <input type="hidden" name="intent" value="cancel" />
            <Button submit disabled={submitting}>
              Cancel the change
            </Button>
          </Form>
        ) : null}
      </BlockStack>
    </Page>
  );
}
