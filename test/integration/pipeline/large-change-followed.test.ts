/**
 * Changes of segments in a store that is too large to evaluate at once: followed in steps, met by orders, deletions and
 * the night meanwhile; sets, and drafts that are counted in the background.
 */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { renewChange } from '../../../app/pipeline/renew-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { readDraftSizes, storeDraftSizes } from '../../../app/segments/draft-sizes.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import {
  TURN_ON,
  LARGE,
  CHUNK,
  run,
  goOn,
  start,
  shown,
  approve,
  turnOnAtOnce,
  stateOf,
  moves,
  asAtOnce,
  stepUntil,
  largeChanges,
} from './large-change-stage.ts';

const createShop = largeChanges();

test('who orders while it is followed is brought over first: the change is not taken for their own doing', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  await approve(shop);
  // In force, and nobody is followed yet.
  const stop = new AbortController();
  await expect(stepUntil(shop, 'applying', stop)).rejects.toThrow();
  expect(await run(shop)).toMatchObject({ state: 'applying', done: 0 });
  // c100 is rich and away already; the order takes them out of "away".
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET processed_at = ${shop.clock.now()} WHERE shop_id = ${shop.shopId} AND id = (
        SELECT max(id) FROM orders WHERE shop_id = ${shop.shopId} AND customer_id = 100)`);
    await refresh(tx, { touched: new Map([['100', 'order']]), now: shop.clock.now() });
  });
  const told = async () =>
    (await stateOf(shop))['events']?.map((row) => row as { key: string; kind: string; cause: string });
  expect(await told()).toEqual([
    expect.objectContaining({ key: 'away', kind: 'left', cause: 'order' }),
    expect.objectContaining({ key: 'recent', kind: 'entered', cause: 'order' }),
    expect.objectContaining({ key: 'rich-and-away', kind: 'left', cause: 'order' }),
  ]);
  await goOn(shop);
  const before = await shop.memberships();
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  expect(await shop.memberships()).toEqual(before);
  expect(await told()).toHaveLength(3);
  // Whoever was due while it was followed is reviewed, and nothing was missed.
  shop.clock.set(startOfDay('2026-12-30' as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  const reviewed = await shop.memberships();
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  expect(await shop.memberships()).toEqual(reviewed);
});

test('who is deleted while it is followed enters nothing, but leaves what they were in', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  await approve(shop);
  await expect(stepUntil(shop, 'applying', new AbortController())).rejects.toThrow();
  const { rows: entering } = await shop.in((tx) =>
    tx.query<{ id: string }>(sql`
      SELECT DISTINCT customer_id AS id FROM segment_move WHERE shop_id = ${shop.shopId} AND kind = 'entered' LIMIT 1`),
  );
  const id = entering[0]?.id ?? '';
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE customer SET deleted_at = ${shop.clock.now()} WHERE shop_id = ${shop.shopId} AND id = ${id}::bigint`);
    await refresh(tx, { touched: new Map([[id, 'edit']]), now: shop.clock.now() });
  });
  await goOn(shop);
  const after = await stateOf(shop);
  for (const what of ['memberships', 'history', 'events', 'outbox']) {
    expect(
      after[what]?.filter((row) => (row as { customer_id: string }).customer_id === id),
      what,
    ).toEqual([]);
  }
  expect(await moves(shop)).toBe(0);
});

test('adopted tags and metafields follow in the steps, for those who stay in a segment too', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  const now = shop.clock.now();
  await shop.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO reach_settings (shop_id, metafields) VALUES (${shop.shopId}, 'on')
      ON CONFLICT (shop_id) DO UPDATE SET metafields = 'on'`);
    await tx.query(sql`
      INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, state, found_at)
      SELECT ${shop.shopId}::bigint, id, 'regulars-recent', 'regulars-recent', 'adopted', ${now}::timestamptz
        FROM customer WHERE shop_id = ${shop.shopId} AND id IN (3, 190)`);
    await tx.query(sql`DELETE FROM metafield_outbox WHERE shop_id = ${shop.shopId}`);
    const where = { field: 'days_since_last_activity', op: 'lte', value: 75 };
    await editSegment(tx, { key: 'recent', rule: { v: 1, where }, actor: '42', now });
  });
  await start(shop, { act: 'change', key: 'recent' });
  await goOn(shop);
  if ((await run(shop))?.state === 'ready') await approve(shop);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'done' });
  const ids = (statement: ReturnType<typeof sql>) =>
    shop.in(async (tx) => (await tx.query<{ id: string }>(statement)).rows.map(({ id }) => id));
  expect(await ids(sql`SELECT customer_id AS id FROM tag_found WHERE shop_id = ${shop.shopId}`)).toEqual([]);
  expect(
    await ids(
      sql`SELECT customer_id AS id FROM tag_owned WHERE shop_id = ${shop.shopId} AND tag_key = 'regulars-recent' ORDER BY 1`,
    ),
  ).toEqual(['3', '190']);
  const members = await ids(sql`
    SELECT m.customer_id AS id FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
     WHERE m.shop_id = ${shop.shopId} AND g.key = 'recent' ORDER BY 1`);
  expect(members.length).toBeGreaterThan(CHUNK);
  expect(
    await ids(sql`SELECT customer_id AS id FROM metafield_outbox WHERE shop_id = ${shop.shopId} ORDER BY 1`),
  ).toEqual(members);
});

test('the night works a change that waits out anew for the day', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  expect(await renewChange(shop.ctx, shop.shopId, shop.clock.now())).toBe(false);
  shop.clock.set(startOfDay('2026-11-24' as LocalDate, ARITHMETIC_TIME_ZONE));
  await nightly(shop.ctx, shop.shopId);
  await goOn(shop);
  expect((await shown(shop)).review).toEqual(await asAtOnce(shop));
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
});
test('a set is arranged in the background as at once; a small change of a rule needs nobody', async () => {
  const [large, small] = [await createShop(), await createShop()];
  for (const shop of [large, small]) await turnOnAtOnce(shop);
  const set = { name: 'One of them', kind: 'exclusive' as const, settings: {}, keys: ['rich', 'away'] };
  const arrange: SegmentChange = { act: 'arrange_set', set };
  await start(large, arrange);
  await goOn(large);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  const now = small.clock.now();
  const { fingerprint } = await small.in((tx) => reviewChange(tx, { change: arrange, now }));
  await applyChange(small.ctx, small.shopId, { change: arrange, fingerprint, actor: '42', now });
  expect(await large.memberships()).toEqual(await small.memberships());
  expect((await stateOf(large))['history']).toEqual((await stateOf(small))['history']);

  await large.in((tx) =>
    editSegment(tx, {
      key: 'recent',
      rule: { v: 1, where: { field: 'days_since_last_activity', op: 'lte', value: 62 } },
      actor: '42',
      now,
    }),
  );
  expect(await start(large, { act: 'change', key: 'recent' })).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await run(large)).toMatchObject({ state: 'done', entered: 1, left: 0 });
});

test('drafts of a large store are counted in the background; what is shown names its time', async () => {
  const shop = await createShop();
  const now = shop.clock.now();
  const read = (at = now) => shop.in((tx) => readDraftSizes(tx, at, undefined, LARGE));
  const asked = () =>
    shop.ctx.db.outsideShops(async (tx) => {
      const { rowCount } = await tx.query(
        sql`DELETE FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'segment-sizes'`,
      );
      return rowCount === 1;
    });
  expect((await read()).size).toBe(0);
  expect(await asked()).toBe(true);
  await shop.in((tx) => storeDraftSizes(tx, now));
  const atOnce = await shop.in((tx) => readDraftSizes(tx, now));
  const stored = await read();
  expect([...stored].map(([key, { size }]) => [key, size])).toEqual(
    [...atOnce].map(([key, { size }]) => [key, size]),
  );
  expect(stored.get('rich')?.countedAt).toEqual(now);
  expect(atOnce.get('rich')?.countedAt).toBeNull();
  expect(await asked()).toBe(false);
  await read(new Date(now.getTime() + 16 * 60_000));
  expect(await asked()).toBe(true);
});
