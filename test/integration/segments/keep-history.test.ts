import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import {
  keepHistory,
  readHistoryMonths,
  reviewHistoryMonths,
  storeHistoryMonths,
} from '../../../app/segments/keep-history.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const months = async () => {
  const { rows } = await t.db.pool.query<{ name: string; safe: boolean }>(`
    SELECT relname AS name, relrowsecurity AND relforcerowsecurity AND EXISTS (
             SELECT FROM pg_policies p WHERE p.tablename = relname AND p.policyname = 'one_shop') AS safe
      FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'membership_event'::regclass ORDER BY 1`);
  expect(rows.every(({ safe }) => safe)).toBe(true);
  return rows.map(({ name }) => name.replace('membership_event_', ''));
};
const put = (shopId: ShopId, at: string) =>
  t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version, cut_points_version, evidence)
      VALUES (${shopId}, 1, 1, 'entered', ${new Date(at)}, 'order', 1, 1, '{}')`);
    await tx.query(sql`
      WITH change AS (
        INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
        VALUES (${shopId}, 1, 'entered', ${new Date(at)}, 'rule', 1, 1, 1) RETURNING id)
      INSERT INTO mass_member SELECT ${shopId}, id, 1 FROM change`);
  });
const kept = (shopId: ShopId) =>
  t.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ month: string; part: string }>(
      `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, replace(tableoid::regclass::text, 'membership_event_', '') AS part
         FROM membership_event ORDER BY at`,
    );
    const { rows: mass } = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM mass_member');
    return [rows.map(({ month, part }) => `${month} ${part}`), mass[0]?.n];
  });

test('months are made ahead with their rows and their policy, and dropped after 25', async () => {
  const [one, other] = [await t.createShop(), await t.createShop()];
  for (const shop of [one, other]) {
    for (const at of ['2031-01-31T23:59:59Z', '2031-02-01T00:00:00Z', '2031-03-15T12:00:00Z'])
      await put(shop, at);
  }
  const all = ['2031-01', '2031-02', '2031-03'].map((month) => `${month} default`);
  expect(await kept(one)).toEqual([all, 3]);
  expect(await keepHistory(t.db, one, new Date('2031-02-10T00:00:00Z'))).toMatchObject({
    made: 3,
    forgotten: 0,
  });
  expect(await months()).toEqual(expect.arrayContaining(['2031_02', '2031_03', '2031_04', 'default']));
  const moved = ['2031-01 default', '2031-02 2031_02', '2031-03 2031_03'];
  expect(await kept(one)).toEqual([moved, 3]);
  expect(await kept(other)).toEqual([moved, 3]);
  expect(await keepHistory(t.db, one, new Date('2031-02-10T00:00:00Z'))).toEqual({
    made: 0,
    dropped: 0,
    events: 0,
    forgotten: 0,
  });
  // 25 months after: February is the oldest month that is kept.
  expect(await keepHistory(t.db, one, new Date('2033-03-31T23:00:00Z'))).toMatchObject({ forgotten: 1 });
  expect((await kept(one))[0]).toEqual(moved.slice(1));
  expect(await keepHistory(t.db, one, new Date('2033-04-01T00:00:00Z'))).toMatchObject({
    dropped: 1,
    forgotten: 1,
  });
  expect(await kept(one)).toEqual([moved.slice(2), 1]);
  expect((await kept(other))[0]).toEqual(moved.slice(2));
});

test('a shop that keeps less loses its own older entries only; one that keeps more keeps the month of all', async () => {
  const [short, usual, long] = [await t.createShop(), await t.createShop(), await t.createShop()];
  const shops = [short, usual, long];
  for (const shop of shops) for (const at of ['2041-01-31T23:59:59Z', '2041-02-01T00:00:00Z']) await put(shop, at); // prettier-ignore
  const now = new Date('2041-06-15T00:00:00Z');
  await keepHistory(t.db, usual, now);
  const parts = async (shop: ShopId) => (await kept(shop))[0];
  expect(await t.db.inShop(short, (tx) => reviewHistoryMonths(tx, 4, now))).toBe(2);
  await t.db.inShop(short, (tx) => storeHistoryMonths(tx, 4));
  await t.db.inShop(long, (tx) => storeHistoryMonths(tx, 60));
  expect(await t.db.inShop(short, readHistoryMonths)).toBe(4);
  expect(await keepHistory(t.db, short, now)).toMatchObject({ dropped: 0, events: 1, forgotten: 1 });
  expect((await parts(short))?.toString()).toMatch(/^2041-02 \S+$/);
  for (const shop of [usual, long]) expect(await parts(shop)).toHaveLength(2);
  // 25 months are over, and 60 are not.
  const later = new Date('2043-04-01T00:00:00Z');
  for (const shop of shops) await keepHistory(t.db, shop, later);
  expect(await parts(usual)).toEqual([]);
  expect(await parts(long)).toHaveLength(2);
});

test('what is old goes in portions, the members of changes of many too', async () => {
  const shop = await t.createShop();
  const now = new Date('2051-06-15T00:00:00Z');
  for (const at of ['2045-01-01T00:00:00Z', '2045-02-01T00:00:00Z', '2051-06-01T00:00:00Z'])
    await put(shop, at);
  await t.db.inShop(shop, async (tx) => {
    await tx.query(sql`
      INSERT INTO mass_member
      SELECT ${shop}::bigint, id, n FROM mass_change, generate_series(2, 6) n WHERE shop_id = ${shop}`);
    await tx.query(sql`
      INSERT INTO membership_kept
      SELECT ${shop}::bigint, 1, n, CASE n WHEN 7 THEN ${now}::timestamptz ELSE '2045-01-01' END, 'rule', '2045-03-01'
        FROM generate_series(1, 7) n`);
  });
  // As long as the longest of all shops: no event goes row by row.
  await t.db.inShop(shop, (tx) => storeHistoryMonths(tx, 60));
  let portions = 0;
  const counting = {
    ...t.db,
    inShop: (...args: Parameters<typeof t.db.inShop>) => {
      portions += 1;
      return t.db.inShop(...args);
    },
  } as typeof t.db;
  expect(await keepHistory(counting, shop, now, { atOnce: 5 })).toMatchObject({ forgotten: 2 });
  // Twelve members: five, five, two; what they altered besides: five, one; then the changes themselves.
  expect(portions).toBe(6);
  expect((await t.db.inShop(shop, (tx) => tx.query('SELECT 1 FROM membership_kept'))).rowCount).toBe(1);
  expect((await kept(shop))[1]).toBe(6);
});

test('the ordinary role can neither make nor drop a month itself', async () => {
  await expect(t.db.pool.query('DROP TABLE membership_event_default')).rejects.toThrow(/must be owner/);
  await expect(
    t.db.pool.query('CREATE TABLE membership_event_1999_01 PARTITION OF membership_event DEFAULT'),
  ).rejects.toThrow(/permission denied|must be owner/);
});
