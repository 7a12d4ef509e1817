/** Settings. One section each; a section's form names its intent. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { z } from 'zod';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Link, Page, Text } from '@shopify/polaris';
import { MOST_GAP_DAYS, readOfferGap, storeOfferGap } from '../activation/offers/offer-gap.server.ts';
import { assertNever } from '../app-error.ts';
import type { MetafieldRefusal } from '../intake/picks.ts';
import { readPicks } from '../intake/read-picks.server.ts';
import { reviewPicks } from '../intake/store-picks.server.ts';
import { setMetafields, setPostalCode } from '../pipeline/change-picks.server.ts';
import { recordBrake } from '../pipeline/record-brake.server.ts';
import { MOST_ASK_ABOVE, readAskAbove, storeAskAbove } from '../segments/ask-above.server.ts';
import { HISTORY_BOUNDS, readHistoryMonths } from '../segments/keep-history.server.ts';
import { formatCount } from '../ui/format.ts';
import { HistorySection, type LookedHistory } from '../ui/segments/history-section.tsx';
import {
  AskSection,
  KeptSection,
  MetafieldsSection,
  PostalSection,
  type PicksEffectShown,
  type ShownMetafield,
} from '../ui/segments/segment-settings-sections.tsx';
import { OfferGapSection } from '../ui/offers/offer-gap-section.tsx';
import { HoldSection } from '../ui/value/hold-section.tsx';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod, storeHoldPeriod } from '../value/hold-period.server.ts';
import { parseHoldPeriod } from '../value/parse-hold-period.ts';
import { setHistory } from './history-setting.server.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Settings · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const hold = await readHoldPeriod(tx);
      const { postalCodes, metafields } = await readPicks(tx);
      return {
        hold,
        active: isOnHold(hold, today),
        askAbove: await readAskAbove(tx),
        offerGapDays: await readOfferGap(tx),
        tagPrefix: settings.tagPrefix,
        months: await readHistoryMonths(tx),
        bounds: HISTORY_BOUNDS,
        postalCodes,
        metafields,
        // What the other position of the switch would do.
        postalEffect: await reviewPicks(tx, { postalCodes: !postalCodes, metafields }),
      };
    }),
  );
}

interface Refused {
  errors: {
    from?: string;
    to?: string;
    askAbove?: string;
    offerGapDays?: string;
    metafields?: string;
    months?: string;
  };
  given?: { from: string; to: string };
  askAbove?: string;
  offerGapDays?: string;
  metafields?: ShownMetafield[];
  months?: string;
  /** What keeping the history for less long would delete. */
  history?: LookedHistory;
  /** What saving the metafields would do. */
  effect?: PicksEffectShown;
}

const listed = z.array(z.object({ key: z.string().max(400), type: z.string().max(100) })).max(50);

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, today, now, actor }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const intent = text('intent');
    const answer = (body: Refused, status: number) => Response.json(body, { status });
    if (intent === 'set_ask') {
      const askAbove = text('askAbove').trim();
      if (!/^\d{1,7}$/.test(askAbove) || Number(askAbove) > MOST_ASK_ABOVE) {
        const words = `Enter a whole number up to ${formatCount(MOST_ASK_ABOVE)}.`;
        return answer({ errors: { askAbove: words }, askAbove }, 422);
      }
      await app.db.inShop(shopId, (tx) => storeAskAbove(tx, Number(askAbove)));
      app.log.info({ shopId, askAbove: Number(askAbove) }, 'when to ask was set');
      return redirect('/app/settings');
    }
    if (intent === 'set_offer_gap') {
      const offerGapDays = text('offerGapDays').trim();
      if (!/^\d{1,3}$/.test(offerGapDays) || Number(offerGapDays) > MOST_GAP_DAYS) {
        const words = `Enter a number of days from 0 to ${MOST_GAP_DAYS}.`;
        return answer({ errors: { offerGapDays: words }, offerGapDays }, 422);
      }
      await app.db.inShop(shopId, (tx) => storeOfferGap(tx, Number(offerGapDays)));
      app.log.info({ shopId, days: Number(offerGapDays) }, 'days between new offers were set');
      return redirect('/app/settings');
    }
    if (intent === 'look_history' || intent === 'set_history') {
      const months = text('months');
      const done = await setHistory(app, shopId, { given: months, look: intent === 'look_history', now });
      switch (done.outcome) {
        case 'refused':
          return answer({ errors: { months: done.message }, months }, 422);
        case 'looked':
          return answer({ errors: {}, history: done.history }, 200);
        case 'saved':
          return redirect('/app/settings');
        default:
          return assertNever(done);
      }
    }
    if (intent === 'set_postal') {
      await app.db.inShop(shopId, (tx) => setPostalCode(tx, text('on') === 'true', { clock: app.clock }));
      app.log.info({ shopId, on: text('on') === 'true' }, 'postal codes were switched');
      return redirect('/app/settings');
    }
    if (intent === 'look_metafields' || intent === 'set_metafields') {
      const parsed = listed.safeParse(jsonOf(text('metafields')));
      if (!parsed.success) return Response.json({ outcome: 'bad_request' }, { status: 400 });
      const preview = intent === 'look_metafields';
      const changed = await app.db.inShop(shopId, (tx) =>
        setMetafields(tx, parsed.data, { clock: app.clock, preview }),
      );
      if (changed.outcome === 'refused') {
        return answer(
          { errors: { metafields: refusalWords(changed.refusal) }, metafields: parsed.data },
          422,
        );
      }
      if (preview) return answer({ errors: {}, metafields: parsed.data, effect: changed.effect }, 200);
      app.log.info({ shopId, count: parsed.data.length }, 'metafields were picked');
      return redirect('/app/settings');
    }
    if (intent !== 'set_hold' && intent !== 'end_hold') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const given = { from: text('from'), to: text('to') };
    const parsed = intent === 'set_hold' ? parseHoldPeriod(given, today) : null;
    if (parsed && !parsed.ok) {
      const refused: Refused = { errors: parsed.errors, given };
      return Response.json(refused, { status: 422 });
    }
    await app.db.inShop(shopId, async (tx) => {
      await storeHoldPeriod(tx, parsed ? parsed.period : null);
      await recordBrake(tx, { at: now, actor, act: intent });
    });
    app.log.info({ shopId, intent, period: parsed?.period }, 'the hold for the sale season');
    return redirect('/app/settings');
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function refusalWords(refusal: MetafieldRefusal): string {
  switch (refusal.why) {
    case 'too_many':
      return `Not more than ${refusal.most}.`;
    case 'twice':
      return `${refusal.key} is in the list twice.`;
    case 'not_a_key':
      return `“${refusal.key}” is not like namespace.key.`;
    case 'type':
      return `${refusal.key} is of a type that segments do not read.`;
  }
}

export default function Settings() {
  const {
    hold,
    active,
    askAbove,
    offerGapDays,
    tagPrefix,
    months,
    bounds,
    postalCodes,
    metafields,
    postalEffect,
  } = useLoaderData<typeof loader>();
  const refused = useActionData() as Partial<Refused> | undefined;
  return (
    <Page title="Settings" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        <Card>
          <Text as="p">
            <Link url="/app/settings/orders">What counts as an order</Link>: amounts, companies, and who and
            what is left out.
          </Text>
        </Card>
        <AskSection
          key={`ask ${askAbove}`}
          askAbove={askAbove}
          error={refused?.errors?.askAbove}
          given={refused?.askAbove}
        />
        <HoldSection
          // A saved or ended hold begins its form anew.
          key={hold ? `${hold.from} ${hold.to}` : 'none'}
          hold={hold}
          active={active}
          errors={refused?.errors ?? {}}
          given={refused?.given ?? null}
        />
        <OfferGapSection
          key={`gap ${offerGapDays}`}
          days={offerGapDays}
          error={refused?.errors?.offerGapDays}
          given={refused?.offerGapDays}
        />
        <PostalSection on={postalCodes} effect={postalEffect} />
        <MetafieldsSection
          key={`metafields ${JSON.stringify(metafields)}`}
          picked={metafields}
          error={refused?.errors?.metafields}
          effect={refused?.effect}
          given={refused?.metafields}
        />
        <Card>
          <Text as="p">
            <Link url="/app/settings/tags">Tags</Link>: the prefix, the tag of each segment, and how many are
            written a day.
          </Text>
        </Card>
        <HistorySection
          key={`history ${months} ${JSON.stringify(refused?.history)}`}
          months={months}
          bounds={bounds}
          error={refused?.errors?.months}
          given={refused?.months}
          looked={refused?.history}
        />
        <KeptSection tagPrefix={tagPrefix} />
        <Card>
          <Text as="p">
            <Link url="/app/transfer">Move segments</Link> and settings to or from another store.
          </Text>
        </Card>
      </BlockStack>
    </Page>
  );
}
