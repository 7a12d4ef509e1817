/**
 * A set of segments of which a customer is in one at most: by priority, or as tiers. It is arranged here, reviewed here
 * and, below the merchant's limit, made at once.
 */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, ButtonGroup, List, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import { assertNever } from '../app-error.ts';
import { decimalOf } from '../money.ts';
import { arrangeSet } from '../pipeline/arrange-set.server.ts';
import { readJson } from '../read-json.ts';
import { loadReadableSegments } from '../segments/load-segments.server.ts';
import { parseSetForm, setFormSchema, TIER_MEASURES, type SetForm } from '../segments/parse-set-form.ts';
import { readSets } from '../segments/read-sets.server.ts';
import type { Segment } from '../segments/segment.ts';
import { stepOf } from '../segments/tier-plan.ts';
import type { ChangeReview } from '../segments/turn-on-review.ts';
import { ChangeReviewView } from '../ui/segments/change-review.tsx';
import { NoticeBanner } from '../ui/segments/notice-banner.tsx';
import { SaveBar } from '../ui/segments/save-bar.tsx';
import { SetFields } from '../ui/segments/set-form.tsx';
import { notFound, pageRequest } from './page-request.server.ts';
import { CHANGE_URL } from './saved-segment.server.ts';

export const meta: MetaFunction = () => [{ title: 'Set of segments · Regulars' }];

const noSuchSet = () =>
  notFound('There is no such set', 'It may have been dissolved. The Segments page shows those there are.');

export function loader(args: LoaderFunctionArgs) {
  const id = args.params['id'] ?? '';
  const query = new URL(args.request.url).searchParams;
  return pageRequest(args, ({ app, shopId, settings }) =>
    app.db.inShop(shopId, async (tx) => {
      const all = (await loadReadableSegments(tx)).filter(({ kind }) => kind === 'rule');
      const set = id === 'new' ? null : (await readSets(tx)).find((one) => one.id === id);
      if (set === undefined) throw noSuchSet();
      const inIt = set ? set.segments.flatMap(({ key }) => all.find((one) => one.key === key) ?? []) : [];
      const first = all.find(({ key }) => key === query.get('with'));
      const kind = set?.kind ?? (query.get('kind') === 'tiers' ? ('tiers' as const) : ('exclusive' as const));
      const steps = set ? inIt : first ? [first] : [];
      return {
        id: set?.id ?? null,
        currency: settings.currency,
        segments: all
          .filter(({ setId }) => setId === null || setId === set?.id)
          .map(({ key, name }) => ({ key, name })),
        form: formOf(kind, set?.name ?? '', steps, settings.currency),
      };
    }),
  );
}

function formOf(kind: SetForm['kind'], name: string, steps: readonly Segment[], currency: string): SetForm {
  const measured = steps.map(({ rule }) => stepOf(rule)?.measure).find((one) => one !== undefined);
  const measure = TIER_MEASURES.find((one) => one === measured?.field) ?? 'spent_in';
  const hold = steps.find(({ settings }) => settings.hold)?.settings.hold;
  const amount = (value: number | undefined) =>
    value === undefined
      ? ''
      : measure.startsWith('spent')
        ? decimalOf(BigInt(value), currency)
        : String(value);
  const shown = steps.map(({ key, name: called, rule, settings }) => ({
    key,
    name: called,
    enter: amount(stepOf(rule)?.enter),
    keep: amount(settings.keep ? stepOf(settings.keep)?.enter : undefined),
  }));
  const blank = { key: '', name: '', enter: '', keep: '' };
  while (shown.length < 2) shown.push(blank);
  return {
    kind,
    name,
    steps: shown,
    measure,
    lastDays: String(measured?.with?.lastDays ?? 365),
    countAfterDays: String(steps[0]?.rule.countAfterDays ?? ''),
    hold: hold?.for ?? 'none',
    months: hold?.for === 'months' ? String(hold.months) : '12',
  };
}

type Answer =
  | { outcome: 'faults'; faults: string[] }
  | { outcome: 'review'; plan: string; review: ChangeReview; changed: boolean };

export function action(args: ActionFunctionArgs) {
  const id = args.params['id'] ?? '';
  return pageRequest(args, async ({ app, shopId, settings, now, actor }) => {
    const form = await args.request.formData();
    const plan = String(form.get('plan') ?? '').slice(0, 50_000);
    const parsed = setFormSchema.safeParse(readJson(plan));
    if (!parsed.success) return Response.json({ outcome: 'bad_request' }, { status: 400 });
    const refuse = (faults: string[]) =>
      Response.json({ outcome: 'faults', faults } satisfies Answer, { status: 422 });
    const known = await app.db.inShop(shopId, async (tx) => ({
      sets: await readSets(tx),
      segments: await loadReadableSegments(tx),
    }));
    if (id !== 'new' && !known.sets.some((set) => set.id === id)) throw noSuchSet();
    const built = parseSetForm(parsed.data, settings.currency, id === 'new' ? undefined : id);
    if (!built.ok) return refuse(built.faults);
    const { set } = built;
    const missing = parsed.data.steps.filter((step) => step.key !== '' && !known.segments.some(({ key }) => key === step.key)); // prettier-ignore
    if (missing.length > 0) return refuse(['One of the segments is not there any more.']);
    const elsewhere = known.segments.filter(
      (one) => set.keys.includes(one.key) && one.setId !== null && one.setId !== set.id,
    );
    if (elsewhere.length > 0) {
      return refuse(elsewhere.map(({ name }) => `${name} is in another set already.`));
    }
    const steps = parsed.data.steps.flatMap(({ key, name }, i) => {
      const made = set.keys[i] ?? '';
      return key !== '' || known.segments.some((one) => one.key === made) ? [] : [{ key: made, name }];
    });
    const fingerprint = form.get('fingerprint');
    const applied = await arrangeSet(app, shopId, {
      set,
      steps,
      ...(typeof fingerprint === 'string' && fingerprint !== '' ? { fingerprint } : {}),
      actor,
      now,
      note: `As part of ${set.name}.`,
    });
    switch (applied.outcome) {
      case 'invalid':
        return refuse(applied.faults);
      case 'done':
        return redirect(`/app/segments?receipt=${applied.approvalId}`);
      case 'ask':
      case 'changed':
        return Response.json({
          outcome: 'review',
          plan,
          review: applied.review,
          changed: applied.outcome === 'changed',
        } satisfies Answer);
      case 'started':
      case 'busy':
        return redirect(CHANGE_URL);
      case 'not_ready':
        return redirect(`/app/segments?notice=${applied.reason}`);
      default:
        return assertNever(applied);
    }
  });
}

export default function SegmentSet() {
  const { id, form: stored, segments, currency } = useLoaderData<typeof loader>();
  const answer = useActionData() as Answer | undefined;
  const [form, setForm] = useState(stored);
  const [looked, setLooked] = useState<Answer>();
  const busy = useNavigation().formMethod === 'POST';
  const dirty = JSON.stringify(form) !== JSON.stringify(stored);
  const tiers = form.kind === 'tiers';
  const title = id === null ? (tiers ? 'New tiers' : 'New exclusive set') : stored.name;
  const back = { content: 'Segments', url: '/app/segments' };
  if (answer?.outcome === 'review' && answer !== looked) {
    return (
      <Page
        title={`Arrange ${form.name || title}`}
        subtitle="Nothing is written until you approve"
        backAction={back}
      >
        <BlockStack gap="400">
          {answer.changed ? (
            <Banner tone="warning" title="Your store has changed since you looked">
              <p>Nothing was written. These are the numbers now: look again, then approve.</p>
            </Banner>
          ) : null}
          <ChangeReviewView review={answer.review} words={[]} currency={currency} showGains />
          <Form method="post" className="rg-page-actions">
            <input type="hidden" name="plan" value={answer.plan} />
            <input type="hidden" name="fingerprint" value={answer.review.fingerprint} />
            <ButtonGroup>
              <Button submit variant="primary" loading={busy}>
                Approve
              </Button>
              <Button onClick={() => setLooked(answer)} disabled={busy}>
                Back to the set
              </Button>
            </ButtonGroup>
          </Form>
        </BlockStack>
      </Page>
    );
  }
  return (
    <Page
      title={title}
      backAction={back}
      secondaryActions={
        id === null
          ? []
          : [
              {
                content: 'Dissolve',
                destructive: true,
                url: `/app/segments/review?act=dissolve_set&set=${id}`,
              },
            ]
      }
    >
      <Form method="post" id="set-form">
        <SaveBar
          dirty={dirty && !busy}
          saving={busy}
          onSave={() => (document.getElementById('set-form') as HTMLFormElement | null)?.requestSubmit()}
          onDiscard={() => setForm(stored)}
        />
        <input type="hidden" name="plan" value={JSON.stringify(form)} />
        <BlockStack gap="400">
          <NoticeBanner />
          {answer?.outcome === 'faults' ? (
            <Banner tone="critical" title="Not saved yet">
              <List>
                {answer.faults.map((fault) => (
                  <List.Item key={fault}>{fault}</List.Item>
                ))}
              </List>
            </Banner>
          ) : null}
          <SetFields form={form} segments={segments} currency={currency} onChange={setForm} />
          <div className="rg-page-actions">
            <BlockStack gap="300">
              <ButtonGroup>
                <Button submit variant="primary" loading={busy}>
                  Save and review
                </Button>
                <Button url="/app/segments" disabled={busy}>
                  Cancel
                </Button>
              </ButtonGroup>
              <Text as="p" tone="subdued" variant="bodySm">
                Drafts in a set stay drafts. Segments that are on are moved at once when few customers are
                touched; above your limit you see the numbers first.
              </Text>
            </BlockStack>
          </div>
        </BlockStack>
      </Form>
    </Page>
  );
}
