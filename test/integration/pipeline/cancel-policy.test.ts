/** Another order policy, cancelled while everybody is computed by it: the store ends as if it had never been changed. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { OrderPolicy } from '../../../app/history/order-policy.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import {
  isUnderWay,
  pauseRun,
  readRuns,
  readShownRuns,
  resumeRuns,
} from '../../../app/pipeline/background-run.server.ts';
import { cancelRun } from '../../../app/pipeline/cancel-run.server.ts';
import {
  approvePolicy,
  lookAtPolicy,
  readEarlierPolicies,
  readPolicyDraft,
} from '../../../app/pipeline/change-policy.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { crashingDb } from '../../support/crashing-db.ts';
import { putOrders, type OrderRow } from '../../support/insert-facts.ts';
import {
  createPolicyShop,
  PLAIN_SEGMENTS,
  POLICY_NOW,
  POLICY_ZONE,
  policyOf,
  ruleOn,
} from '../../support/policy-shop.ts';
import { arbitraryOrderRow, arbitraryStore, type RandomStore } from '../../support/random-store.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const CHUNK = 3;
/** With a memory: what the run does there must not be remembered. */
const MEMORIES = {
  stays: { rule: ruleOn('spent', 'gte', 6_000), settings: { minimumStayDays: 30 } },
  waits: { rule: ruleOn('spent', 'gte', 6_000), settings: { rejoinAfterDays: 30 } },
  holds: { rule: ruleOn('spent', 'gte', 6_000), settings: { hold: { for: 'months', months: 2 } } },
  keeps: { rule: ruleOn('spent', 'gte', 9_000), settings: { keep: ruleOn('spent', 'gte', 3_000) } },
};

async function open(store: RandomStore): Promise<SegmentShop> {
  const shop = await createPolicyShop(t, store, MEMORIES);
  shop.clock.advance(60_000);
  return shop;
}

async function approve(shop: SegmentShop, policy: Partial<OrderPolicy>): Promise<boolean> {
  await lookAtPolicy(shop.ctx, shop.shopId, { policy: policyOf(policy), actor: '7' });
  const draft = await shop.in(readPolicyDraft);
  if (!draft) return false;
  const approved = await approvePolicy(shop.ctx, shop.shopId, { version: draft.version, actor: '7' });
  expect(approved).toMatchObject({ outcome: 'done' });
  return true;
}

/** As the job does it, in small chunks. */
async function work(shop: SegmentShop, ctx: SegmentShop['ctx'] = shop.ctx): Promise<void> {
  let ended;
  do {
    ended = await recomputeShop(ctx, shop.shopId, { cause: 'policy', publish: 'force', chunk: CHUNK });
  } while (!ended.paused && (await shop.in((tx) => isUnderWay(tx, ['policy']))));
}

const runOf = async (shop: SegmentShop) => (await shop.in(readRuns)).find(({ kind }) => kind === 'policy');
const cancel = async (shop: SegmentShop, id?: string) =>
  cancelRun(shop.ctx, shop.shopId, { id: id ?? (await runOf(shop))?.id ?? '', actor: '7' });

async function order(shop: SegmentShop, row: OrderRow): Promise<void> {
  shop.clock.advance(1_000);
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    await putOrders(tx, [row]);
    await refresh(tx, { touched: new Map([[row.customerId ?? '', 'order']]), now: shop.clock.now() });
  });
}

/** Everything that is computed, and what is remembered of those who have not ordered meanwhile. */
async function stateOf(shop: SegmentShop, ordered: readonly string[] = []) {
  const plain = Object.keys(PLAIN_SEGMENTS);
  return shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    const others = (column: string) => `${column} <> ALL('{${ordered.join(',')}}'::bigint[])`;
    const { shopId } = tx;
    return {
      policy: (await readShopDay(tx, shop.clock.now())).policy,
      numbers: await read(sql`
        SELECT max(version) AS v FROM cut_points WHERE shop_id = ${shopId} AND published_at IS NOT NULL`),
      profiles: await read(sql`
        SELECT to_jsonb(p) - 'shop_id' - 'next_review_at' AS one FROM profile p WHERE shop_id = ${shopId} ORDER BY customer_id`),
      scores: await read(sql`
        SELECT customer_id, r, f, m, cut_points_version FROM score WHERE shop_id = ${shopId} ORDER BY 1`),
      members: await read(sql`
        SELECT g.key, m.customer_id FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
         WHERE m.shop_id = ${shopId} AND g.key = ANY(${plain}::text[]) ORDER BY 1, 2`),
      remembered: (
        await tx.query({
          text: `SELECT g.key, m.customer_id, m.since, m.cause, m.held_until, m.rule_version, m.cut_points_version, m.evidence
                   FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
                  WHERE m.shop_id = $1 AND ${others('m.customer_id')} ORDER BY 1, 2`,
          values: [shopId],
        })
      ).rows,
      waiting: (
        await tx.query({
          text: `SELECT g.key, m.customer_id, m.left_on FROM membership_left m
                   JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
                  WHERE m.shop_id = $1 AND ${others('m.customer_id')} ORDER BY 1, 2`,
          values: [shopId],
        })
      ).rows,
    };
  });
}

const day = (n: number) => new Date(Date.UTC(2026, 0, n, 10));
/** Anna buys privately and for her company, Ben is of the staff, Cem and Dora buy at fairs. */
const STORE: RandomStore = {
  customers: [{ id: '1' }, { id: '2', tags: ['Staff'] }, { id: '3' }, { id: '4' }, { id: '5' }],
  orders: [
    { id: '11', customerId: '1', processedAt: day(5), totalMinor: 5_000 },
    { id: '12', customerId: '1', processedAt: day(6), totalMinor: 90_000, companyOrder: true },
    { id: '21', customerId: '2', processedAt: day(7), totalMinor: 7_000 },
    { id: '31', customerId: '3', processedAt: day(8), totalMinor: 9_500, tags: ['fair'] },
    { id: '41', customerId: '4', processedAt: day(9), totalMinor: 11_900, tags: ['fair'] },
  ],
};
/** Moves people in and out of every segment. */
const OTHER: Partial<OrderPolicy> = { companyOrders: 'count', leaveOutCustomerTags: ['staff'], leaveOutOrderTags: ['fair'] }; // prettier-ignore

describe('cancelled at every stage it ends as if it had never been changed', () => {
  /** Chunks of both passes; the store's numbers are put in force between the third and the fourth. */
  test.each([0, 1, 2, 3, 4, 5])('after %i chunks', async (chunks) => {
    const shop = await open(STORE);
    const before = await stateOf(shop);
    await approve(shop, OTHER);
    const { id = '' } = (await runOf(shop)) ?? {};
    let done = 0;
    const stopped = recomputeShop(shop.ctx, shop.shopId, {
      cause: 'policy',
      publish: 'force',
      chunk: 2,
      onProgress: (step) => {
        if (step !== 'scores' && ++done === chunks) throw new Error('killed');
      },
    });
    if (chunks === 0) await stopped;
    else await expect(stopped).rejects.toThrow('killed');
    shop.clock.advance(60_000);
    if (chunks === 0) {
      // Done to the end: there is nothing to cancel any more.
      expect(await cancel(shop, id)).toBe('gone');
      expect(await stateOf(shop)).not.toEqual(before);
      return;
    }
    expect(await cancel(shop)).toBe('done');
    expect(await cancel(shop)).toBe('already');
    expect(await shop.in(readShownRuns)).toMatchObject([{ kind: 'policy', way: 'going_back', done: 0 }]);
    await work(shop);
    expect(await shop.in(readRuns)).toEqual([]);
    expect(await cancel(shop, id)).toBe('gone');
    expect(await stateOf(shop)).toEqual(before);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    expect(await shop.in((tx) => readEarlierPolicies(tx, 5))).toMatchObject([
      { version: 2, policy: policyOf(OTHER) },
      { version: 1, policy: policyOf({}) },
    ]);
  });

  test('just begun, while the job runs, and while it is paused on its way', async () => {
    const begun = await open(STORE);
    const before = await stateOf(begun);
    await approve(begun, OTHER);
    expect(await cancel(begun)).toBe('done');
    await work(begun);
    expect(await stateOf(begun)).toEqual(before);

    // The job goes on by what is in force: it never publishes numbers of the policy that was cancelled.
    for (const at of ['profiles', 'scores', 'memberships'] as const) {
      const shop = await open(STORE);
      const was = await stateOf(shop);
      await approve(shop, OTHER);
      let once = false;
      do {
        await recomputeShop(shop.ctx, shop.shopId, {
          cause: 'policy',
          publish: 'force',
          chunk: 2,
          onProgress: async (step) => {
            if (step !== at || once) return;
            once = true;
            shop.clock.advance(1_000);
            expect(await cancel(shop)).toBe('done');
          },
        });
      } while (await shop.in((tx) => isUnderWay(tx, ['policy'])));
      expect(await stateOf(shop), at).toEqual(was);
    }

    const paused = await open(STORE);
    const was = await stateOf(paused);
    await approve(paused, OTHER);
    const who = { actor: '7', now: POLICY_NOW };
    await paused.in((tx) => pauseRun(tx, 'policy', who));
    await work(paused);
    expect(await cancel(paused)).toBe('done');
    await paused.in((tx) => pauseRun(tx, 'policy', who));
    await work(paused);
    expect(await paused.in(readShownRuns)).toMatchObject([{ state: 'paused', way: 'going_back' }]);
    await paused.in((tx) => resumeRuns(tx, { kind: 'policy', ...who }));
    await work(paused);
    expect(await stateOf(paused)).toEqual(was);
  });

  test('no number of another shop, of an earlier run or of nothing cancels anything', async () => {
    const [shop, other] = [await open(STORE), await open(STORE)];
    await approve(shop, OTHER);
    const { id = '' } = (await runOf(shop)) ?? {};
    for (const wrong of ['', '0', `${id} `, '9'.repeat(30)]) expect(await cancel(shop, wrong)).toBe('gone');
    expect(await cancel(other, id)).toBe('gone');
    await work(shop);
    await approve(shop, {});
    expect(await cancel(shop, id)).toBe('gone');
    expect((await runOf(shop))?.cancelledAt).toBeNull();
  });

  test('while it is worked out or taken back no other policy is approved, and the night counts no numbers', async () => {
    const shop = await open(STORE);
    await approve(shop, OTHER);
    const another = async () => {
      await lookAtPolicy(shop.ctx, shop.shopId, { policy: policyOf({ amounts: 'products' }), actor: '7' });
      const draft = await shop.in(readPolicyDraft);
      return approvePolicy(shop.ctx, shop.shopId, { version: draft?.version ?? '', actor: '7' });
    };
    expect(await another()).toEqual({ outcome: 'under_way' });
    expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'busy' });
    await cancel(shop);
    expect(await another()).toEqual({ outcome: 'under_way' });
    await work(shop);
    expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'kept' });
    expect(await another()).toMatchObject({ outcome: 'done' });
  });
});

describe('on the way back', () => {
  const TERMS = JSON.stringify({
    gives: { kind: 'percentage', percent: 10, on: { all: true } },
    combines: { product: false, order: false, shipping: true },
    once: false,
  });
  const rows = (shop: SegmentShop, table: 'flow_event' | 'offer_holder') =>
    shop.in(async (tx) => (await tx.query(`SELECT to_jsonb(x) AS row FROM ${table} x ORDER BY 1`)).rows);

  test('no automation starts, no offer is given, and who held one holds it again', async () => {
    const shop = await open(STORE);
    await shop.in(async (tx) => {
      for (const [key, keepDays] of [['spenders', 0], ['stays', 14]] as const) {
        await tx.query(sql`
          INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at)
          SELECT ${shop.shopId}, id, key, 'offer-' || key, ${TERMS}::jsonb, 'running', '2026-03-01',
                 '2026-06-01', ${keepDays}::int, 'native', ${new Date('2026-03-01T00:00:00Z')}
            FROM segment WHERE shop_id = ${shop.shopId} AND key = ${key}`);
      }
    }); // prettier-ignore
    // Dora comes in by an order of her own and is given the offer.
    await order(shop, { id: '51', customerId: '5', processedAt: shop.clock.now(), totalMinor: 8_000, tags: ['fair'] }); // prettier-ignore
    const [flow, holders, before] = [await rows(shop, 'flow_event'), await rows(shop, 'offer_holder'), await stateOf(shop)]; // prettier-ignore
    expect(flow.length).toBeGreaterThan(0);
    expect(holders).toMatchObject([{ row: { customer_id: 5, end_cause: null } }]);
    shop.clock.advance(60_000);
    await approve(shop, OTHER);
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'force', chunk: CHUNK, onProgress: (step, done) => {
      if (step === 'memberships' && done === 5) throw new Error('killed');
    } }).catch(() => undefined); // prettier-ignore
    expect(await rows(shop, 'offer_holder')).toMatchObject([{ row: { customer_id: 5, end_cause: 'left' } }]);
    shop.clock.advance(60_000);
    expect(await cancel(shop)).toBe('done');
    await work(shop);
    expect(await stateOf(shop)).toEqual(before);
    expect(await rows(shop, 'flow_event')).toEqual(flow);
    expect(await rows(shop, 'offer_holder')).toEqual(holders);
  });

  test('who orders before the run has come back to them is told of the order only', async () => {
    const shop = await open(STORE);
    await approve(shop, OTHER);
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'force', chunk: 9, onProgress: (step, done) => {
      if (step === 'memberships' && done === 5) throw new Error('killed');
    } }).catch(() => undefined); // prettier-ignore
    expect(await rows(shop, 'flow_event')).toEqual([]);
    shop.clock.advance(60_000);
    await cancel(shop);
    // Cem was out of the spenders by the policy, and back in by its end: he has two orders now, and came today.
    await order(shop, { id: '32', customerId: '3', processedAt: shop.clock.now(), totalMinor: 500 });
    const told = await rows(shop, 'flow_event');
    expect(told.map(({ row }) => (row as { title: string }).title)).toEqual(['frequent', 'lapsed']);
    await work(shop);
    expect(await rows(shop, 'flow_event')).toEqual(told);
  });
});

test('cancelled at a random instant, killed and met by orders on both ways, it ends as a store that never changed', async () => {
  const policy = fc.record({
    companyOrders: fc.constantFrom('leave_out' as const, 'count' as const),
    leaveOutCustomerTags: fc.constantFrom<string[]>([], ['staff'], ['friend']),
    leaveOutOrderTags: fc.constantFrom<string[]>([], ['Gift']),
    leaveOutChannels: fc.constantFrom<string[]>(['pos'], ['web']),
  });
  const TODAY = '2026-03-20' as LocalDate;
  const orders = fc.array(
    fc
      .integer({ min: 1_000, max: 1_020 })
      .chain((id) => arbitraryOrderRow(String(id), 3, TODAY, POLICY_ZONE)),
    { maxLength: 3 },
  );
  const deaths = fc.array(fc.integer({ min: 1, max: 320 }), { maxLength: 2 });
  let cancelled = 0;
  await fc.assert(
    fc.asyncProperty(
      arbitraryStore(TODAY, POLICY_ZONE, { customers: 12, orders: 30 }),
      policy,
      fc.tuple(deaths, orders, fc.integer({ min: 1, max: 320 })),
      fc.tuple(deaths, orders),
      async (store, chosen, [deathsThere, ordersThere, instant], [deathsBack, ordersBack]) => {
        const [shop, calm] = [await open(store), await open(store)];
        if (!(await approve(shop, chosen))) return;
        const dying = crashingDb(t.db);
        const ctx = { ...shop.ctx, db: dying };
        const all = [...ordersThere, ...ordersBack];
        const meet = async (some: readonly OrderRow[]) => {
          for (const row of some) {
            await order(shop, row);
            calm.clock.set(new Date(shop.clock.now().getTime() - 1_000));
            await order(calm, row);
          }
          shop.clock.advance(1_000);
        };
        for (const n of deathsThere) await dying.dyingAt(n, () => work(shop, ctx));
        await meet(ordersThere);
        await dying.dyingAt(instant, () => work(shop, ctx));
        shop.clock.advance(1_000);
        const outcome = await cancel(shop);
        if (outcome === 'gone') return;
        expect(outcome).toBe('done');
        cancelled += 1;
        for (const n of deathsBack) await dying.dyingAt(n, () => work(shop, ctx));
        await meet(ordersBack);
        await work(shop);
        const ordered = [...new Set(all.map(({ customerId }) => customerId ?? '0'))];
        calm.clock.set(shop.clock.now());
        expect(await stateOf(shop, ordered)).toEqual(await stateOf(calm, ordered));
        expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({
          profiles: 0,
          scores: 0,
          memberships: 0,
        });
      },
    ),
    { numRuns: 12 },
  );
  expect(cancelled).toBeGreaterThan(5);
}, 240_000);
