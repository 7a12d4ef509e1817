/** A segment with an offer that loses many members in a day: whatever took them out, their tags wait for a person. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import { addDays, atHour, startOfDay } from '../../../app/local-date.ts';
import { applyFit } from '../../../app/pipeline/apply-fit.server.ts';
import { finishRun, startRun } from '../../../app/pipeline/background-run.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { markAllDue, reviewBatch, reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { ARITHMETIC_DAY, ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE, arithmeticStore } from '../../support/arithmetic-store.ts'; // prettier-ignore
import { createSegmentShop, putFitInForce, putPredictions, putSegments, type SegmentShop } from '../../support/segment-shop.ts'; // prettier-ignore
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** c001 ... c020: customer k ordered 2k days ago. */
const FRESH = { v: 1, where: { field: 'days_since_last_order', op: 'lte', value: 41 } };
const TWENTY = Array.from({ length: 20 }, (_, i) => String(i + 1));
/** Those of whom the tests speak and as many others: a run in chunks of three goes through all of them. */
const PEOPLE = 40;

beforeEach(async () => {
  const { customers, orders } = arithmeticStore();
  shop = await createSegmentShop(t, {
    now: ARITHMETIC_NOON,
    timeZone: ARITHMETIC_TIME_ZONE,
    store: {
      customers: customers.slice(0, PEOPLE),
      orders: orders.filter(({ customerId }) => Number(customerId) <= PEOPLE),
    },
  });
  await shop.in((tx) => putSegments(tx, { fresh: { rule: FRESH } }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in(async (tx) => {
    await putOffer(tx, 'fresh', TWENTY);
    await settleTags(tx);
  });
  shop.clock.set(atHour(addDays(ARITHMETIC_DAY, 1), 13, ARITHMETIC_TIME_ZONE));
});

/** Held by these customers, kept for no day after leaving, so that what they lose is the offer's tag too. */
async function putOffer(tx: ShopTx, key: string, holders: readonly string[]): Promise<void> {
  const terms = { gives: { kind: 'percentage', percent: 10, on: { all: true } }, combines: { product: false, order: false, shipping: true }, once: false }; // prettier-ignore
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at)
    SELECT ${tx.shopId}::bigint, id, 'Thanks', 'offer-' || key, ${JSON.stringify(terms)}::jsonb, 'running', '2026-11-01', '2027-02-01', 0,
           'native', ${ARITHMETIC_NOON}::timestamptz FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}
    RETURNING id`);
  await tx.query(sql`
    INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause)
    SELECT ${tx.shopId}::bigint, ${rows[0]?.id}::bigint, id, ${ARITHMETIC_NOON}::timestamptz, 'start'
      FROM unnest(${[...holders]}::bigint[]) AS id`);
}

/** As if every tag had been written. */
async function settleTags(tx: ShopTx): Promise<void> {
  await tx.query('DELETE FROM tag_outbox');
  await tx.query('DELETE FROM tag_owned');
  await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT ${tx.shopId}::bigint, customer_id, 'regulars-' || tag_name, 'regulars-' || tag_name, ${ARITHMETIC_NOON}::timestamptz
      FROM (SELECT m.customer_id, g.tag_name FROM membership m
              JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id AND g.status = 'live'
            UNION ALL SELECT h.customer_id, o.tag_name FROM offer_holder h
              JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id WHERE h.ended_at IS NULL) one`);
}

/** Their last orders are of long ago from now on, as the facts say: c001 ... of the twenty leave. */
const age = (customers: number) =>
  shop.in((tx) =>
    tx.query(sql`UPDATE orders SET processed_at = processed_at - interval '100 days'
                  WHERE shop_id = ${shop.shopId} AND customer_id <= ${customers}::bigint`),
  );

const outbox = async () => {
  const { rows } = await shop.in((tx) =>
    tx.query<{ held: boolean }>('SELECT held_by IS NOT NULL AS held FROM tag_outbox'),
  );
  return { held: rows.filter(({ held }) => held).length, free: rows.filter(({ held }) => !held).length };
};
const heldChanges = () => shop.in(readHeldChanges);

const RUNS = ['policy', 'import', 'timezone', 'refit', 'product'] as const;

test.each(RUNS)(
  'a run with the cause %s, in chunks: 8 of 20 wait for a person, those of the first chunk too',
  async (cause) => {
    await age(8);
    await recomputeShop(shop.ctx, shop.shopId, { cause, publish: 'never', chunk: 3 });
    const [held, ...others] = await heldChanges();
    expect(others).toEqual([]);
    expect(held).toMatchObject({ subject: 'outbox', affected: 8 });
    expect(held?.changes).toEqual([
      { key: 'fresh', name: 'fresh', tag: 'regulars-fresh', gains: 0, loses: 8 },
      {
        key: expect.stringMatching(/^offer:\d+$/) as string,
        name: 'Offer: Thanks',
        tag: 'regulars-offer-fresh',
        gains: 0,
        loses: 8,
      },
    ]);
    expect(await outbox()).toEqual({ held: 8, free: 0 });
  },
);

test.each(RUNS)('a run with the cause %s: 6 of 20 are 30 per cent, nobody waits', async (cause) => {
  await age(6);
  await recomputeShop(shop.ctx, shop.shopId, { cause, publish: 'never', chunk: 3 });
  expect(await heldChanges()).toEqual([]);
  expect(await outbox()).toEqual({ held: 0, free: 6 });
  const { rows } = await shop.in((tx) => tx.query('SELECT state FROM held_change'));
  expect(rows).toEqual([]);
});

test('what a person has approved waits for nobody: a new rule', async () => {
  await age(8);
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never', chunk: 3 });
  expect(await heldChanges()).toEqual([]);
  expect(await outbox()).toEqual({ held: 0, free: 8 });
});

test('a date, in batches: who leaves waits until the last batch, then for a person', async () => {
  // 16 days later c013 ... c020 are beyond 41 days.
  shop.clock.set(startOfDay(addDays(ARITHMETIC_DAY, 16), ARITHMETIC_TIME_ZONE));
  for (;;) {
    const { more } = await reviewBatch(shop.ctx, shop.shopId, { batch: 5 });
    if (!more) break;
    expect((await outbox()).free).toBe(0);
  }
  expect(await heldChanges()).toMatchObject([{ cause: 'loss', affected: 8 }]);
  expect(await outbox()).toMatchObject({ held: 8 });
});

test('a date that takes few, day after day: nobody waits', async () => {
  for (let day = 1; day <= 16; day++) {
    shop.clock.set(startOfDay(addDays(ARITHMETIC_DAY, day), ARITHMETIC_TIME_ZONE));
    await reviewDue(shop.ctx, shop.shopId, { batch: 1 });
  }
  expect(await heldChanges()).toEqual([]);
  expect(await outbox()).toEqual({ held: 0, free: 8 });
});

test('new cut points, released or few enough: applied in batches, their losses wait', async () => {
  await age(8);
  await shop.in(async (tx) => {
    const at = shop.clock.now();
    await tx.query(sql`UPDATE cut_points SET published_at = ${at} WHERE shop_id = ${shop.shopId}`);
    await tx.query(sql`UPDATE profile SET last_order_on = last_order_on - 100 WHERE shop_id = ${shop.shopId} AND customer_id <= 8`); // prettier-ignore
    await markAllDue(tx, at);
  });
  await reviewDue(shop.ctx, shop.shopId, { batch: 7 });
  expect(await heldChanges()).toMatchObject([{ cause: 'loss', affected: 8 }]);
  expect(await outbox()).toEqual({ held: 8, free: 0 });
});

test('new predictions: the segments that rest on them lose no tag before a person says so', async () => {
  await shop.in(async (tx) => {
    const hour = new Date(ARITHMETIC_NOON.getTime() - 3_600_000);
    await putFitInForce(tx, hour, { currency: 'USD' });
    const said = (alive: number) => ({ alive, expectedOrders: 1, expectedValueMinor: 100n, risk: 'low', nextOrderOn: null }); // prettier-ignore
    await putPredictions(tx, TWENTY.map((id) => [id, said(0.9)] as never)); // prettier-ignore
    await putSegments(tx, {
      likely: { rule: { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } } },
    });
  });
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in(async (tx) => {
    // The fit's own numbers are kept out: of another currency it scores nobody, and what it has scored is no longer so.
    await putOffer(tx, 'likely', []);
    await settleTags(tx);
    await tx.query(
      sql`UPDATE prediction SET alive = 0.1 WHERE shop_id = ${shop.shopId} AND customer_id <= 8`,
    );
    await tx.query(sql`UPDATE ltv_fit SET applied_at = NULL WHERE shop_id = ${shop.shopId}`);
    await startRun(tx, { kind: 'fit', total: 0, now: shop.clock.now() });
  });
  expect((await shop.memberships()).filter((one) => one.endsWith('likely'))).toHaveLength(20);
  await applyFit(shop.ctx, shop.shopId, { chunk: 3 });
  expect((await shop.memberships()).filter((one) => one.endsWith('likely')).length).toBeLessThan(14);
  const [held] = await heldChanges();
  expect(held).toMatchObject({ cause: 'loss', subject: 'outbox' });
  expect((await outbox()).free).toBe(0);
});

test('a run that ends while another goes on leaves the decision to that one’s end', async () => {
  await age(8);
  await shop.in((tx) => startRun(tx, { kind: 'fit', total: 0, now: shop.clock.now() }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'never', chunk: 3 });
  expect(await heldChanges()).toEqual([]);
  expect(await outbox()).toEqual({ held: 8, free: 0 });
  await shop.in((tx) => finishRun(tx, 'fit'));
  await reviewDue(shop.ctx, shop.shopId);
  expect(await heldChanges()).toMatchObject([{ cause: 'loss', affected: 8 }]);
});

test('discarded, the tags stay as they are, the offer’s with them', async () => {
  await age(8);
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'never', chunk: 3 });
  const [held] = await heldChanges();
  const wish = { id: held?.id ?? '', decision: 'discard' as const, actor: 'anna', now: shop.clock.now() };
  expect(await decideHeldChange(shop.ctx, shop.shopId, wish)).toMatchObject({ outcome: 'done' });
  expect(await outbox()).toEqual({ held: 0, free: 0 });
});

test('discarded after a run that took its time: nothing is written for those whom its first chunks took out', async () => {
  await age(8);
  const aMinuteOn = () => shop.clock.set(new Date(shop.clock.now().getTime() + 60_000));
  await recomputeShop(shop.ctx, shop.shopId, {
    cause: 'policy',
    publish: 'never',
    chunk: 3,
    onProgress: aMinuteOn,
  });
  const [held] = await heldChanges();
  expect(held).toMatchObject({ cause: 'loss', affected: 8 });
  const wish = { id: held?.id ?? '', decision: 'discard' as const, actor: 'anna', now: shop.clock.now() };
  await decideHeldChange(shop.ctx, shop.shopId, wish);
  expect(await outbox()).toEqual({ held: 0, free: 0 });
});

test('who was lost and does something is not held again, waiting or decided', async () => {
  await age(8);
  await shop.in((tx) => putSegments(tx, { big: { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 200_000 } } } })); // prettier-ignore
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'product', publish: 'never' });
  expect(await outbox()).toEqual({ held: 8, free: 0 });
  const order = (customer: string, minor: number) =>
    shop.in(async (tx) => {
      await tx.query(sql`
        UPDATE orders SET net_payment_minor = ${minor}, current_total_minor = ${minor}, total_minor = ${minor}
         WHERE shop_id = ${shop.shopId} AND id = (
           SELECT max(id) FROM orders WHERE shop_id = ${shop.shopId} AND customer_id = ${customer}::bigint)`);
      await refresh(tx, { touched: new Map([[customer, 'order' as const]]), now: shop.clock.now() });
    });
  await order('1', 300_000);
  expect(await outbox(), 'into another segment: written at once').toEqual({ held: 7, free: 1 });
  const [held] = await heldChanges();
  const wish = { id: held?.id ?? '', decision: 'discard' as const, actor: 'anna', now: shop.clock.now() };
  await decideHeldChange(shop.ctx, shop.shopId, wish);
  await order('2', 6_000);
  expect(await heldChanges(), 'the same day, with the decision made').toEqual([]);
  expect(await outbox()).toEqual({ held: 0, free: 1 });
});
