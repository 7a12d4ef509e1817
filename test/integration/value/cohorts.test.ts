import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { computeProfiles } from '../../../app/history/compute-profiles.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { readCohorts } from '../../../app/value/read-cohorts.server.ts';
import { readValueByOrigin } from '../../../app/value/read-value-by-origin.server.ts';
import { putCustomers, putOrders, type OrderRow } from '../../support/insert-facts.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const ZONE = 'America/New_York';
const NOW = atHour('2026-04-15' as LocalDate, 12, ZONE);

let t: TestDb;
let shopId: ShopId;
beforeAll(async () => {
  t = await createTestDb();
  shopId = await t.createShop({ timeZone: ZONE });
  let next = 1;
  const order = (
    customerId: string,
    on: string,
    totalMinor: number,
    more: Partial<OrderRow> = {},
  ): OrderRow => ({
    id: String(next++),
    customerId,
    processedAt: atHour(on as LocalDate, 12, ZONE),
    totalMinor,
    sourceName: 'web',
    ...more,
  });
  await t.db.inShop(shopId, async (tx) => {
    await putCustomers(
      tx,
      ['1', '2', '3', '4'].map((id) => ({ id })),
    );
    await putOrders(tx, [
      order('1', '2026-01-05', 1_000),
      order('1', '2026-01-20', 500),
      order('1', '2026-03-02', 2_000),
      // 23:30 in New York, already February in UTC.
      order('2', '2026-01-31', 3_000, { processedAt: new Date('2026-02-01T04:30:00Z'), sourceName: 'pos' }),
      order('2', '2026-04-01', 700),
      order('3', '2026-03-10', 4_000, { sourceName: 'pos' }),
      order('3', '2026-03-11', 4_000, { financialStatus: 'REFUNDED', refundedMinor: 4_000 }),
      order('4', '2026-02-10', 900, { financialStatus: 'PENDING' }),
    ]);
    await tx.query(sql`
      INSERT INTO order_line (shop_id, order_id, id, title, quantity, current_quantity, total_minor, discounted_minor)
      VALUES (${shopId}, 1, 1, 'Hat', 1, 1, 1, 1), (${shopId}, 1, 2, 'Socks', 1, 1, 1, 1), (${shopId}, 1, 3, 'Hat', 1, 1, 1, 1),
             (${shopId}, 4, 4, 'Hat', 1, 1, 1, 1), (${shopId}, 3, 5, 'Scarf', 1, 1, 1, 1)`);
    await touchCustomersAfter(tx, '0', 100, 'import');
    await computeProfiles(tx, await readShopDay(tx, NOW));
  });
});
afterAll(() => t.close());

test('retention and cumulative spent per customer, by the shop’s months', async () => {
  const cohorts = await t.db.inShop(shopId, async (tx) =>
    readCohorts(tx, await readShopDay(tx, NOW), '2026-01'),
  );
  expect(cohorts).toEqual([
    {
      month: '2026-01',
      customers: 2,
      months: [
        { index: 0, active: 2, retention: 1, cumulativePerCustomerMinor: 2_250 },
        { index: 1, active: 0, retention: 0, cumulativePerCustomerMinor: 2_250 },
        { index: 2, active: 1, retention: 0.5, cumulativePerCustomerMinor: 3_250 },
        { index: 3, active: 1, retention: 0.5, cumulativePerCustomerMinor: 3_600 },
      ],
    },
    {
      month: '2026-03',
      customers: 1,
      months: [
        { index: 0, active: 1, retention: 1, cumulativePerCustomerMinor: 4_000 },
        { index: 1, active: 0, retention: 0, cumulativePerCustomerMinor: 4_000 },
      ],
    },
  ]);
  const later = await t.db.inShop(shopId, async (tx) =>
    readCohorts(tx, await readShopDay(tx, NOW), '2026-02'),
  );
  expect(later.map((one) => one.month)).toEqual(['2026-03']);
});

test('value by the channel and the products of the first order', async () => {
  const origins = await t.db.inShop(shopId, async (tx) =>
    readValueByOrigin(tx, await readShopDay(tx, NOW), 10),
  );
  expect(origins.channels).toEqual([
    { origin: 'pos', customers: 2, spentMinor: 3_850, expectedValueMinor: null },
    { origin: 'web', customers: 1, spentMinor: 3_500, expectedValueMinor: null },
  ]);
  expect(origins.products).toEqual([
    { origin: 'Hat', customers: 2, spentMinor: 3_600, expectedValueMinor: null },
    { origin: 'Socks', customers: 1, spentMinor: 3_500, expectedValueMinor: null },
  ]);
});
