/** Another order policy: what is shown before it is saved is what happens when it is saved; approved as shown or not at all. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import type { OrderPolicy } from '../../../app/history/order-policy.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { readStoreSummary } from '../../../app/history/read-store-summary.server.ts';
import { readLeftOut, readThreeViews } from '../../../app/history/read-views.server.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { readRuns, startRun } from '../../../app/pipeline/background-run.server.ts';
import {
  approvePolicy,
  lookAtPolicy,
  measureDraft,
  readEarlierPolicies,
  readPolicyDraft,
} from '../../../app/pipeline/change-policy.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import {
  leaveOutPerson,
  lookAtLeavingOut,
  readLeftOutPeople,
} from '../../../app/pipeline/leave-out-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import {
  createPolicyShop,
  PLAIN_SEGMENTS,
  POLICY_NOW,
  POLICY_ZONE,
  policyOf,
} from '../../support/policy-shop.ts';
import { arbitraryStore, type RandomStore } from '../../support/random-store.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** Segments are evaluated as turning on would. */
const open = (store: RandomStore) => createPolicyShop(t, store);

const day = (n: number) => new Date(Date.UTC(2026, 0, n, 10));
/** Anna buys privately and for her company, Ben is of the staff, Cem bought a sample only. */
const STORE: RandomStore = {
  customers: [{ id: '1' }, { id: '2', tags: ['Staff'] }, { id: '3' }, { id: '4' }],
  orders: [
    { id: '11', customerId: '1', processedAt: day(5), totalMinor: 5_000 },
    { id: '12', customerId: '1', processedAt: day(6), totalMinor: 90_000, companyOrder: true },
    { id: '21', customerId: '2', processedAt: day(7), totalMinor: 7_000 },
    { id: '31', customerId: '3', processedAt: day(8), totalMinor: 500, lines: [{ id: '1', productId: '99' }] },
    { id: '41', customerId: '4', processedAt: day(9), totalMinor: 11_900, subtotalMinor: 10_000, taxMinor: 1_900, tags: ['fair'], sourceName: 'pos' },
  ],
}; // prettier-ignore

const summary = (tx: ShopTx) => readStoreSummary(tx);
const replay = (shop: SegmentShop) =>
  recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'force' });
const look = async (shop: SegmentShop, policy: Partial<OrderPolicy>) => {
  const wished = await lookAtPolicy(shop.ctx, shop.shopId, { policy: policyOf(policy), actor: '7' });
  return { wished, draft: await shop.in(readPolicyDraft) };
};
const approve = (shop: SegmentShop, version: string) =>
  approvePolicy(shop.ctx, shop.shopId, { version, actor: '7' });

describe('one by one', () => {
  test.each<[string, Partial<OrderPolicy>, Record<string, unknown>, string[]]>([
    ['company orders are counted', { companyOrders: 'count' }, { buyers: 4, orders: 5, spentMinor: '114400' }, ['1 +spenders']],
    ['company buyers are left out as people', { companyBuyers: 'leave_out' }, { customers: 3, leftOut: 1, spentMinor: '19400' }, ['1 -buyers', '1 -lapsed']],
    ['the staff is left out', { leaveOutCustomerTags: ['staff'] }, { customers: 3, leftOut: 1, orders: 3 }, ['2 -buyers', '2 -lapsed', '2 -spenders']],
    ['orders of the fair', { leaveOutOrderTags: ['FAIR'] }, { customers: 4, buyers: 3 }, ['4 -buyers', '4 -lapsed', '4 -spenders']],
    ['orders of the till', { leaveOutChannels: ['pos'] }, { buyers: 3 }, ['4 -buyers', '4 -lapsed', '4 -spenders']],
    ['samples', { leaveOutProducts: ['99'] }, { buyers: 3, orders: 3 }, ['3 -buyers', '3 -lapsed']],
    ['products without tax', { amounts: 'products' }, { orders: 4, spentMinor: '10000' }, ['2 -spenders']],
  ])('%s', async (_what, policy, after, moves) => {
    const shop = await open(STORE);
    const { wished, draft } = await look(shop, policy);
    expect(wished).toBe('measured');
    const effect = draft?.effect;
    expect(effect?.before.summary).toMatchObject({ customers: 4, buyers: 4, orders: 4, spentMinor: '24400' });
    expect(effect?.after.summary).toMatchObject(after);
    const moved = effect?.segments.flatMap(({ key, enter, leave }) => [
      ...enter.map((id) => `${id} +${key}`),
      ...leave.map((id) => `${id} -${key}`),
    ]);
    expect(moved?.filter((one) => !one.includes('frequent') && !one.includes('valuable')).sort()).toEqual(moves);
    // Looking changes nothing.
    expect(await shop.in(summary)).toMatchObject({ customers: 4, orders: 4 });
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
  }); // prettier-ignore

  test('the three views of the store and of one customer, and what is left out', async () => {
    const shop = await open(STORE);
    await shop.in((tx) =>
      tx.query(sql`UPDATE customer SET shopify_orders = 2, shopify_spent_minor = 95000
                    WHERE shop_id = ${shop.shopId} AND id = 1`),
    );
    const [ofStore, ofAnna, leftOut] = await shop.in(async (tx) => {
      const today = await readShopDay(tx, POLICY_NOW);
      return [
        await readThreeViews(tx, today, null),
        await readThreeViews(tx, today, '1'),
        await readLeftOut(tx, { ...today, policy: policyOf({ leaveOutCustomerTags: ['staff'] }) }),
      ];
    });
    expect(ofStore).toEqual({ orders: 4, totalMinor: '24400', productsMinor: '10000', shopifyOrders: 2, shopifyMinor: '95000' }); // prettier-ignore
    expect(ofAnna).toMatchObject({ orders: 1, totalMinor: '5000', shopifyMinor: '95000' });
    expect(leftOut).toEqual({ people: 0, peopleMinor: '0', orders: 1, ordersMinor: '90000' });
  });
});

describe('approval', () => {
  test('as shown: all history is replayed in the background, nothing is held, and it can be gone back to', async () => {
    const shop = await open(STORE);
    const before = await shop.memberships();
    const { draft } = await look(shop, { leaveOutCustomerTags: ['staff'] });
    expect(await approve(shop, draft?.version ?? '')).toEqual({ outcome: 'done', version: 2 });
    expect(await shop.in(readRuns)).toMatchObject([{ kind: 'policy', state: 'running' }]);
    await replay(shop);
    expect(await shop.in(readHeldChanges)).toEqual([]);
    expect((await shop.memberships()).some((one) => one.startsWith('2 '))).toBe(false);
    expect(await shop.in((tx) => readEarlierPolicies(tx, 5))).toMatchObject([
      { version: 1, policy: { leaveOutCustomerTags: [] } },
    ]);
    const back = await look(shop, {});
    expect(back.draft?.effect?.after.summary).toMatchObject({ customers: 4, orders: 4, spentMinor: '24400' });
    await approve(shop, back.draft?.version ?? '');
    await replay(shop);
    expect(await shop.in(summary)).toMatchObject({ customers: 4, orders: 4, spentMinor: '24400' });
    expect(await shop.memberships()).toEqual(before);
  });

  test('another wish, other live segments, or an hour later: nothing is done', async () => {
    const shop = await open(STORE);
    const first = await look(shop, { leaveOutCustomerTags: ['staff'] });
    const second = await look(shop, { leaveOutCustomerTags: ['staff', 'other'] });
    expect(await approve(shop, first.draft?.version ?? '')).toEqual({ outcome: 'changed' });
    await shop.in((tx) => putSegments(tx, { newcomer: PLAIN_SEGMENTS.buyers }));
    expect(await approve(shop, second.draft?.version ?? '')).toEqual({ outcome: 'changed' });
    const third = await look(shop, { leaveOutCustomerTags: ['staff'] });
    shop.clock.set(new Date(POLICY_NOW.getTime() + 61 * 60_000));
    expect(await approve(shop, third.draft?.version ?? '')).toEqual({ outcome: 'changed' });
    expect(await shop.in((tx) => readEarlierPolicies(tx, 5))).toEqual([]);
    expect((await look(shop, {})).wished).toBe('same');
    expect(await approve(shop, third.draft?.version ?? '')).toEqual({ outcome: 'gone' });
  });

  test('a set, a trial or new cut points: nothing is done', async () => {
    const shop = await open(STORE);
    const version = async () => (await look(shop, { leaveOutCustomerTags: ['staff'] })).draft?.version ?? '';
    const changes = [
      sql`WITH made AS (INSERT INTO segment_set (shop_id, name, kind, settings, created_at)
                        VALUES (${shop.shopId}::bigint, 'One of them', 'exclusive', '{}', ${POLICY_NOW}::timestamptz) RETURNING id)
          UPDATE segment SET set_id = made.id, set_rank = 1 FROM made WHERE shop_id = ${shop.shopId} AND key = 'buyers'`,
      sql`UPDATE segment SET trial = true WHERE shop_id = ${shop.shopId} AND key = 'lapsed'`,
      sql`UPDATE cut_points SET version = version + 1 WHERE shop_id = ${shop.shopId}`,
    ];
    for (const change of changes) {
      const shown = await version();
      await shop.in((tx) => tx.query(change));
      expect(await approve(shop, shown)).toEqual({ outcome: 'changed' });
    }
    expect(await approve(shop, await version())).toMatchObject({ outcome: 'done' });
  });

  test('what was to be worked out at once is not left behind', async () => {
    const shop = await open(STORE);
    await look(shop, { leaveOutCustomerTags: ['staff'] });
    const { rows } = await t.db.outsideShops((tx) =>
      tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'measure-policy'`),
    );
    expect(rows).toHaveLength(1);
  });

  test('while another time zone is worked out, nothing is approved', async () => {
    const shop = await open(STORE);
    const { draft } = await look(shop, { leaveOutCustomerTags: ['staff'] });
    await shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: POLICY_NOW }));
    expect(await approve(shop, draft?.version ?? '')).toEqual({ outcome: 'busy' });
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'timezone', publish: 'never' });
    expect(await approve(shop, draft?.version ?? '')).toMatchObject({ outcome: 'done' });
  });

  test('a large store is worked out in the background; one that is asked for anew meanwhile is not overwritten', async () => {
    const shop = await open(STORE);
    const wish = (policy: Partial<OrderPolicy>) =>
      lookAtPolicy(shop.ctx, shop.shopId, { policy: policyOf(policy), actor: '7', atOnce: 3 });
    expect(await wish({ companyOrders: 'count' })).toBe('in_background');
    expect(await shop.in(readPolicyDraft)).toMatchObject({ state: 'asked', effect: null });
    expect(await measureDraft(shop.ctx, shop.shopId)).toBe('measured');
    expect(await shop.in(readPolicyDraft)).toMatchObject({ state: 'measured' });
    await wish({ companyOrders: 'count', leaveOutChannels: ['pos'] });
    expect(await shop.in(readPolicyDraft)).toMatchObject({ state: 'asked', effect: null });
  });

  test('before the first import there is nothing to look at: it is saved at once', async () => {
    const shop = await createSegmentShop(t, {
      now: POLICY_NOW,
      timeZone: POLICY_ZONE,
      store: { customers: [], orders: [] },
    });
    expect(await look(shop, { amounts: 'products' })).toEqual({ wished: 'saved', draft: null });
    expect((await shop.in((tx) => readShopDay(tx, POLICY_NOW))).policy.amounts).toBe('products');
  });
});

test('what is shown is what happens, for random stores and policies', async () => {
  const policy = fc.record({
    companyOrders: fc.constantFrom('leave_out' as const, 'count' as const),
    companyBuyers: fc.constantFrom('leave_out' as const, 'count' as const),
    amounts: fc.constantFrom('total' as const, 'products' as const),
    leaveOutCustomerTags: fc.constantFrom<string[]>([], ['staff'], ['größe']),
    leaveOutOrderTags: fc.constantFrom<string[]>([], ['Gift']),
    leaveOutChannels: fc.constantFrom<string[]>([], ['pos'], ['web']),
    leaveOutProducts: fc.constantFrom<string[]>([], ['1'], ['2', '3']),
    productOrders: fc.constantFrom('any' as const, 'only' as const),
  });
  await fc.assert(
    fc.asyncProperty(
      arbitraryStore('2026-03-20' as LocalDate, POLICY_ZONE, { customers: 14, orders: 30 }),
      policy,
      async (store, chosen) => {
        const shop = await open(store);
        const before = await shop.memberships();
        const { draft } = await look(shop, chosen);
        if (!draft) return;
        await approve(shop, draft.version);
        await replay(shop);
        const after = await shop.memberships();
        const { effect } = draft;
        expect(await shop.in(summary)).toEqual(effect?.after.summary);
        for (const { key, size, gains, loses } of effect?.segments ?? []) {
          const of = (list: string[]) => list.filter((one) => one.endsWith(` ${key}`));
          expect(of(after)).toHaveLength(size);
          expect(of(after).filter((one) => !before.includes(one))).toHaveLength(gains);
          expect(of(before).filter((one) => !after.includes(one))).toHaveLength(loses);
        }
        expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({
          profiles: 0,
          scores: 0,
          memberships: 0,
        });
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

describe('a person by hand', () => {
  const input = (customerId: string, out: boolean) => ({ customerId, out, actor: '7', now: POLICY_NOW });

  test('is looked at without doing it, left out, and counted again', async () => {
    const shop = await open(STORE);
    const before = await shop.memberships();
    const looked = await lookAtLeavingOut(shop.ctx, shop.shopId, input('2', true));
    expect(looked).toEqual({
      outcome: 'looked',
      effect: { enter: [], leave: expect.arrayContaining(['buyers', 'spenders', 'lapsed']) as string[], orders: 1, spentMinor: '7000' },
    }); // prettier-ignore
    expect(await shop.memberships()).toEqual(before);
    expect(await shop.in((tx) => readLeftOutPeople(tx, 5))).toEqual([]);
    expect(await leaveOutPerson(shop.ctx, shop.shopId, input('2', true))).toMatchObject({ outcome: 'done' });
    expect(await shop.memberships()).toEqual(before.filter((one) => !one.startsWith('2 ')));
    expect(await shop.in(summary)).toMatchObject({ customers: 3, leftOut: 1 });
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    expect(await leaveOutPerson(shop.ctx, shop.shopId, input('2', true))).toEqual({ outcome: 'nothing' });
    expect(await leaveOutPerson(shop.ctx, shop.shopId, input('2', false))).toMatchObject({
      effect: { enter: expect.arrayContaining(['buyers']) as string[] },
    });
    expect(await shop.memberships()).toEqual(before);
    expect(await leaveOutPerson(shop.ctx, shop.shopId, input('77', true))).toEqual({ outcome: 'nothing' });
  });

  test('who is merged into another stays left out there', async () => {
    const shop = await open(STORE);
    await leaveOutPerson(shop.ctx, shop.shopId, input('2', true));
    await shop.in(async (tx) => {
      await tx.query(
        sql`INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shop.shopId}, 2, 4)`,
      );
      await tx.query(
        sql`UPDATE orders SET customer_id = 4 WHERE shop_id = ${shop.shopId} AND customer_id = 2`,
      );
    });
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
    expect(await shop.in((tx) => readLeftOutPeople(tx, 5))).toMatchObject([{ id: '4' }]);
    expect((await shop.memberships()).filter((one) => /^[24] /.test(one))).toEqual([]);
    await leaveOutPerson(shop.ctx, shop.shopId, input('4', false));
    expect((await shop.memberships()).filter((one) => one.startsWith('4 ')).length).toBeGreaterThan(0);
  });
});
