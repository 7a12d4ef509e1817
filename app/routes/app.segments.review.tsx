/** Before anything is written: who gains and loses which tag. Approving acts on what is shown here, within a bound. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Page } from '@shopify/polaris';
import { readAtStake, type AtStake } from '../activation/read-at-stake.server.ts';
import { readTurnOffReview } from '../activation/read-turn-off-review.server.ts';
import { assertNever } from '../app-error.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { applyChange } from '../pipeline/apply-change.server.ts';
import { isLargeStore, startChange } from '../pipeline/start-change.server.ts';
import { readUnreadable, turnOff } from '../pipeline/turn-off.server.ts';
import { readChangeUnderWay } from '../segments/change-run.server.ts';
import { readDraft } from '../segments/edit-segment.server.ts';
import { readReviewOf } from '../segments/read-review-change.server.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { readUnavailable } from '../segments/read-unavailable.server.ts';
import type { SegmentChange } from '../segments/segment-change.ts';
import { readSegmentNames } from '../segments/read-segment-names.server.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { OffersAtStake } from '../ui/offers/offers-at-stake.tsx';
import { NativesAtStake } from '../ui/reach/natives-at-stake.tsx';
import { ApproveForm } from '../ui/segments/approve-form.tsx';
import { ChangeReviewView, type ShownReview } from '../ui/segments/change-review.tsx';
import { ReviewBanners } from '../ui/segments/review-banners.tsx';
import { nothingWords, reviewTitle } from '../ui/segments/review-words.ts';
import { UnavailableBanner } from '../ui/segments/unavailable-banner.tsx';
import { ControlNotes } from '../ui/tags/control-notes.tsx';
import { turnedUrl } from '../ui/turned-notice.tsx';
import { readControlNotes } from './control-form.server.ts';
import { pageRequest } from './page-request.server.ts';
import { keysOf, readChange } from './read-change.server.ts';
import { CHANGE_URL } from './saved-segment.server.ts';

export const meta: MetaFunction = () => [{ title: 'Review · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  const query = new URL(args.request.url).searchParams;
  return pageRequest(args, ({ app, shopId, settings, now, actor }) =>
    app.db.inShop(shopId, async (tx) => {
      const asked = readChange(query, keysOf([query.get('keys') ?? '']));
      const names =
        asked && 'keys' in asked && asked.keys.includes('all') ? await readSegmentNames(tx) : null;
      const change = asked && names ? { ...asked, keys: names.map(({ key }) => key) } : asked;
      const common = {
        act: change?.act ?? ('change' as const),
        chosen: change && 'keys' in change ? change.keys : [],
        currency: settings.currency,
        query: query.toString(),
        apart: [] as string[],
        unavailable:
          change && change.act !== 'turn_off'
            ? await readUnavailable(tx, await proposeChange(tx, change as SegmentChange), now)
            : [],
      };
      const imported = settings.firstImportedAt !== null;
      const nothing = { ...common, imported, review: EMPTY, words: [], atStake: NOTHING, controls: [] };
      if (!change) return nothing;
      const underWay = await readChangeUnderWay(tx);
      if (underWay ?? (await isLargeStore(tx))) {
        const apart = change.act === 'turn_off' && !underWay ? await readUnreadable(tx, change.keys) : [];
        if (apart.length > 0) {
          const chosen = apart.map(({ key }) => key);
          return {
            ...common,
            chosen,
            apart: apart.map(({ name }) => name),
            ...(await readTurningOff(tx, chosen, now)),
          };
        }
        // Evaluating everybody takes longer than a page may: it is worked out in the background and reviewed there.
        await waitForShop(tx, shopId);
        const started = await startChange(tx, { change, actor, now, ask: true });
        // With what the frame has put into the address, or it would have to sign in again.
        if (started.outcome !== 'not_ready') return redirect(`${CHANGE_URL}?${query.toString()}`);
        return nothing;
      }
      if (change.act === 'turn_off') return { ...common, ...(await readTurningOff(tx, change.keys, now)) };
      const { review, words } = await readReviewOf(
        tx,
        change as Exclude<typeof change, { act: 'turn_off' }>,
        now,
      );
      const atStake = await readAtStake(tx, change, { segments: review.segments, now });
      const controls = await readControlNotes(tx, review.segments);
      return { ...common, imported, review, words, atStake, controls };
    }),
  );
}

async function readTurningOff(tx: ShopTx, keys: readonly string[], now: Date) {
  const review = await readTurnOffReview(tx, keys, now);
  const atStake = await readAtStake(tx, { act: 'turn_off', keys }, { segments: review.segments, now });
  return { imported: true, review, words: [], atStake, controls: [] };
}

const NOTHING: AtStake = { offers: [], natives: [] };

const EMPTY: ShownReview & { fingerprint: string } = {
  segments: [],
  customersAffected: 0,
  tagAdditions: 0,
  tagRemovals: 0,
  sample: [],
  fingerprint: '',
};

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const given = new URLSearchParams(
      ['act', 'key', 'version', 'set', 'approval'].flatMap((name) => {
        const value = form.get(name);
        return typeof value === 'string' ? [[name, value] as [string, string]] : [];
      }),
    );
    const keys = keysOf(form.getAll('keys').map(String));
    const change = readChange(given, keys);
    if (!change) return Response.json({ outcome: 'bad_request' }, { status: 400 });
    const only = 'key' in change ? change.key : keys.length === 1 ? keys[0] : undefined;
    const after = only === undefined ? '/app/segments' : `/app/segments/${only}`;
    const fingerprint = String(form.get('fingerprint') ?? '');
    if (change.act === 'turn_off') {
      const result = await turnOff(app, shopId, { keys: change.keys, fingerprint, actor, now });
      switch (result.outcome) {
        case 'done':
          return redirect(turnedUrl(after, 'off', result.review.tagRemovals));
        case 'changed':
          return { outcome: 'changed' as const };
        case 'nothing_to_turn_off':
        case 'apart':
          return { outcome: result.outcome };
        case 'not_ready':
          return { outcome: result.reason };
        case 'started':
        case 'busy':
          return redirect(CHANGE_URL);
        default:
          return assertNever(result);
      }
    }
    const note =
      change.act === 'change'
        ? ((await app.db.inShop(shopId, (tx) => readDraft(tx, change.key)))?.note ?? '')
        : change.act === 'return'
          ? `Back to version ${change.version}.`
          : '';
    const result = await applyChange(app, shopId, {
      change,
      fingerprint,
      actor,
      now,
      note,
      startAutomations: form.get('startAutomations') === 'true',
    });
    switch (result.outcome) {
      case 'done':
        return redirect(
          change.act === 'turn_on'
            ? turnedUrl(after, 'on', result.review.tagAdditions)
            : `${after}?receipt=${result.approvalId}`,
        );
      case 'changed':
      case 'ask':
        return { outcome: 'changed' as const };
      case 'started':
      case 'busy':
        return redirect(CHANGE_URL);
      case 'not_ready':
        return { outcome: result.reason };
      default:
        return assertNever(result);
    }
  });
}

export default function Review() {
  const { act, chosen, apart, imported, unavailable, review, words, atStake, controls, currency, query } =
    useLoaderData<typeof loader>();
  const refused = useActionData() as { outcome: string } | undefined;
  const on = act !== 'turn_off';
  const asked = new URLSearchParams(query);
  // Turned off are the chosen ones; who moves by it is shown beside them.
  const subjects = on ? review.segments : review.segments.filter(({ key }) => chosen.includes(key));
  const keys = subjects.map((segment) => segment.key);
  const one = asked.get('key') ?? (keys.length === 1 ? keys[0] : undefined);
  const back =
    one === undefined
      ? { content: 'Segments', url: '/app/segments' }
      : { content: 'Segment', url: `/app/segments/${one}` };
  if (keys.length === 0) {
    const [heading, why] = nothingWords(act);
    return (
      <Page title="Review" backAction={back}>
        <UnavailableBanner segments={unavailable} />
        <Card>
          <NothingHere heading={heading} action={{ content: 'Go to Segments', url: '/app/segments' }}>
            <p>{why}</p>
          </NothingHere>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={reviewTitle(
        act,
        keys.length === 1 ? subjects[0]?.name : undefined,
        keys.length,
        review.segments.find(({ key }) => key === one)?.name,
      )}
      subtitle="Nothing is written until you approve"
      backAction={back}
    >
      <BlockStack gap="400">
        <ReviewBanners refused={refused?.outcome} apart={apart} imported={imported} />
        <UnavailableBanner segments={unavailable} />
        <ControlNotes notes={controls} />
        <OffersAtStake offers={atStake.offers} currency={currency} />
        <NativesAtStake natives={atStake.natives} />
        <ChangeReviewView
          review={review}
          words={words}
          currency={currency}
          showGains={on || review.tagAdditions > 0}
        />
        <ApproveForm
          act={act}
          asked={asked}
          chosen={chosen}
          review={review}
          ready={imported && unavailable.length === 0}
          back={back.url}
        />
      </BlockStack>
    </Page>
  );
}
