/** A segment that is on stands still while the shop cannot supply what it asks for: nobody enters and nobody leaves. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { readRuns } from '../../../app/pipeline/background-run.server.ts';
import { setMetafields } from '../../../app/pipeline/change-picks.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { noteAvailability } from '../../../app/segments/note-availability.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import { storeScopes } from '../../../app/intake/store-scopes.server.ts';
import { putCustomers, putOrders } from '../../support/insert-facts.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const NOW = new Date('2026-03-20T11:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const SIZE = { key: 'custom.size', type: 'single_line_text_field' };
const LARGE = { field: 'metafield_text', with: { metafield: 'custom.size' }, op: 'eq', value: 'L' };
const RULES = {
  large: { rule: { v: 1, where: LARGE } },
  asks: { rule: { v: 1, where: { field: 'member_of', with: { segment: 'large' }, op: 'eq', value: true } } },
  early: { rule: { v: 1, where: { field: 'f', op: 'gte', value: 1 } } },
  recent: { rule: { v: 1, where: { field: 'orders_in', with: { lastDays: 30 }, op: 'gte', value: 1 } } },
};

let shop: SegmentShop;
const value = (size: string | null) => [{ key: SIZE.key, value: size }];
beforeEach(async () => {
  const store = {
    customers: [
      { id: '1', metafields: value('L') },
      { id: '2', metafields: value('S') },
    ],
    orders: [{ id: '11', customerId: '1', processedAt: daysAgo(10) }],
  };
  shop = await createSegmentShop(t, { now: NOW, timeZone: 'UTC', store });
  await shop.in(async (tx) => {
    await tx.query(sql`UPDATE shop_settings SET metafields = ${JSON.stringify([SIZE])}::jsonb,
                              first_imported_at = ${NOW} WHERE shop_id = ${shop.shopId}`);
    await putSegments(tx, RULES);
  });
  await replay('rule');
  expect(await shop.memberships()).toEqual(['1 asks', '1 early', '1 large', '1 recent']);
});
const replay = (cause: 'rule' | 'import') =>
  recomputeShop(shop.ctx, shop.shopId, { cause, publish: 'never' });
const pick = (list: { key: string; type: string }[]) =>
  shop.in((tx) => setMetafields(tx, list, { clock: shop.clock }));
const standing = async () =>
  Object.fromEntries(
    (await shop.in((tx) => loadReadableSegments(tx))).flatMap(({ key, unavailable }) =>
      unavailable === null ? [] : [[key, unavailable]],
    ),
  );

describe('a metafield that is no longer picked', () => {
  test('its segment, and who asks for its members, stand still; the others go on', async () => {
    await pick([]);
    expect(await standing()).toEqual({
      large: expect.stringContaining('no metafield of this kind is picked') as string,
      asks: expect.stringContaining('no metafield of this kind is picked') as string,
    });
    await replay('rule');
    expect(await shop.memberships()).toEqual(['1 asks', '1 early', '1 large', '1 recent']);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ memberships: 0 });
    await shop.in(async (tx) => {
      await putOrders(tx, [{ id: '12', customerId: '2', processedAt: daysAgo(1) }]);
      await refresh(tx, { touched: new Map([['2', 'order']]), now: NOW });
    });
    expect(await shop.memberships()).toEqual([
      '1 asks',
      '1 early',
      '1 large',
      '1 recent',
      '2 early',
      '2 recent',
    ]);
  });

  test('picked again they stand still until it has been read, then everybody is evaluated', async () => {
    await pick([]);
    await pick([SIZE]);
    expect(Object.keys(await standing())).toEqual(['large', 'asks']);
    await shop.in(async (tx) => {
      await putCustomers(tx, [
        { id: '1', metafields: value('S') },
        { id: '2', metafields: value('L') },
      ]);
      await noteAvailability(tx, { now: NOW, release: 'caller' });
    });
    expect(await standing()).toEqual({});
    await replay('import');
    expect(await shop.memberships()).toEqual(['1 early', '1 recent', '2 asks', '2 large']);
  });

  test('a set is decided as a whole', async () => {
    await shop.in((tx) =>
      tx.query(sql`
        WITH made AS (INSERT INTO segment_set (shop_id, name, kind, settings, created_at)
                      VALUES (${shop.shopId}, 'Set', 'exclusive', '{}', ${NOW}) RETURNING id)
        UPDATE segment SET set_id = made.id, set_rank = CASE key WHEN 'large' THEN 1 ELSE 2 END
          FROM made WHERE shop_id = ${shop.shopId} AND key IN ('large', 'early')`),
    );
    await replay('rule');
    const before = ['1 asks', '1 large', '1 recent'];
    expect(await shop.memberships()).toEqual(before);
    await pick([]);
    expect(await standing()).toMatchObject({ early: 'It shares a set with large, which is kept as it is.' });
    await replay('rule');
    expect(await shop.memberships()).toEqual(before);
  });

  test('nothing that asks for it is turned on, or given such a rule', async () => {
    await pick([]);
    await shop.in((tx) =>
      createSegment(tx, { name: 'Draft', rule: { v: 1, where: LARGE }, actor: '7', now: NOW }),
    );
    const keys = ['draft'];
    const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now: NOW }));
    expect(await turnOn(shop.ctx, shop.shopId, { keys, fingerprint, actor: '7', now: NOW })).toEqual({
      outcome: 'not_ready',
      reason: 'not_available',
    });
    await shop.in((tx) =>
      editSegment(tx, { key: 'early', rule: { v: 1, where: LARGE }, actor: '7', now: NOW }),
    );
    const change = { act: 'change', key: 'early' } as const;
    expect(await applyChange(shop.ctx, shop.shopId, { change, actor: '7', now: NOW })).toMatchObject({
      reason: 'not_available',
    });
    expect(await shop.memberships()).toContain('1 early');
  });

  test('another rule lets it go on, and those that stood still with it under the brake', async () => {
    await pick([]);
    await shop.in((tx) =>
      editSegment(tx, { key: 'large', rule: { v: 1, where: { field: 'orders', op: 'eq', value: 0 } }, actor: '7', now: NOW }),
    ); // prettier-ignore
    const change = { act: 'change', key: 'large' } as const;
    const { fingerprint } = await shop.in((tx) => reviewChange(tx, { change, now: NOW }));
    expect(
      await applyChange(shop.ctx, shop.shopId, { change, fingerprint, actor: '7', now: NOW }),
    ).toMatchObject({
      outcome: 'done',
      entered: 1,
      left: 1,
    });
    expect(await standing()).toEqual({});
    expect((await shop.in(readRuns)).map(({ kind }) => kind)).toContain('refit');
  });
});

test('without all orders what needs them stands still; what needs sixty days goes on', async () => {
  const granted = (scopes: string[]) =>
    shop.in(async (tx) => {
      await storeScopes(tx, scopes, NOW);
      await noteAvailability(tx, { now: NOW, release: 'wish' });
    });
  await granted(['read_orders', 'read_all_orders']);
  expect(await standing()).toEqual({});
  await granted(['read_orders']);
  expect(await standing()).toEqual({ early: expect.stringContaining('60 days') as string });
  await shop.in(async (tx) => {
    await tx.query(sql`DELETE FROM orders WHERE shop_id = ${shop.shopId}`);
    await refresh(tx, { touched: new Map([['1', 'order']]), now: NOW });
  });
  expect(await shop.memberships()).toEqual(['1 asks', '1 early', '1 large']);
  // Shown again, older orders are read first: the import lets it go on.
  await granted(['read_orders', 'read_all_orders']);
  expect(Object.keys(await standing())).toEqual(['early']);
});
