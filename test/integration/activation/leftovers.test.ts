/**
 * Coming back: what an earlier installation left is found, shown with counts, and taken over, removed or left by the
 * merchant's word; nothing is written before. After the app was removed, and after Shopify had everything erased.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideLeftovers } from '../../../app/activation/leftovers/decide-leftovers.server.ts';
import { LEFTOVER_KINDS, leftoverWords } from '../../../app/activation/leftovers/leftover.ts';
import { readLeftovers } from '../../../app/activation/leftovers/read-leftovers.server.ts';
import { goOnLeaving } from '../../../app/activation/leaving/go-on-leaving.server.ts';
import { readLeaving } from '../../../app/activation/leaving/read-leaving.server.ts';
import { startLeaving } from '../../../app/activation/leaving/start-leaving.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { ensureShop } from '../../../app/intake/ensure-shop.server.ts';
import { handleImport } from '../../../app/jobs/handlers/import.server.ts';
import { handleSortLeftovers } from '../../../app/jobs/handlers/sort-leftovers.server.ts';
import { handleSyncNativeSegments } from '../../../app/jobs/handlers/sync-native-segments.server.ts';
import { handleWriteMetafields } from '../../../app/jobs/handlers/write-metafields.server.ts';
import { redactShop } from '../../../app/privacy/redact-shop.server.ts';
import { uninstallShop } from '../../../app/privacy/uninstall-shop.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

let one: OfferWorld;
const signal = new AbortController().signal;
const VIP = { v: 1, where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 } };
const makeVip = () =>
  one.inShop((tx) => createSegment(tx, { name: 'VIP', rule: VIP, actor: '42', now: one.now() }));

beforeEach(async () => {
  one = await createOfferWorld();
  await makeVip();
  await one.control('create-segment', { name: 'Regulars of mine', query: 'number_of_orders > 5' });
  await one.control('create-discount', { title: 'Autumn', percent: 5 });
  await one.turnOn(['vip', 'win-back-60-89']);
  await one.inShop((tx) => setSegmentReach(tx, 'vip', { native: 'tag' }));
  await one.offer('win-back-60-89', { name: 'Come back', percent: '15', way: 'native' });
  await one.inShop((tx) => switchMetafields(tx, true, one.now()));
  await work();
  expect(inStore()).toEqual(FULL);
}, 240_000);
afterEach(() => one?.close());

const job = () => ({ data: { shopId: one.shopId }, signal });
async function work(): Promise<void> {
  await one.settle();
  await handleSortLeftovers(one.world.ctx, job());
  await handleSyncNativeSegments(one.world.ctx, job());
  await handleWriteMetafields(one.world.ctx, job());
  await one.settle();
}
const FULL = {
  vip: 8,
  band: 15,
  offer: 15,
  segments: ['Regulars of mine', 'Regulars offer: Come back', 'Regulars: VIP'],
  discounts: ['Autumn', 'Come back (Regulars)'],
  definitions: 7,
};
const inStore = () => ({
  vip: one.tagged('regulars-vip'),
  band: one.tagged('regulars-win-back-60-89'),
  offer: one.tagged('regulars-offer-win-back-60-89'),
  segments: [...one.world.store.segments.all()].map(({ name }) => name).sort(),
  discounts: [...one.world.store.discounts.all()].map(({ title }) => title).sort(),
  definitions: [...one.world.store.metafieldDefinitions.all()].length,
});
const shown = () => one.inShop(readLeftovers);
const words = async () => leftoverWords((await shown()).filter(({ state }) => state === 'asked'));
const decide = (kind: (typeof LEFTOVER_KINDS)[number], decision: 'adopt' | 'remove' | 'leave') =>
  one.inShop((tx) => decideLeftovers(tx, { kind, decision, actor: '42', now: one.now() }));

/** Each act of a second of its own: what was removed before an installation is not taken for its end. */
async function comeBack({ erased }: { erased: boolean }): Promise<void> {
  const { db, cipher } = one.world.ctx;
  const at = new Date(Date.now() + 1_000);
  await one.inShop((tx) => uninstallShop(tx, { at, now: at }));
  if (erased) expect(await one.inShop((tx) => redactShop(tx, { receivedAt: at, now: at, cipher }))).toBe('redacted'); // prettier-ignore
  await one.world.caught();
  const { rows } = await db.outsideShops((tx) =>
    tx.query<{ domain: string }>({ text: 'SELECT domain FROM shop WHERE id = $1', values: [one.shopId] }),
  );
  const { shopId } = await ensureShop(db, {
    domain: rows[0]?.domain ?? '',
    now: new Date(at.getTime() + 1_000),
  });
  expect(shopId).toBe(one.shopId);
  await one.inShop((tx) =>
    tx.query({
      text: `UPDATE shop_settings SET iana_timezone = 'Europe/Berlin', currency = 'EUR' WHERE shop_id = $1`,
      values: [one.shopId],
    }),
  );
  await handleImport(one.world.ctx, job());
  if (erased) await makeVip();
  await work();
}

describe('after the app was removed', () => {
  beforeEach(() => comeBack({ erased: false }), 120_000);

  test('found and shown; nothing is written, also when another segment is turned on', async () => {
    expect(inStore()).toEqual(FULL);
    expect(await words()).toBe('3 tags, 1 segment in Shopify, 1 discount, 7 metafields');
    expect((await shown()).filter(({ kind }) => kind === 'tag').map(({ name, customers }) => [name, customers])).toEqual([
      ['regulars-offer-win-back-60-89', 15],
      ['regulars-vip', 8],
      ['regulars-win-back-60-89', 15],
    ]); // prettier-ignore
    await one.turnOn(['win-back-180-364']);
    await work();
    expect(one.tagged('regulars-win-back-180-364')).toBe(93);
    expect(inStore()).toEqual(FULL);
  }, 120_000);

  test('taken over: turned on, members keep what they have, others lose it; the segment is the old one', async () => {
    await one.control('set-tags', { customer: arithmeticEmail(1), tags: ['regulars-vip', 'mine'] });
    const [before] = [...one.world.store.segments.all()].filter(({ name }) => name === 'Regulars: VIP');
    for (const kind of ['tag', 'segment', 'definition'] as const) expect(await decide(kind, 'adopt')).toBeGreaterThan(0); // prettier-ignore
    await work();
    expect({ ...inStore(), vip: 0 }).toEqual({ ...FULL, vip: 0 });
    expect(await words()).toBe('1 discount');
    await one.until('2026-11-28T12:00:00+01:00');
    await one.turnOn(['vip']);
    await work();
    // c160 is no member any more; the tag that was added by hand meanwhile is nobody's to remove.
    expect([one.tagged('regulars-vip'), one.tagsOf(160), one.tagsOf(1)]).toEqual([
      8,
      [],
      ['mine', 'regulars-vip'],
    ]);
    expect([...one.world.store.segments.all()].filter(({ name }) => name === 'Regulars: VIP')).toEqual([before]); // prettier-ignore
    expect([...one.world.store.metafields.all()].filter(({ key }) => key === 'segments').length).toBe(7);
  }, 120_000);

  test('removed: everything of ours goes, everything else stays', async () => {
    for (const kind of LEFTOVER_KINDS) expect(await decide(kind, 'remove')).toBeGreaterThan(0);
    expect(inStore(), 'a word alone writes nothing').toEqual(FULL);
    await work();
    expect(inStore()).toEqual({
      vip: 0,
      band: 0,
      offer: 0,
      segments: ['Regulars of mine'],
      discounts: ['Autumn'],
      definitions: 0,
    });
    expect(await shown()).toEqual([]);
    expect(await decide('tag', 'remove'), 'there is nothing to decide').toBe(0);
  }, 120_000);

  test('left: never asked about again, never touched, also by Leaving', async () => {
    for (const kind of LEFTOVER_KINDS) await decide(kind, 'leave');
    const { rows: segments } = await one.inShop((tx) =>
      tx.query<{ name: string }>(
        `SELECT name FROM leftover WHERE kind = 'segment' AND state = 'left' ORDER BY name`,
      ),
    );
    expect(segments.map(({ name }) => name)).toEqual(['Regulars offer: Come back', 'Regulars: VIP']);
    await work();
    expect(await shown()).toEqual([]);
    expect(inStore()).toEqual(FULL);
    await startLeaving(one.world.ctx, one.shopId, { actor: '42', now: one.now() });
    await leave();
    expect(inStore()).toMatchObject({ vip: 8, band: 15, offer: 15, discounts: FULL.discounts });
  }, 120_000);

  test('Leaving without a word about them takes them all out', async () => {
    const found = await startLeaving(one.world.ctx, one.shopId, { actor: '42', now: one.now() });
    expect(found).toMatchObject({ tags: 38, discounts: 1, nativeSegments: 1, definitions: 7 });
    await leave();
    expect(inStore()).toMatchObject({ vip: 0, band: 0, offer: 0, segments: ['Regulars of mine'], discounts: ['Autumn'], definitions: 0 }); // prettier-ignore
    const { run } = await one.inShop(readLeaving);
    expect(run?.receipt).toMatchObject({
      removed: { tags: 38, discounts: 1, discountSegments: 1, nativeSegments: 1, definitions: 7 },
      failed: [],
    });
  }, 120_000);
});

async function leave(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    if (await goOnLeaving(one.world.ctx, one.shopId)) return;
    await work();
  }
  throw new Error('leaving does not end');
}

describe('after Shopify had everything erased', () => {
  beforeEach(() => comeBack({ erased: true }), 120_000);

  test('found by what bears our mark; nothing is written', async () => {
    expect(inStore()).toEqual(FULL);
    expect(await words()).toBe('3 tags, 2 segments in Shopify, 1 discount, 7 metafields');
  }, 120_000);

  test('taken over where a segment has the tag; the others are removed', async () => {
    await decide('tag', 'adopt');
    await decide('segment', 'adopt');
    expect(await words(), 'no segment of ours has the tag of the offer').toBe('1 segment in Shopify, 1 discount, 7 metafields'); // prettier-ignore
    await one.turnOn(['vip']);
    await work();
    expect(one.tagged('regulars-vip')).toBe(8);
    expect(inStore().segments).toEqual(FULL.segments);
    for (const kind of ['segment', 'discount', 'definition'] as const) await decide(kind, 'remove');
    await work();
    expect(inStore()).toMatchObject({ vip: 8, discounts: ['Autumn'], definitions: 0 });
  }, 120_000);

  test('removed: everything of ours goes', async () => {
    for (const kind of LEFTOVER_KINDS) expect(await decide(kind, 'remove')).toBeGreaterThan(0);
    await work();
    expect(inStore()).toEqual({ vip: 0, band: 0, offer: 0, segments: ['Regulars of mine'], discounts: ['Autumn'], definitions: 0 }); // prettier-ignore
  }, 120_000);

  test('what Shopify refuses is shown with its reason, and tried again', async () => {
    await fetch(`${one.world.sandbox.url}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        shop: WORLD_DOMAIN,
        fault: 'user-errors',
        field: 'segmentDelete',
        count: 1,
        message: 'Not now',
      }),
    });
    await decide('segment', 'remove');
    await handleSortLeftovers(one.world.ctx, job());
    expect((await shown()).flatMap(({ failure }) => failure ?? [])).toEqual([
      'Shopify does not remove it: Not now',
    ]);
    await decide('segment', 'remove');
    await one.inShop((tx) => tx.query('UPDATE leftover SET not_before = NULL'));
    await handleSortLeftovers(one.world.ctx, job());
    expect(inStore().segments).toEqual(['Regulars of mine']);
  }, 120_000);
});
