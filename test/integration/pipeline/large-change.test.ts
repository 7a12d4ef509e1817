/**
 * Changes of segments in a store that is too large to evaluate at once: worked out while everything stays as it is,
 * approved or given up without a trace; met by orders and days meanwhile.
 */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { approveChange, cancelChange } from '../../../app/pipeline/decide-change.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { storeAskAbove } from '../../../app/segments/ask-above.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { type SegmentShop } from '../../support/segment-shop.ts';
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
  spendMore,
  asAtOnce,
  SOME,
  stepUntil,
  largeChanges,
} from './large-change-stage.ts';

const createShop = largeChanges();

test('worked out in steps, reviewed as at once, approved: it ends as a change that is made at once', async () => {
  const [large, small] = [await createShop(), await createShop()];
  const before = await stateOf(large);
  expect(await start(large, TURN_ON)).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await run(large)).toMatchObject({ state: 'ready', done: 200, total: 200 });
  // Nothing that anybody reads has changed.
  expect(await stateOf(large)).toEqual(before);
  const atOnce = await small.in((tx) => reviewChange(tx, { change: TURN_ON, now: small.clock.now() }));
  const { review } = await shown(large);
  expect({ ...review, fingerprint: '' }).toEqual({ ...atOnce, fingerprint: '' });
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  await turnOnAtOnce(small);
  expect(await stateOf(large)).toEqual(await stateOf(small));
  expect(await run(large)).toMatchObject({ state: 'done', entered: (await large.memberships()).length });
  expect(await moves(large)).toBe(0);

  // Off again, and the history has it as one change a segment.
  for (const shop of [large, small]) shop.clock.set(new Date(ARITHMETIC_NOON.getTime() + 60_000));
  const off = (shop: SegmentShop, options?: { atOnce: number }) =>
    turnOff(
      shop.ctx,
      shop.shopId,
      { keys: ['rich', 'recent'], fingerprint: '', actor: '42', now: shop.clock.now() },
      options,
    );
  expect(await off(large, LARGE)).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  const asked = await off(small);
  if (asked.outcome !== 'changed') throw new Error(asked.outcome);
  await turnOff(small.ctx, small.shopId, {
    keys: ['rich', 'recent'],
    fingerprint: asked.review.fingerprint,
    actor: '42',
    now: small.clock.now(),
  });
  const [one, other] = [await stateOf(large), await stateOf(small)];
  for (const what of ['segments', 'memberships', 'headers', 'reviews', 'left']) expect(one[what], what).toEqual(other[what]); // prettier-ignore
  expect(one['outbox']).toEqual(other['outbox']);
});

test('given up before it is in force, everything is as it was', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  await shop.in((tx) =>
    editSegment(tx, {
      key: 'rich',
      rule: { v: 1, where: { field: 'spent', op: 'gte', value: 5_000 } },
      actor: '42',
      now: shop.clock.now(),
    }),
  );
  const before = await stateOf(shop);
  expect(await start(shop, { act: 'change', key: 'rich' })).toMatchObject({ outcome: 'started' });
  // Other changes wait; the same one goes on.
  expect(await start(shop, { act: 'turn_on', keys: ['away'] })).toMatchObject({ outcome: 'busy' });
  await goOn(shop);
  const found = await run(shop);
  expect(found).toMatchObject({ state: 'ready' });
  expect(await moves(shop)).toBeGreaterThan(0);
  const cancel = () =>
    cancelChange(shop.ctx, shop.shopId, { id: found?.id ?? '', actor: '42', now: shop.clock.now() });
  expect(await cancel()).toBe(true);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'cancelled' });
  expect(await moves(shop)).toBe(0);
  expect(await stateOf(shop)).toEqual(before);
  expect(await cancel()).toBe(false);
  expect(await start(shop, { act: 'change', key: 'rich' })).toMatchObject({ outcome: 'started' });
});

test('orders that come in while it is worked out are part of it; a new day begins it anew', async () => {
  const [large, small] = [await createShop(), await createShop()];
  await start(large, TURN_ON);
  await goOn(large);
  const order = async (shop: SegmentShop) => {
    await shop.in(async (tx) => {
      await tx.query(sql`
        UPDATE orders SET net_payment_minor = 40000 WHERE shop_id = ${shop.shopId} AND customer_id IN (3, 150)`);
      await refresh(tx, { touched: new Map([['3', 'order'], ['150', 'order']]), now: shop.clock.now() }); // prettier-ignore
    });
  };
  await order(large);
  await order(small);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  await turnOnAtOnce(small);
  const [one, other] = [await stateOf(large), await stateOf(small)];
  expect(one).toEqual(other);

  const late = await createShop();
  await start(late, TURN_ON);
  await goOn(late);
  late.clock.set(startOfDay('2026-11-24' as LocalDate, ARITHMETIC_TIME_ZONE));
  expect(await approve(late)).toEqual({ outcome: 'changed' });
  await goOn(late);
  expect(await run(late)).toMatchObject({ state: 'ready', message: 'changed' });
  expect(await approve(late)).toEqual({ outcome: 'approved' });
  await goOn(late);
  const fresh = await createShop();
  fresh.clock.set(late.clock.now());
  await turnOnAtOnce(fresh);
  expect(await late.memberships()).toEqual(await fresh.memberships());
});
test('the review counts those who change while it is worked out, and nobody twice', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  const before = await asAtOnce(shop);
  await expect(stepUntil(shop, 'working', new AbortController())).rejects.toThrow();
  expect(await run(shop)).toMatchObject({ state: 'working', done: CHUNK });
  await spendMore(shop, SOME);
  await goOn(shop);
  const { review } = await shown(shop);
  expect(review).toEqual(await asAtOnce(shop));
  expect(review.tagAdditions).toBeGreaterThan(before.tagAdditions);
});

test('when it would do more by now than what was approved, nothing is done and the new numbers are shown', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  const old = await shown(shop);
  const before = (await stateOf(shop))['segments'];
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
  // Before the switch.
  await spendMore(shop, SOME);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'ready', ask: true, message: 'changed' });
  expect((await stateOf(shop))['segments']).toEqual(before);
  const fresh = await shown(shop);
  expect(fresh.review).toEqual(await asAtOnce(shop));
  // A page that shows the old numbers approves nothing.
  const { id, review } = old;
  const stale = { id, fingerprint: review.fingerprint, startAutomations: false, actor: '42', now: shop.clock.now() }; // prettier-ignore
  expect(await approveChange(shop.ctx, shop.shopId, stale)).toEqual({ outcome: 'changed' });
  expect(await run(shop)).toMatchObject({ state: 'ready' });
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'done' });
  const other = await createShop();
  await spendMore(other, SOME);
  await turnOnAtOnce(other);
  expect(await shop.memberships()).toEqual(await other.memberships());
});

test('what few enough people would notice asks when it became more than that before the switch', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  const now = shop.clock.now();
  await shop.in(async (tx) => {
    // One customer more, and everybody who spends a lot from now on.
    const where = { any: [{ field: 'spent', op: 'gte', value: 39_000 }, { field: 'days_since_last_activity', op: 'gte', value: 88 }] }; // prettier-ignore
    await editSegment(tx, { key: 'away', rule: { v: 1, where }, actor: '42', now });
  });
  await shop.in(async (tx) => {
    const { customersAffected } = await reviewChange(tx, { change: { act: 'change', key: 'away' }, now });
    await storeAskAbove(tx, customersAffected);
  });
  expect(await start(shop, { act: 'change', key: 'away' })).toMatchObject({ outcome: 'started' });
  await expect(stepUntil(shop, 'working', new AbortController())).rejects.toThrow();
  // All of them were looked at before.
  await spendMore(shop, SOME.slice(0, CHUNK));
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'ready', ask: true });
});
