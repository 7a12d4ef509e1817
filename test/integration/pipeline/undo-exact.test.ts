/**
 * Whatever a change says (rule, hold, minimum stay, wait, softer rule, tiers, on or off): taken back, everybody is the
 * member that they were, since when they were, held until when they were, and waits since when they did.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { approveChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../../app/pipeline/read-change-review.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { planTiers } from '../../../app/segments/tier-plan.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const NOW = new Date('2026-03-20T11:00:00Z');
const DAY = 24 * 3_600_000;
const PEOPLE = 8;
const spent = (value: number) => ({ v: 1, where: { field: 'spent', op: 'gte', value } });

async function createShop(): Promise<SegmentShop> {
  const ids = Array.from({ length: PEOPLE }, (_, i) => String(i + 1));
  const shop = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'Europe/Berlin',
    store: {
      customers: ids.map((id) => ({ id })),
      orders: ids.map((id) => ({ id, customerId: id, processedAt: new Date('2026-02-01T10:00:00Z'), totalMinor: Number(id) * 5_000 })),
    },
  }); // prettier-ignore
  await shop.in((tx) => tx.query(sql`UPDATE shop_settings SET ask_above = 0 WHERE shop_id = ${shop.shopId}`));
  return shop;
}

async function make(shop: SegmentShop, name: string, says: Says): Promise<string> {
  const { rule, settings } = saysOf(says);
  const made = await shop.in((tx) =>
    createSegment(tx, { name, rule, settings, actor: '42', now: shop.clock.now() }),
  );
  if (made.outcome !== 'done') throw new Error(made.outcome);
  return made.key;
}

/** Reviewed, approved as shown, and done: at once, or as in a store that is too large for that. @returns the receipt */
async function apply(shop: SegmentShop, change: SegmentChange, large: boolean): Promise<string | null> {
  shop.clock.advance(1_000);
  const now = shop.clock.now();
  const input = { change, actor: '42', now };
  if (!large) {
    const asked = await applyChange(shop.ctx, shop.shopId, input);
    if (asked.outcome === 'done') return asked.approvalId;
    if (asked.outcome !== 'ask') return null;
    const { fingerprint } = asked.review;
    const done = await applyChange(shop.ctx, shop.shopId, { ...input, fingerprint });
    if (done.outcome !== 'done') throw new Error(done.outcome);
    return done.approvalId;
  }
  const started = await applyChange(shop.ctx, shop.shopId, input, { atOnce: 1 });
  if (started.outcome !== 'started') return null;
  await goOnWithChange(shop.ctx, shop.shopId, { chunk: 3 });
  const review = await shop.in((tx) => readChangeReview(tx, now));
  const run = await shop.in(readChangeRun);
  if (review && run?.state === 'ready') {
    const { fingerprint } = review;
    const approved = { id: run.id, fingerprint, startAutomations: false, actor: '42', now };
    expect(await approveChange(shop.ctx, shop.shopId, approved)).toEqual({ outcome: 'approved' });
    await goOnWithChange(shop.ctx, shop.shopId, { chunk: 3 });
  }
  const ended = await shop.in(readChangeRun);
  expect(ended?.state).toBe('done');
  return ended?.approvalId ?? null;
}

async function live(shop: SegmentShop, days: number, orders: readonly (readonly [number, number])[]) {
  shop.clock.advance(days * DAY);
  await reviewDue(shop.ctx, shop.shopId);
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    for (const [id, amount] of orders) {
      await tx.query(sql`UPDATE orders SET net_payment_minor = ${amount} WHERE shop_id = ${shop.shopId} AND id = ${id}`);
    }
    const touched = new Map(orders.map(([id]) => [String(id), 'order' as const]));
    await refresh(tx, { touched, now: shop.clock.now() });
  });
} // prettier-ignore

/** Of everybody; @param but "key customer" of those to whom something happened since */
async function stateOf(shop: SegmentShop, but: ReadonlySet<string> = new Set()) {
  return shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) =>
      (await tx.query<{ one: string } & Record<string, unknown>>(statement)).rows.filter(({ one }) => !but.has(one)); // prettier-ignore
    return {
      members: await read(sql`
        SELECT g.key || ' ' || m.customer_id AS one, m.since, m.cause, m.held_until, m.rule_version, m.evidence
          FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
         WHERE m.shop_id = ${shop.shopId} ORDER BY 1`),
      waiting: await read(sql`
        SELECT g.key || ' ' || m.customer_id AS one, m.left_on
          FROM membership_left m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
         WHERE m.shop_id = ${shop.shopId} ORDER BY 1`),
    };
  });
}

async function happenedSince(shop: SegmentShop, at: Date): Promise<Set<string>> {
  const { rows } = await shop.in((tx) =>
    tx.query<{ one: string }>(sql`
      SELECT g.key || ' ' || e.customer_id AS one FROM membership_event e
        JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
       WHERE e.shop_id = ${shop.shopId} AND e.at > ${at}`),
  );
  return new Set(rows.map(({ one }) => one));
}

interface Says {
  least: number;
  rejoinAfterDays: number | undefined;
  minimumStayDays: number | undefined;
  hold: { for: 'months'; months: number } | undefined;
  keep: number | undefined;
}
const saysOf = ({ least, keep, ...rest }: Says) => ({
  rule: spent(least),
  settings: JSON.parse(
    JSON.stringify({ ...rest, ...(keep === undefined ? {} : { keep: spent(keep) }) }),
  ) as Record<string, unknown>,
});

const amount = fc.constantFrom(4_000, 12_000, 20_000, 30_000, 60_000);
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const says: fc.Arbitrary<Says> = fc.record({
  least: amount,
  rejoinAfterDays: perhaps(fc.constantFrom(5, 40)),
  minimumStayDays: perhaps(fc.constantFrom(5, 40)),
  hold: perhaps(fc.constantFrom(1, 3).map((months) => ({ for: 'months' as const, months }))),
  keep: perhaps(fc.constantFrom(2_000, 10_000)),
});
const orders = fc.array(fc.tuple(fc.integer({ min: 1, max: PEOPLE }), amount), {
  minLength: 1,
  maxLength: 5,
});
const life = fc.array(fc.tuple(fc.constantFrom(0, 3, 20), orders), { minLength: 1, maxLength: 3 });

test('another rule, or turned off, and taken back: as it was, to the day', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(says, says), life, fc.constantFrom('change', 'turn_off'), fc.constantFrom(0, 0, 2), fc.boolean(),
      async ([first, second], days, act, later, large) => {
        const [shop, calm] = [await createShop(), await createShop()];
        for (const one of [shop, calm]) {
          const key = await make(one, 'VIP', first);
          await apply(one, { act: 'turn_on', keys: [key] }, false);
          for (const [after, amounts] of days) await live(one, after, amounts);
        }
        const [since, before] = [shop.clock.now(), await stateOf(shop)];
        expect(before).toEqual(await stateOf(calm));
        if (act === 'change') {
          await shop.in((tx) => editSegment(tx, { key: 'vip', ...saysOf(second), actor: '42', now: since }));
        }
        const approvalId = await apply(shop, act === 'change' ? { act, key: 'vip' } : { act: 'turn_off', keys: ['vip'] }, large);
        if (approvalId === null) return;
        for (const one of [shop, calm]) {
          one.clock.advance(later * DAY);
          await reviewDue(one.ctx, one.shopId);
        }
        await apply(shop, { act: 'undo', approvalId }, large);
        const happened = new Set([...(await happenedSince(shop, since)), ...(await happenedSince(calm, since))]);
        expect(await stateOf(shop, happened)).toEqual(await stateOf(calm, happened));
        expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
        // And as it goes on.
        for (const one of [shop, calm]) {
          one.clock.set(new Date(since.getTime() + 60 * DAY));
          await reviewDue(one.ctx, one.shopId);
        }
        expect((await shop.memberships()).filter((member) => !happened.has(member.split(' ').reverse().join(' '))))
          .toEqual((await calm.memberships()).filter((member) => !happened.has(member.split(' ').reverse().join(' '))));
      },
    ),
    { numRuns: 16, endOnFailure: true },
  );
}, 200_000); // prettier-ignore

test('tiers with a hold that were arranged otherwise, or without one, and put back: as they were', async () => {
  const steps = fc.tuple(fc.constantFrom(20_000, 30_000, 60_000), fc.constantFrom(4_000, 12_000));
  const hold = perhaps(fc.constantFrom({ for: 'months' as const, months: 2 }, { for: 'end_of_this_year' as const })); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(fc.tuple(steps, hold), fc.tuple(steps, hold), life, fc.boolean(), async (first, second, days, large) => {
      const shop = await createShop();
      const none: Says = { least: 1, rejoinAfterDays: undefined, minimumStayDays: undefined, hold: undefined, keep: undefined };
      const keys = [await make(shop, 'Platinum', none), await make(shop, 'Gold', none)];
      const plan = ([[platinum, gold], held]: typeof first, id?: string) => {
        const planned = planTiers({
          name: 'Club', measure: { field: 'spent' }, ...(held ? { hold: held } : {}),
          steps: [{ key: keys[0] ?? '', enter: platinum }, { key: keys[1] ?? '', enter: gold }],
        });
        if (!planned.ok) throw new Error(planned.faults.join());
        return { act: 'arrange_set' as const, set: { ...planned.set, ...(id === undefined ? {} : { id }) } };
      };
      await apply(shop, plan(first), false);
      await apply(shop, { act: 'turn_on', keys }, false);
      for (const [after, amounts] of days) await live(shop, after, amounts);
      const before = await stateOf(shop);
      const { rows } = await shop.in((tx) => tx.query<{ id: string }>(sql`SELECT id FROM segment_set WHERE shop_id = ${shop.shopId}`));
      const approvalId = await apply(shop, plan(second, rows[0]?.id), large);
      if (approvalId === null) return;
      await apply(shop, { act: 'undo', approvalId }, large);
      expect(await stateOf(shop)).toEqual(before);
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 200_000); // prettier-ignore
