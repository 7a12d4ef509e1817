/** Whatever happens one by one ends as if everything had been computed from scratch. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import type { Cause } from '../../../app/intake/cause.ts';
import { addDays, atHour, localDateOf, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { markAllDue, reviewBatch, reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { shopFaults } from '../../../app/segments/available-fields.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { readShopFacts } from '../../../app/segments/presets-read-ideas.server.ts';
import { PRESET_KEYS } from '../../../app/segments/presets.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putCustomers, putOrders, type CustomerRow, type OrderRow } from '../../support/insert-facts.ts';
import { arbitraryCustomerRow, arbitraryOrderRow, arbitraryStore } from '../../support/random-store.ts';
import {
  createArithmeticShop,
  createSegmentShop,
  putSegments,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { arbitraryRule } from '../../support/arbitrary-rule.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const TODAY = '2026-03-20' as LocalDate;
const ZONE = 'Europe/Berlin';

async function turnOnPresets(shop: SegmentShop): Promise<void> {
  const { fingerprint } = await shop.in(async (tx) => {
    await installPresets(tx, shop.clock.now());
    return reviewTurnOn(tx, { keys: PRESET_KEYS, now: shop.clock.now() });
  });
  await turnOn(shop.ctx, shop.shopId, {
    keys: PRESET_KEYS,
    fingerprint,
    actor: 'demo',
    now: shop.clock.now(),
  });
}

/** Everything computed, but when and why. */
async function computed(tx: ShopTx) {
  const { rows } = await tx.query<{ all: unknown }>(sql`
    SELECT jsonb_build_object(
      'profiles', (SELECT jsonb_agg(to_jsonb(p) - 'shop_id' ORDER BY customer_id) FROM profile p),
      'scores', (SELECT jsonb_agg(to_jsonb(s) - 'shop_id' ORDER BY customer_id) FROM score s),
      'members', (SELECT jsonb_agg(jsonb_build_array(customer_id, key) ORDER BY customer_id, key)
                    FROM membership m JOIN segment g ON g.id = m.segment_id)) AS all`);
  return rows[0]?.all;
}

type Event =
  | { kind: 'order'; order: OrderRow }
  | { kind: 'customer'; customer: CustomerRow }
  | { kind: 'delete'; id: string }
  | { kind: 'merge'; oldId: string; keptId: string }
  | { kind: 'days'; days: number };

const CUSTOMERS = 12;
const idOf = fc.integer({ min: 1, max: CUSTOMERS }).map(String);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).chain((id) =>
    arbitraryOrderRow(String(id), CUSTOMERS, TODAY, ZONE).map((order) => ({ kind: 'order' as const, order }))) },
  { weight: 2, arbitrary: idOf.chain((id) =>
    arbitraryCustomerRow(id, TODAY, ZONE).map((customer) => ({ kind: 'customer' as const, customer }))) },
  { weight: 1, arbitrary: idOf.map((id) => ({ kind: 'delete' as const, id })) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), oldId: idOf, keptId: idOf }) },
  { weight: 3, arbitrary: fc.nat(40).map((days) => ({ kind: 'days' as const, days })) },
); // prettier-ignore

/** Does to the facts what intake would, and says whom it touched. */
async function happen(tx: ShopTx, what: Exclude<Event, { kind: 'days' }>): Promise<Map<string, Cause>> {
  switch (what.kind) {
    case 'order': {
      const { rows } = await tx.query<{ id: string }>(
        sql`SELECT customer_id AS id FROM orders WHERE shop_id = ${tx.shopId} AND id = ${what.order.id}::bigint`,
      );
      await putOrders(tx, [what.order]);
      return new Map([...rows.map(({ id }) => id), what.order.customerId ?? '1'].map((id) => [id, 'order']));
    }
    case 'customer':
      await putCustomers(tx, [what.customer]);
      return new Map([[what.customer.id, 'edit']]);
    case 'delete':
      await putCustomers(tx, [{ id: what.id, deletedAt: new Date('2026-03-01T00:00:00Z') }]);
      return new Map([[what.id, 'edit']]);
    case 'merge':
      if (what.oldId === what.keptId) return new Map();
      await tx.query(sql`INSERT INTO customer_alias VALUES (${tx.shopId}, ${what.oldId}, ${what.keptId})
                         ON CONFLICT DO NOTHING`);
      await tx.query(sql`UPDATE orders SET customer_id = ${what.keptId}::bigint
                          WHERE shop_id = ${tx.shopId} AND customer_id = ${what.oldId}::bigint`);
      return new Map([[what.oldId, 'merge'], [what.keptId, 'merge']]); // prettier-ignore
  }
}

test('event by event and day by day ends as a rebuild from the facts', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryStore(TODAY, ZONE, { customers: CUSTOMERS, orders: 30 }),
      fc.array(arbitraryRule(), { maxLength: 5 }),
      fc.array(event, { minLength: 5, maxLength: 30 }),
      async (store, rules, events) => {
        const policy = { leaveOutCustomerTags: ['staff'] };
        const shop = await createSegmentShop(t, {
          now: atHour(TODAY, 12, ZONE),
          timeZone: ZONE,
          store,
          policy,
        });
        await shop.in(async (tx) => {
          // What asks for what this shop cannot supply stands still: that is another test's subject.
          const facts = await readShopFacts(tx, await readRuleDay(tx, shop.clock.now()));
          const usable = rules.filter((rule) => shopFaults(rule, facts).length === 0);
          await putSegments(tx, Object.fromEntries(usable.map((rule, i) => [`own-${i}`, { rule }])));
        });
        await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
        await turnOnPresets(shop);
        for (const what of events) {
          if (what.kind === 'days') {
            const on = addDays(localDateOf(shop.clock.now(), ZONE), what.days);
            shop.clock.set(startOfDay(on, ZONE));
            await reviewDue(shop.ctx, shop.shopId, { batch: 5 });
          } else {
            await shop.in(async (tx) => {
              await waitForShop(tx, shop.shopId);
              await refresh(tx, { touched: await happen(tx, what), now: shop.clock.now() });
            });
          }
        }
        await reviewDue(shop.ctx, shop.shopId);
        const incremental = await shop.in(computed);
        expect(await checkDrift(shop.ctx, shop.shopId, { chunk: 5 })).toMatchObject({
          profiles: 0, scores: 0, memberships: 0,
        }); // prettier-ignore

        for (const table of ['profile', 'score', 'membership'] as const) {
          await shop.in((tx) => tx.query({ text: `DELETE FROM ${table}`, values: [] }));
        }
        await recomputeShop(shop.ctx, shop.shopId, { cause: 'undo', publish: 'never', chunk: 5 });
        expect(await shop.in(computed)).toEqual(incremental);
      },
    ),
    { numRuns: 15 },
  );
});

describe('the night', () => {
  const arithmetic = () => createArithmeticShop(t);

  test('a planted difference of each kind is found', async () => {
    const shop = await arithmetic();
    await turnOnPresets(shop);
    await shop.in(async (tx) => {
      await tx.query('UPDATE profile SET refunded_minor = 1 WHERE customer_id = 1');
      await tx.query('UPDATE score SET f = 1 WHERE customer_id IN (5, 10)');
      await tx.query(`DELETE FROM membership WHERE customer_id = 7
                         AND segment_id = (SELECT id FROM segment WHERE key = 'new')`);
      await tx.query(`UPDATE membership SET customer_id = 999 WHERE customer_id = 8
                         AND segment_id = (SELECT id FROM segment WHERE key = 'new')`);
    });
    expect(await checkDrift(shop.ctx, shop.shopId)).toEqual({
      customers: 201,
      profiles: 1,
      scores: 2,
      memberships: 3,
    });
  });

  test('numbers that hardly differ are kept, and the next day is just the due customers', async () => {
    const shop = await arithmetic();
    await turnOnPresets(shop);
    shop.clock.set(startOfDay('2026-11-23' as LocalDate, ARITHMETIC_TIME_ZONE));
    const night = await nightly(shop.ctx, shop.shopId);
    expect(night).toMatchObject({
      drift: { profiles: 0, scores: 0, memberships: 0 },
      publication: { outcome: 'kept' },
    });
    expect(night.reviewed).toBeLessThan(10);
  });

  test('a publication that somebody released reaches everybody, with the refit as the cause', async () => {
    const shop = await arithmetic();
    await turnOnPresets(shop);
    shop.clock.set(startOfDay('2026-12-22' as LocalDate, ARITHMETIC_TIME_ZONE));
    await reviewDue(shop.ctx, shop.shopId);
    const facts: OrderRow[] = Array.from({ length: 60 }, (_, i) => ({
      id: String(50_000 + i),
      customerId: String(i + 100),
      totalMinor: 90_000,
      processedAt: atHour('2026-12-21' as LocalDate, 12, ARITHMETIC_TIME_ZONE),
    }));
    await shop.in(async (tx) => {
      await waitForShop(tx, shop.shopId);
      await putOrders(tx, facts);
      const touched = new Map(facts.map((order) => [order.customerId ?? '', 'order' as const]));
      await refresh(tx, { touched, now: shop.clock.now() });
    });
    shop.clock.advance(3_600_000);
    const night = await nightly(shop.ctx, shop.shopId);
    expect(night.publication).toMatchObject({ outcome: 'held', version: 2 });
    const [held] = await shop.in(readHeldChanges);
    const decision = {
      id: held?.id ?? '',
      decision: 'release',
      actor: 'anna',
      now: shop.clock.now(),
    } as const;
    expect(await decideHeldChange(shop.ctx, shop.shopId, decision)).toMatchObject({ outcome: 'done' });
    expect(await reviewDue(shop.ctx, shop.shopId)).toMatchObject({ reviewed: 200 });
    const { rows } = await shop.in((tx) =>
      tx.query<{ causes: string[]; versions: number[]; scores: number[] }>(sql`
        SELECT array_agg(DISTINCT cause) AS causes, array_agg(DISTINCT cut_points_version) AS versions,
               (SELECT array_agg(DISTINCT cut_points_version) FROM score) AS scores
          FROM mass_change WHERE at = ${shop.clock.now()}`),
    );
    expect(rows).toEqual([{ causes: ['refit'], versions: [2], scores: [2] }]);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
  });

  test('killed between publication and evaluation, the next review finishes it with the same cause', async () => {
    const shop = await arithmetic();
    await turnOnPresets(shop);
    const before = await shop.in(computed);
    const at = new Date(ARITHMETIC_NOON.getTime() + 60_000);
    shop.clock.set(at);
    await shop.in(async (tx) => {
      await tx.query(sql`
        INSERT INTO cut_points SELECT shop_id, 2, ${at}, ${at}, as_of, buyers, frequency, monetary_minor, recency_days,
          ARRAY[40, 70, 200], gaps, spent_percentiles FROM cut_points`);
      await markAllDue(tx, at);
    });
    expect(await shop.in(computed)).not.toEqual(before);
    // A turn is one batch and says that there is more; a job goes on to the end.
    expect(await reviewBatch(shop.ctx, shop.shopId, { batch: 30 })).toMatchObject({
      reviewed: 30,
      more: true,
    });
    expect(await reviewDue(shop.ctx, shop.shopId, { batch: 30 })).toMatchObject({ reviewed: 170 });
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    const { rows } = await shop.in((tx) =>
      tx.query<{ cause: string; n: number }>(
        sql`SELECT cause, sum(members)::int AS n FROM mass_change WHERE at = ${at} GROUP BY cause`,
      ),
    );
    // Active now reaches to 40 days, slowing to 70, away to 200: 5 + 5 + 10 people are in another group.
    expect(rows).toEqual([{ cause: 'refit', n: 2 * (5 + 5 + 10) }]);
  });
});

test("a change of the shop's time zone moves days, and a rebuild makes them right", async () => {
  const shop = await createSegmentShop(t, {
    now: new Date('2026-11-22T11:00:00Z'),
    timeZone: 'Europe/Berlin',
    store: {
      customers: [{ id: '1' }],
      orders: [{ id: '1', customerId: '1', processedAt: new Date('2026-10-23T23:30:00Z') }],
    },
  });
  await turnOnPresets(shop);
  expect(await shop.memberships()).toContain('1 new');
  expect(await shop.memberships()).not.toContain('1 win-back-30-59');
  await shop.in((tx) => tx.query(sql`UPDATE shop_settings SET iana_timezone = 'America/New_York'`));
  const result = await recomputeShop(shop.ctx, shop.shopId, { cause: 'timezone', publish: 'never' });
  expect(result).toMatchObject({ customers: 1, published: 'not_asked', entered: 1 });
  expect(await shop.memberships()).toContain('1 win-back-30-59');
});

test('progress is told, and running it again changes nothing', async () => {
  const shop = await createArithmeticShop(t);
  await turnOnPresets(shop);
  const before = await shop.in(computed);
  const told: string[] = [];
  const result = await recomputeShop(shop.ctx, shop.shopId, {
    cause: 'import',
    publish: 'if-due',
    chunk: 150,
    onProgress: (step, done, total) => void told.push(`${step} ${done}/${total}`),
  });
  expect(result).toEqual({
    customers: 200, published: 'kept', entered: 0, left: 0, queued: 0, held: 0, paused: false,
  }); // prettier-ignore
  expect([...new Set(told)]).toEqual([
    'profiles 150/200', 'profiles 200/200', 'scores 0/200', 'scores 200/200', 'memberships 150/200', 'memberships 200/200',
  ]); // prettier-ignore
  expect(await shop.in(computed)).toEqual(before);
});
