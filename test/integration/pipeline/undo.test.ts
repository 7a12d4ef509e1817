/**
 * Undoing a change leads back to the members of before it, also where a hold, a minimum stay or a wait would keep what
 * the change has brought about; and what has happened since by other causes stands.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { approveChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { planChange } from '../../../app/pipeline/plan-change.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { reviewOf } from '../../../app/segments/review-change.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { planTiers } from '../../../app/segments/tier-plan.ts';
import type { ChangeReview } from '../../../app/segments/turn-on-review.ts';
import { createArithmeticShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shop = await createArithmeticShop(t);
  // Every change asks.
  await shop.in((tx) => tx.query(sql`UPDATE shop_settings SET ask_above = 0 WHERE shop_id = ${shop.shopId}`));
});

const DAY = 24 * 3_600_000;
const spent = (value: number) => ({ v: 1, where: { field: 'spent', op: 'gte', value } });

async function make(name: string, rule: unknown, settings: unknown = {}): Promise<string> {
  const made = await shop.in((tx) =>
    createSegment(tx, { name, rule, settings, actor: '42', now: shop.clock.now() }),
  );
  if (made.outcome !== 'done') throw new Error(made.outcome);
  return made.key;
}

/** Reviewed, approved as shown, and done so. @returns the receipt, and the sizes that the review showed */
async function apply(change: SegmentChange) {
  // No two changes are of the same instant.
  shop.clock.advance(1_000);
  const now = shop.clock.now();
  const asked = await applyChange(shop.ctx, shop.shopId, { change, actor: '42', now });
  const review = asked.outcome === 'ask' || asked.outcome === 'done' ? asked.review : undefined;
  if (!review) throw new Error(asked.outcome);
  const done =
    asked.outcome === 'done'
      ? asked
      : await applyChange(shop.ctx, shop.shopId, {
          change,
          fingerprint: review.fingerprint,
          actor: '42',
          now,
        });
  if (done.outcome !== 'done') throw new Error(done.outcome);
  await expectAsShown(review);
  return done;
}

const keyOf = (member: string) => member.split(' ').at(-1) ?? '';

/** The review's sizes are those of now, and nothing would move by itself. */
async function expectAsShown(review: ChangeReview): Promise<void> {
  const members = await shop.memberships();
  for (const { key, size } of review.segments) {
    expect(members.filter((one) => keyOf(one) === key).length, key).toBe(size);
  }
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ memberships: 0 });
}

const edit = (key: string, rule: unknown, settings?: unknown) =>
  shop.in((tx) =>
    editSegment(tx, {
      key,
      rule,
      ...(settings === undefined ? {} : { settings }),
      actor: '42',
      now: shop.clock.now(),
    }),
  );

async function change(key: string, rule: unknown, settings?: unknown) {
  await edit(key, rule, settings);
  return apply({ act: 'change', key });
}

const undo = ({ approvalId }: { approvalId: string }) => apply({ act: 'undo', approvalId });
const members = () => shop.memberships();
const waiting = () =>
  shop.in(async (tx) => {
    const { rowCount } = await tx.query(sql`SELECT 1 FROM membership_left WHERE shop_id = ${shop.shopId}`);
    return rowCount;
  });
const setId = () =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(sql`
      SELECT id FROM segment_set WHERE shop_id = ${shop.shopId}`);
    return rows[0]?.id ?? '';
  });

test.each([
  { rejoinAfterDays: 30 },
  { minimumStayDays: 30 },
  { hold: { for: 'months', months: 2 } },
  { keep: spent(1) },
])('a rule with %j that was lowered or raised by mistake', async (settings) => {
  const key = await make('VIP', spent(40_000), settings);
  await apply({ act: 'turn_on', keys: [key] });
  const before = await members();
  expect(before).toHaveLength(10);
  const lowered = await change(key, spent(5_000));
  expect(await members()).toHaveLength(200);
  await undo(lowered);
  expect(await members()).toEqual(before);
  expect(await waiting()).toBe(0);
  const raised = await change(key, spent(200_000));
  await undo(raised);
  expect(await members()).toEqual(before);
  expect(await waiting()).toBe(0);
  const off = await apply({ act: 'turn_off', keys: [key] });
  expect(await members()).toEqual([]);
  await undo(off);
  expect(await members()).toEqual(before);
  // The day after, too.
  const late = await change(key, spent(5_000));
  shop.clock.advance(DAY);
  await undo(late);
  expect(await members()).toEqual(before);
});

test('tiers with a hold, whose best step was lowered by mistake', async () => {
  const keys = [await make('Platinum', spent(1)), await make('Gold', spent(1))];
  const plan = (platinum: number, gold: number) => {
    const planned = planTiers({
      name: 'Club',
      measure: { field: 'spent' },
      hold: { for: 'end_of_next_year' },
      steps: [{ key: keys[0] ?? '', enter: platinum }, { key: keys[1] ?? '', enter: gold }],
    }); // prettier-ignore
    if (!planned.ok) throw new Error(planned.faults.join());
    return planned.set;
  };
  await apply({ act: 'arrange_set', set: plan(40_000, 15_000) });
  await apply({ act: 'turn_on', keys });
  const before = await members();
  const size = async () => (await members()).filter((one) => keyOf(one) === 'platinum').length;
  expect(await size()).toBe(10);
  const lowered = await apply({ act: 'arrange_set', set: { ...plan(5_000, 2_500), id: await setId() } });
  expect(await size()).toBe(200);
  await undo(lowered);
  expect(await size()).toBe(10);
  expect(await members()).toEqual(before);
});

test('an exclusive set with waits, whose order was changed by mistake', async () => {
  const one = await make('One', spent(40_000), { rejoinAfterDays: 30 });
  const other = await make('Other', spent(5_000), { rejoinAfterDays: 30 });
  const set = { name: 'Set', kind: 'exclusive' as const, settings: {} };
  await apply({ act: 'arrange_set', set: { ...set, keys: [one, other] } });
  await apply({ act: 'turn_on', keys: [one, other] });
  const before = await members();
  const swapped = await apply({ act: 'arrange_set', set: { ...set, id: await setId(), keys: [other, one] } });
  expect((await members()).filter((member) => keyOf(member) === one)).toEqual([]);
  await undo(swapped);
  expect(await members()).toEqual(before);
  expect(await waiting()).toBe(0);
});

test('whoever was a member by a hold alone is one again, until the day on which it ended before', async () => {
  const hold = { for: 'months', months: 2 };
  const key = await make('VIP', spent(40_000), { hold });
  await apply({ act: 'turn_on', keys: [key] });
  const before = await members();
  await change(key, spent(200_000), { hold });
  expect(await members()).toEqual(before);
  shop.clock.advance(DAY);
  const without = await change(key, spent(200_000), {});
  expect(await members()).toEqual([]);
  shop.clock.advance(DAY);
  await undo(without);
  expect(await members()).toEqual(before);
  const held = await shop.in((tx) =>
    tx.query(sql`SELECT DISTINCT held_until FROM membership WHERE shop_id = ${shop.shopId}`),
  );
  expect(held.rows).toEqual([{ held_until: '2027-01-22' }]);
});

test('what has happened since stands', async () => {
  const key = await make('VIP', spent(40_000), { rejoinAfterDays: 30 });
  await apply({ act: 'turn_on', keys: [key] });
  const first = (await members())[0] ?? '';
  const id = first.split(' ')[0] ?? '';
  const spend = (amount: number) =>
    shop.in(async (tx) => {
      shop.clock.advance(1_000);
      await tx.query(sql`
        UPDATE orders SET net_payment_minor = ${amount} WHERE shop_id = ${shop.shopId} AND customer_id = ${id}::bigint`);
      await refresh(tx, { touched: new Map([[id, 'order']]), now: shop.clock.now() });
    });
  const raised = await change(key, spent(200_000), { rejoinAfterDays: 1 });
  shop.clock.advance(DAY);
  // In and out again by their own orders: that wait is theirs.
  await spend(500_000);
  expect(await members()).toEqual([first]);
  await spend(40_000);
  expect(await members()).toEqual([]);
  await undo(raised);
  expect(await members()).toHaveLength(9);
  expect(await waiting()).toBe(1);
});

test('in a large store it is worked out and followed in the background', async () => {
  const key = await make('VIP', spent(40_000), { rejoinAfterDays: 30, minimumStayDays: 30 });
  const hold = await make('Held', spent(40_000), { hold: { for: 'months', months: 2 } });
  await apply({ act: 'turn_on', keys: [key, hold] });
  const before = await members();
  const goOn = () => goOnWithChange(shop.ctx, shop.shopId, { chunk: 17 });
  const large = async (wanted: SegmentChange) => {
    shop.clock.advance(1_000);
    const now = shop.clock.now();
    const started = await applyChange(shop.ctx, shop.shopId, { change: wanted, actor: '42', now }, { atOnce: 10 });
    expect(started.outcome).toBe('started');
    await goOn();
    const review = await shop.in(async (tx) => {
      const run = await readChangeRun(tx);
      const planned = await planChange(tx, wanted, now);
      if (!run?.review || planned.outcome === 'not_ready') throw new Error(run?.state);
      return { id: run.id, ...reviewOf({ act: wanted.act, ...planned }, run.review) };
    });
    const { id, fingerprint } = review;
    const approved = { id, fingerprint, startAutomations: false, actor: '42', now };
    expect(await approveChange(shop.ctx, shop.shopId, approved)).toEqual({ outcome: 'approved' });
    await goOn();
    const run = await shop.in(readChangeRun);
    expect(run?.state).toBe('done');
    await expectAsShown(review);
    return { approvalId: run?.approvalId ?? '' };
  };
  for (const [of, value, size] of [[key, 5_000, 210], [hold, 5_000, 210], [key, 200_000, 20]] as const) {
    await edit(of, spent(value));
    const { approvalId } = await large({ act: 'change', key: of });
    expect(await members()).toHaveLength(size);
    await large({ act: 'undo', approvalId });
    expect(await members()).toEqual(before);
    expect(await waiting()).toBe(0);
  }
}); // prettier-ignore
