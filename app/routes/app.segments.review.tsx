/** Before anything is written: who gains and loses which tag. Approving acts on what is shown here, within a bound. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, ButtonGroup, Card, Page, Text } from '@shopify/polaris';
import { readTurnOffReview } from '../activation/read-turn-off-review.server.ts';
import { assertNever } from '../app-error.ts';
import { turnOff } from '../pipeline/turn-off.server.ts';
import { turnOn } from '../pipeline/turn-on.server.ts';
import { REVIEW_BOUND_WORDS } from '../segments/review-bound.ts';
import { readSegmentNames } from '../segments/read-segment-names.server.ts';
import { reviewTurnOn } from '../segments/review-turn-on.server.ts';
import { CustomerSample } from '../ui/customer-sample.tsx';
import { countOf } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { ReviewTable } from '../ui/review-table.tsx';
import { turnedUrl } from '../ui/turned-notice.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Review · Regulars' }];

const keysOf = (values: readonly string[]) => values.flatMap((value) => value.split(',')).filter(Boolean);

export function loader(args: LoaderFunctionArgs) {
  const query = new URL(args.request.url).searchParams;
  const act = query.get('act') === 'turn_off' ? ('turn_off' as const) : ('turn_on' as const);
  const asked = query.get('keys') ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const keys = asked === 'all' ? (await readSegmentNames(tx)).map(({ key }) => key) : keysOf([asked]);
      if (act === 'turn_on') {
        return {
          act,
          imported: settings.firstImportedAt !== null,
          review: await reviewTurnOn(tx, { keys, now }),
        };
      }
      const review = await readTurnOffReview(tx, keys);
      return { act, imported: true, review: { ...review, tagAdditions: 0 } };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const keys = keysOf(form.getAll('keys').map(String));
    const after = keys.length === 1 ? `/app/segments/${keys[0]}` : '/app/segments';
    const fingerprint = String(form.get('fingerprint') ?? '');
    if (form.get('act') === 'turn_off') {
      const result = await turnOff(app, shopId, { keys, fingerprint, actor, now });
      switch (result.outcome) {
        case 'done':
          return redirect(turnedUrl(after, 'off', result.review.tagRemovals));
        case 'changed':
          return { outcome: 'changed' as const };
        case 'nothing_to_turn_off':
          return { outcome: result.outcome };
        default:
          return assertNever(result);
      }
    }
    const result = await turnOn(app, shopId, { keys, fingerprint, actor, now });
    switch (result.outcome) {
      case 'done':
        return redirect(turnedUrl(after, 'on', result.review.tagAdditions));
      case 'changed':
        return { outcome: 'changed' as const };
      case 'not_ready':
        return { outcome: result.reason };
      default:
        return assertNever(result);
    }
  });
}

export default function Review() {
  const { act, imported, review } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const submitting = useNavigation().formMethod === 'POST';
  const on = act === 'turn_on';
  const keys = review.segments.map((segment) => segment.key);
  const [only] = keys;
  const back =
    keys.length === 1
      ? { content: 'Segment', url: `/app/segments/${only}` }
      : { content: 'Segments', url: '/app/segments' };
  if (keys.length === 0) {
    return (
      <Page title="Review" backAction={back}>
        <Card>
          <NothingHere
            heading={on ? 'Nothing to turn on' : 'Nothing to turn off'}
            action={{ content: 'Go to Segments', url: '/app/segments' }}
          >
            <p>{on ? 'The chosen segments are live already.' : 'The chosen segments are drafts.'}</p>
          </NothingHere>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={`${on ? 'Turn on' : 'Turn off'} ${keys.length === 1 ? (review.segments[0]?.name ?? '') : countOf(keys.length, 'segment')}`}
      subtitle="Nothing is written until you approve"
      backAction={back}
    >
      <BlockStack gap="400">
        {refused?.outcome === 'changed' ? (
          <Banner tone="warning" title="Your store has changed since you looked">
            <p>Nothing was written. These are the numbers now: look again, then approve.</p>
          </Banner>
        ) : null}
        {refused?.outcome === 'not_imported' || !imported ? (
          <Banner tone="warning" title="Your store is still being read">
            <p>Segments can be turned on once the first import is done. Home shows how far it is.</p>
          </Banner>
        ) : null}
        {refused?.outcome === 'no_predictions' ? (
          <Banner tone="warning" title="There are no predictions to rely on yet">
            <p>
              Nothing was written. A chosen segment asks for predictions, and your store has too few customers
              or orders for them so far. Value shows what is missing.
            </p>
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {summaryOf(review, on)}
            </Text>
            <ReviewTable segments={review.segments} showGains={on} />
            <Text as="p" tone="subdued" variant="bodySm">
              {REVIEW_BOUND_WORDS}
            </Text>
          </BlockStack>
        </Card>
        {on && review.tagAdditions > 0 ? (
          <Banner
            tone="warning"
            title={`${countOf(review.tagAdditions, 'tag addition')} may start your own automations`}
          >
            <p>
              Flow workflows, e-mail campaigns and other apps that watch for new customer tags will see each
              of them. Check what starts on the tags above before you approve.
            </p>
          </Banner>
        ) : null}
        <CustomerSample ids={review.sample} total={review.customersAffected} />
        <Form method="post" className="rg-page-actions">
          <input type="hidden" name="act" value={act} />
          <input type="hidden" name="fingerprint" value={review.fingerprint} />
          {keys.map((key) => (
            <input key={key} type="hidden" name="keys" value={key} />
          ))}
          <ButtonGroup>
            <Button
              submit
              variant="primary"
              tone={on ? undefined : 'critical'}
              loading={submitting}
              disabled={!imported}
            >
              {approveLabel(review, on)}
            </Button>
            <Button url={back.url} disabled={submitting}>
              Cancel
            </Button>
          </ButtonGroup>
        </Form>
      </BlockStack>
    </Page>
  );
}

type Shown = Awaited<ReturnType<typeof loader>>['review'];

function summaryOf(review: Shown, on: boolean): string {
  if (review.customersAffected === 0) return 'No tag changes in your store';
  const parts = [
    ...(on ? [`${countOf(review.tagAdditions, 'tag')} added`] : []),
    ...(review.tagRemovals > 0 || !on ? [`${countOf(review.tagRemovals, 'tag')} removed`] : []),
  ];
  return `${countOf(review.customersAffected, 'customer')}: ${parts.join(', ')}`;
}

function approveLabel(review: Shown, on: boolean): string {
  if (on)
    return review.tagAdditions > 0 ? `Approve and add ${countOf(review.tagAdditions, 'tag')}` : 'Approve';
  return review.tagRemovals > 0 ? `Turn off and remove ${countOf(review.tagRemovals, 'tag')}` : 'Turn off';
}
