import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { computeProfiles, countProfileDrift } from '../../../app/history/compute-profiles.server.ts';
import { deleteProfiles } from '../../../app/history/delete-profiles.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomers } from '../../../app/history/touched-customers.server.ts';
import { putCustomers, putOrders } from '../../support/insert-facts.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = new Date('2026-11-22T11:00:00Z');

let t: TestDb;
let shopId: ShopId;
beforeAll(async () => {
  t = await createTestDb();
});
beforeEach(async () => {
  shopId = await t.createShop({ timeZone: 'America/New_York' });
});
afterAll(() => t.close());

async function compute(tx: ShopTx, ...ids: string[]) {
  await touchCustomers(tx, new Map(ids.map((id) => [id, 'order'] as const)));
  return computeProfiles(tx, await readShopDay(tx, NOW));
}

async function profile(tx: ShopTx, id: string) {
  const { rows } = await tx.query<Record<string, unknown>>(sql`
    SELECT orders, spent_minor::int AS spent, biggest_order_minor::int AS biggest, first_order_on AS first,
           last_order_on AS last, activity_orders AS activity, last_activity_on AS "lastActivity",
           fully_refunded_orders AS returned, refunded_minor::int AS refunded, left_out AS "leftOut"
      FROM profile WHERE shop_id = ${tx.shopId} AND customer_id = ${id}::bigint`);
  return rows[0];
}

test('a customer without orders has a profile too', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, [{ id: '1' }]);
    expect(await compute(tx, '1')).toEqual({ written: 1, removed: 0 });
    expect(await profile(tx, '1')).toEqual({
      orders: 0, spent: 0, biggest: 0, first: null, last: null, activity: 0, lastActivity: null, returned: 0,
      refunded: 0, leftOut: false,
    }); // prettier-ignore
  });
});

test("days are the shop's: an order late in the evening, and the nights of daylight saving", async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, [{ id: '1' }]);
    const on = async (processedAt: string) => {
      await putOrders(tx, [{ id: '1', customerId: '1', processedAt: new Date(processedAt) }]);
      await compute(tx, '1');
      return (await profile(tx, '1'))?.['last'];
    };
    expect(await on('2026-11-22T04:59:59Z')).toBe('2026-11-21');
    expect(await on('2026-11-22T05:00:00Z')).toBe('2026-11-22');
    expect(await on('2026-11-01T04:30:00Z')).toBe('2026-11-01'); // 00:30, still daylight saving time
    expect(await on('2026-11-02T04:30:00Z')).toBe('2026-11-01'); // 23:30, standard time
    expect(await on('2026-03-09T03:30:00Z')).toBe('2026-03-08'); // 23:30, daylight saving time again
    expect(await on('2028-03-01T04:30:00Z')).toBe('2028-02-29');
  });
});

test('what counted and what was only activity', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, [{ id: '1' }]);
    const at = (day: number) => new Date(Date.UTC(2026, 4, day, 15));
    await putOrders(tx, [
      { id: '1', customerId: '1', processedAt: at(1), totalMinor: 3_000 },
      { id: '2', customerId: '1', processedAt: at(5), totalMinor: 9_000, refundedMinor: 1_000 },
      { id: '3', customerId: '1', processedAt: at(9), financialStatus: 'REFUNDED', refundedMinor: 5_000 },
      { id: '4', customerId: '1', processedAt: at(12), financialStatus: 'PENDING' },
      { id: '5', customerId: '1', processedAt: at(20), cancelledAt: at(21) },
      { id: '6', customerId: null, processedAt: at(22) },
    ]);
    await compute(tx, '1');
    expect(await profile(tx, '1')).toEqual({
      orders: 2, spent: 11_000, biggest: 8_000, first: '2026-05-01', last: '2026-05-05', activity: 4,
      lastActivity: '2026-05-12', returned: 1, refunded: 6_000, leftOut: false,
    }); // prettier-ignore
  });
});

test('only rows that differ are written', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, [{ id: '1' }, { id: '2' }]);
    await putOrders(tx, [{ id: '1', customerId: '1', processedAt: NOW }]);
    expect((await compute(tx, '1', '2')).written).toBe(2);
    expect((await compute(tx, '1', '2')).written).toBe(0);
    await putOrders(tx, [{ id: '1', customerId: '1', processedAt: NOW, refundedMinor: 100 }]);
    expect((await compute(tx, '1', '2')).written).toBe(1);
  });
});

test('an order that moves to another customer leaves the first one', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, [{ id: '1' }, { id: '2' }]);
    await putOrders(tx, [{ id: '1', customerId: '1', processedAt: NOW }]);
    await compute(tx, '1', '2');
    await putOrders(tx, [{ id: '1', customerId: '2', processedAt: NOW }]);
    await compute(tx, '1', '2');
    expect((await profile(tx, '1'))?.['orders']).toBe(0);
    expect((await profile(tx, '2'))?.['orders']).toBe(1);
    await putOrders(tx, [{ id: '1', customerId: '2', processedAt: NOW, deletedAt: NOW }]);
    await compute(tx, '2');
    expect((await profile(tx, '2'))?.['orders']).toBe(0);
  });
});

test('deleted, merged away, redacted or never known: no profile', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, ['1', '2', '3'].map((id) => ({ id }))); // prettier-ignore
    await compute(tx, '1', '2', '3');
    await putCustomers(tx, [{ id: '1', deletedAt: NOW }]);
    await tx.query(sql`INSERT INTO customer_alias VALUES (${shopId}, 2, 9)`);
    await tx.query(sql`DELETE FROM customer WHERE shop_id = ${shopId} AND id = 3`);
    expect(await compute(tx, '1', '2', '3', '4')).toEqual({ written: 0, removed: 3 });
  });
});

test('left out by tag, and back again', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(
      sql`UPDATE shop_settings SET policy = ${JSON.stringify({ leaveOutCustomerTags: ['staff'] })}::jsonb WHERE shop_id = ${shopId}`,
    );
    await putCustomers(tx, [{ id: '1', tags: ['Staff'] }]);
    await compute(tx, '1');
    expect(await profile(tx, '1')).toMatchObject({ leftOut: true });
    await putCustomers(tx, [{ id: '1', tags: [] }]);
    await compute(tx, '1');
    expect(await profile(tx, '1')).toMatchObject({ leftOut: false });
  });
});

test('a planted difference is drift', async () => {
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, ['1', '2', '3'].map((id) => ({ id }))); // prettier-ignore
    await compute(tx, '1', '2', '3');
    const drift = async () => countProfileDrift(tx, await readShopDay(tx, NOW));
    expect(await drift()).toBe(0);
    await tx.query(sql`UPDATE profile SET spent_minor = 1 WHERE shop_id = ${shopId} AND customer_id = 1`);
    await tx.query(sql`DELETE FROM profile WHERE shop_id = ${shopId} AND customer_id = 2`);
    await putCustomers(tx, [{ id: '3', deletedAt: NOW }]);
    expect(await drift()).toBe(3);
  });
});

test('erasing removes just these customers, and nothing of another shop', async () => {
  const other = await t.createShop();
  for (const shop of [shopId, other]) {
    await t.db.inShop(shop, async (tx) => {
      await putCustomers(tx, ['1', '2', '3'].map((id) => ({ id }))); // prettier-ignore
      await compute(tx, '1', '2', '3');
    });
  }
  await t.db.inShop(shopId, async (tx) => {
    expect(await deleteProfiles(tx, ['2'])).toBe(1);
    expect((await tx.query('SELECT 1 FROM profile')).rowCount).toBe(2);
  });
  const left = await t.db.inShop(other, (tx) => tx.query('SELECT 1 FROM profile'));
  expect(left.rowCount).toBe(3);
});

test('a stored policy that cannot be read stops the run instead of counting something else', async () => {
  await expect(
    t.db.inShop(shopId, async (tx) => {
      await tx.query(
        sql`UPDATE shop_settings SET policy = '{"companyOrders": "perhaps"}' WHERE shop_id = ${shopId}`,
      );
      await readShopDay(tx, NOW);
    }),
  ).rejects.toThrow(/what counts as an order/);
});
