/** A merchant's acceptance, the end: VIP with an offer, a change that asks, a loss that is held, erasure, leaving, coming back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goOnLeaving } from '../../../app/activation/leaving/go-on-leaving.server.ts';
import { NOTHING_TO_LEAVE } from '../../../app/activation/leaving/leaving.ts';
import { readLeaving } from '../../../app/activation/leaving/read-leaving.server.ts';
import { startLeaving } from '../../../app/activation/leaving/start-leaving.server.ts';
import { syncNativeSegments } from '../../../app/activation/native-segments/sync-native-segments.server.ts';
import { readAtStake } from '../../../app/activation/read-at-stake.server.ts';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { handleSortLeftovers } from '../../../app/jobs/handlers/sort-leftovers.server.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
  await one.inShop(async (tx) => {
    const rule = (value: number) => ({
      v: 1,
      where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value },
    });
    await createSegment(tx, { name: 'VIP', rule: rule(100_000), actor: '42', now: one.now() });
    await createSegment(tx, {
      name: 'Fresh',
      rule: { v: 1, where: { field: 'days_since_last_order', op: 'lte', value: 12 } },
      actor: '42',
      now: one.now(),
    });
  });
  // Tags of somebody else.
  for (const k of [1, 20, 40])
    await one.control('set-tags', { customer: arithmeticEmail(k), tags: ['wholesale'] });
  await one.settle();
  await one.turnOn([...BANDS, 'vip', 'fresh']);
  await one.offer('vip', { name: 'VIP thanks', percent: '10', once: '', way: 'function' });
  await one.offer('fresh', { name: 'Second order', kind: 'amount', amount: '5', keepDays: '3' });
  await one.settle();
}, 240_000);
afterAll(() => one?.close());

const ours = () => [...one.world.store.customers()].flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('regulars-'))); // prettier-ignore

test('any offer asks: a change of VIP is not made without approval, and the 62 who enter by it get no offer', async () => {
  const rule = { v: 1, where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 10_000 } };
  const edited = await one.inShop((tx) => editSegment(tx, { key: 'vip', rule, actor: '42', now: one.now() } as never)); // prettier-ignore
  expect(edited).toBeDefined();
  const wish = { change: { act: 'change' as const, key: 'vip' }, actor: '42', now: one.now() };
  const asked = await applyChange(one.world.ctx, one.shopId, wish);
  expect(asked.outcome).toBe('ask');
  if (asked.outcome !== 'ask') return;
  expect(asked.review.customersAffected).toBe(62);
  const { segments } = asked.review;
  const { offers } = await one.inShop((tx) => readAtStake(tx, wish.change, { segments, now: one.now() }));
  const [stake] = offers;
  // 100.00 in 365 days: c020, c040 ... c180, whose orders were 400.00 each; of those with orders of 50.00 who placed two
  // or three, whoever placed two in the year: c005, c010 ... c170 without the former (26), c001, c006 ... c171 (35).
  // 10 % of an order, times the orders of the last 91 days, as long as the offer lasts:
  // - of 400.00: three of c020 (40, 60 and 80 days ago), one of the eight others;
  // - of 50.00, of those with three: three of c005, c010, c015 and c025 (whose oldest is 90 days old), two of c030 and
  //   c035 (70 and 90 days ago), one of the twenty others;
  // - of 50.00, of those with two: both of c001, c006 ... c031 (seven), one of the 28 others.
  const of400 = 3 * 4_000 + 8 * 4_000;
  const ofThree = 4 * 1_500 + 2 * 1_000 + 20 * 500;
  const ofTwo = 7 * 1_000 + 28 * 500;
  expect(stake).toMatchObject({
    name: 'VIP thanks',
    members: 70,
    mostMinor: String(of400 + ofThree + ofTwo),
  });
  expect(one.tagged('regulars-vip')).toBe(8);
  const done = await applyChange(one.world.ctx, one.shopId, {
    ...wish,
    fingerprint: asked.review.fingerprint,
  });
  if (done.outcome !== 'done') throw new Error(done.outcome);
  await one.settle();
  expect([one.tagged('regulars-vip'), one.tagged('regulars-offer-vip')]).toEqual([70, 8]);
  const undo = { change: { act: 'undo' as const, approvalId: done.approvalId }, actor: '42', now: one.now() };
  const back = await applyChange(one.world.ctx, one.shopId, undo);
  if (back.outcome !== 'ask') throw new Error(back.outcome);
  await applyChange(one.world.ctx, one.shopId, { ...undo, fingerprint: back.review.fingerprint });
  await one.settle();
  expect([one.tagged('regulars-vip'), one.tagged('regulars-offer-vip')]).toEqual([8, 8]);
}, 180_000);

test('a loss of over 30 % of a segment with an offer in a day is held', async () => {
  expect(one.tagged('regulars-fresh')).toBe(6);
  one.world.sandbox.clock.set(new Date('2026-11-28T12:00:00+01:00'));
  await reviewDue(one.world.ctx, one.shopId);
  await one.settle();
  expect(await one.inShop(readHeldChanges)).toMatchObject([
    {
      cause: 'loss',
      subject: 'outbox',
      changes: expect.arrayContaining([expect.objectContaining({ key: 'fresh', loses: 3 })]) as unknown,
    },
  ]);
  expect(one.tagged('regulars-fresh')).toBe(6);
}, 120_000);

test('an erased customer holds nothing', async () => {
  const id = [...one.world.store.customers()].find(({ email }) => email === arithmeticEmail(100))?.id ?? '';
  const { redactionKey } = one.world.ctx.config;
  await one.inShop((tx) =>
    redactCustomer(tx, {
      customerId: id,
      receivedAt: new Date(),
      now: new Date(),
      redactionKey,
      cipher: one.world.ctx.cipher,
    }),
  );
  const { rowCount } = await one.inShop((tx) =>
    tx.query(sql`SELECT 1 FROM offer_holder WHERE customer_id = ${id}::bigint`),
  );
  expect(rowCount).toBe(0);
  const [vip] = await one.inShop(readOpenOffers);
  const standing = (await one.inShop((tx) => readOfferStandings(tx, [vip?.id ?? '0']))).get(vip?.id ?? '0');
  expect(standing?.holders).toBe(7);
  await one.control('set-tags', { customer: arithmeticEmail(100), tags: [] });
  await one.settle();
}, 120_000);

test('leaving takes out everything of ours and nothing else; the receipt is what Activity says', async () => {
  const found = await startLeaving(one.world.ctx, one.shopId, { actor: '42', now: one.now() });
  expect(found.tags).toBe(ours().length);
  expect(found).toMatchObject({ discounts: 2, discountSegments: 1 });
  expect(await goOnLeaving(one.world.ctx, one.shopId)).toBe(false);
  await one.settle();
  const signal = new AbortController().signal;
  const admin = await one.world.ctx.adminFor(one.shopId);
  await syncNativeSegments({ ...one.world.ctx, admin }, one.shopId, { signal });
  expect(await goOnLeaving(one.world.ctx, one.shopId), 'the store is searched at last').toBe(false);
  await handleSortLeftovers(one.world.ctx, { data: { shopId: one.shopId }, signal });
  expect(await goOnLeaving(one.world.ctx, one.shopId)).toBe(true);
  const { run, ours: left } = await one.inShop(readLeaving);
  expect(run).toMatchObject({ state: 'done', receipt: { removed: found, failed: [] } });
  expect(left).toEqual(NOTHING_TO_LEAVE);
  expect(ours()).toEqual([]);
  expect([...one.world.store.discounts.all(), ...one.world.store.segments.all()]).toEqual([]);
  expect([1, 20, 40].map((k) => one.tagsOf(k))).toEqual([['wholesale'], ['wholesale'], ['wholesale']]);
  const { rows } = await one.inShop((tx) =>
    tx.query<{ tags: number; discounts: number }>(sql`
      SELECT (SELECT count(*)::int FROM tag_write w, leaving l WHERE w.act = 'remove' AND w.outcome = 'confirmed' AND w.id > l.after_tag_write) AS tags,
             (SELECT count(*)::int FROM discount_write w, leaving l WHERE w.act = 'delete' AND w.kind = 'discount' AND w.id > l.after_discount_write) AS discounts`),
  );
  expect(rows[0]).toEqual({ tags: found.tags, discounts: found.discounts });
}, 240_000);

test('after that nothing is written, whatever time brings', async () => {
  const calls = async () => JSON.stringify([...one.world.store.customers()].map(({ tags }) => tags));
  const before = await calls();
  await one.until('2026-12-20T12:00:00+01:00');
  expect(await calls()).toBe(before);
  expect([...one.world.store.discounts.all()]).toEqual([]);
}, 120_000);
