/**
 * The acts of the Settings page by the intent that its forms name: what was typed is checked, stored, logged. What is
 * refused or only looked at comes back with what was given, so that nothing has to be typed again.
 */
import { z } from 'zod';
import { MOST_GAP_DAYS, storeOfferGap } from '../activation/offers/offer-gap.server.ts';
import { assertNever } from '../app-error.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { MetafieldRefusal } from '../intake/picks.ts';
import { setMetafields, setPostalCode } from '../pipeline/change-picks.server.ts';
import { recordBrake } from '../pipeline/record-brake.server.ts';
import { readJson } from '../read-json.ts';
import { MOST_ASK_ABOVE, storeAskAbove } from '../segments/ask-above.server.ts';
import { formatCount } from '../ui/format.ts';
import type { LookedHistory } from '../ui/settings/history-section.tsx';
import type { PicksEffectShown, ShownMetafield } from '../ui/settings/picks-sections.tsx';
import { storeHoldPeriod } from '../value/hold-period.server.ts';
import { parseHoldPeriod } from '../value/parse-hold-period.ts';
import { setHistory } from './history-setting.server.ts';
import type { PageShop } from './page-request.server.ts';

/** A setting is on the page under the name of its field. */
export interface SettingAnswer {
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

export type SettingOutcome =
  | { outcome: 'saved' }
  | { outcome: 'refused' | 'looked'; answer: SettingAnswer }
  /** No form of the page asks so. */
  | { outcome: 'bad_request' };

type Setting = (shop: PageShop, text: (name: string) => string) => Promise<SettingOutcome>;

const SETTINGS: Record<string, Setting> = {
  set_ask: numberSetting('askAbove', {
    most: MOST_ASK_ABOVE,
    refusal: `Enter a whole number up to ${formatCount(MOST_ASK_ABOVE)}.`,
    store: storeAskAbove,
  }),
  set_offer_gap: numberSetting('offerGapDays', {
    most: MOST_GAP_DAYS,
    refusal: `Enter a number of days from 0 to ${MOST_GAP_DAYS}.`,
    store: storeOfferGap,
  }),
  look_history: (shop, text) => changeHistory(shop, text('months'), true),
  set_history: (shop, text) => changeHistory(shop, text('months'), false),
  set_postal: async ({ app, shopId }, text) => {
    const on = text('on') === 'true';
    await app.db.inShop(shopId, (tx) => setPostalCode(tx, on, { clock: app.clock }));
    app.log.info({ shopId, on }, 'postal codes were switched');
    return { outcome: 'saved' };
  },
  look_metafields: (shop, text) => changeMetafields(shop, text('metafields'), true),
  set_metafields: (shop, text) => changeMetafields(shop, text('metafields'), false),
  set_hold: (shop, text) => changeHold(shop, { from: text('from'), to: text('to') }),
  end_hold: (shop) => changeHold(shop, null),
};

/** @param form its `intent` says which setting */
export async function changeSetting(shop: PageShop, form: FormData): Promise<SettingOutcome> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const intent = text('intent');
  const setting = Object.hasOwn(SETTINGS, intent) ? SETTINGS[intent] : undefined;
  return setting ? setting(shop, text) : { outcome: 'bad_request' };
}

function numberSetting(
  name: 'askAbove' | 'offerGapDays',
  {
    most,
    refusal,
    store,
  }: { most: number; refusal: string; store: (tx: ShopTx, n: number) => Promise<void> },
): Setting {
  return async ({ app, shopId }, text) => {
    const typed = text(name).trim();
    if (!/^\d{1,7}$/.test(typed) || Number(typed) > most) {
      return { outcome: 'refused', answer: { errors: { [name]: refusal }, [name]: typed } };
    }
    await app.db.inShop(shopId, (tx) => store(tx, Number(typed)));
    app.log.info({ shopId, [name]: Number(typed) }, 'a setting was changed');
    return { outcome: 'saved' };
  };
}

async function changeHistory(
  { app, shopId, now }: PageShop,
  months: string,
  look: boolean,
): Promise<SettingOutcome> {
  const done = await setHistory(app, shopId, { given: months, look, now });
  switch (done.outcome) {
    case 'refused':
      return { outcome: 'refused', answer: { errors: { months: done.message }, months } };
    case 'looked':
      return { outcome: 'looked', answer: { errors: {}, history: done.history } };
    case 'saved':
      return { outcome: 'saved' };
    default:
      return assertNever(done);
  }
}

const listed = z.array(z.object({ key: z.string().max(400), type: z.string().max(100) })).max(50);

/** @param preview only say what it would do */
async function changeMetafields(
  { app, shopId }: PageShop,
  text: string,
  preview: boolean,
): Promise<SettingOutcome> {
  const parsed = listed.safeParse(readJson(text));
  if (!parsed.success) return { outcome: 'bad_request' };
  const metafields = parsed.data;
  const changed = await app.db.inShop(shopId, (tx) =>
    setMetafields(tx, metafields, { clock: app.clock, preview }),
  );
  if (changed.outcome === 'refused') {
    const words = refusalWords(changed.refusal);
    return { outcome: 'refused', answer: { errors: { metafields: words }, metafields } };
  }
  if (preview) return { outcome: 'looked', answer: { errors: {}, metafields, effect: changed.effect } };
  app.log.info({ shopId, count: metafields.length }, 'metafields were picked');
  return { outcome: 'saved' };
}

/** @param given null ends the one that is stored */
async function changeHold(
  { app, shopId, today, now, actor }: PageShop,
  given: { from: string; to: string } | null,
): Promise<SettingOutcome> {
  const parsed = given && parseHoldPeriod(given, today);
  if (given && parsed && !parsed.ok) return { outcome: 'refused', answer: { errors: parsed.errors, given } };
  const period = parsed?.ok ? parsed.period : null;
  await app.db.inShop(shopId, async (tx) => {
    await storeHoldPeriod(tx, period);
    await recordBrake(tx, { at: now, actor, act: period ? 'set_hold' : 'end_hold' });
  });
  app.log.info({ shopId, period }, 'the hold for the sale season');
  return { outcome: 'saved' };
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
