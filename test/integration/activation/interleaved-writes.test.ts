/**
 * Whatever meets whatever: bulk files, single requests, people who come and go, hand edits, lost answers and killed
 * workers, in an order that chance makes. At the end everybody has exactly the tags they should have, and no foreign
 * tag was touched.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { pushTags } from '../../../app/activation/push-tags.server.ts';
import { queueCustomers } from '../../../app/activation/queue-changed.server.ts';
import { readTagSums } from '../../../app/activation/read-tag-sums.server.ts';
import { systemClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { startTagShop, type TagShop } from '../../support/tag-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const PEOPLE = 130;
const SEGMENTS = ['a', 'b', 'c'];
type Step =
  | { kind: 'move'; segment: number; from: number; count: number; enter: boolean }
  | { kind: 'push'; fault: 'none' | 'lost' | 'killed' | 'busy' | 'dropped'; budget: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('move' as const),
    segment: fc.integer({ min: 0, max: 2 }),
    from: fc.integer({ min: 1, max: PEOPLE }),
    count: fc.integer({ min: 1, max: PEOPLE }),
    enter: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('push' as const),
    fault: fc.constantFrom('none', 'lost', 'killed', 'busy', 'dropped'),
    budget: fc.constantFrom(0, 500, 100_000),
  }),
);

async function play(steps: readonly Step[], seen: Record<string, number>): Promise<void> {
  const shopId = await t.createShop();
  const shop = await startTagShop();
  try {
    const ctx = {
      db: t.db,
      admin: shop.admin,
      clock: systemClock,
      log: silentLog(),
      fetchResult: shop.fetchResult,
      uploadFile: shop.uploadFile,
    };
    const ids = await setUp(shopId, shop);
    for (const one of steps) {
      if (one.kind === 'move') await move(shopId, ids[one.segment] ?? '', one);
      else {
        shop.budget.currentlyAvailable = one.budget;
        inject(shop, one.fault, seen, () => move(shopId, ids[0] ?? '', { from: 1, count: 40, enter: false }));
        await pushTags(ctx, shopId).catch((error: unknown) => {
          if (!(error instanceof Error) || error.message !== 'killed here') throw error;
        });
        shop.faults = {};
        await dueNow(shopId);
      }
    }
    for (let runs = 0; runs < 12; runs++) {
      const { nextAt } = await pushTags(ctx, shopId);
      if (nextAt === null) break;
      await dueNow(shopId);
    }
    seen['bulk'] = (seen['bulk'] ?? 0) + shop.operations.length;
    seen['single'] = (seen['single'] ?? 0) + shop.requests.length;
    expect(await mistakes(shopId, shop)).toEqual([]);
    for (const sum of await t.db.inShop(shopId, (tx) => readTagSums(tx))) {
      expect(sum).toMatchObject({
        tagged: sum.members,
        pending: 0,
        suppressed: 0,
        impossible: 0,
        toRemove: 0,
      });
    }
  } finally {
    await shop.close();
  }
}

async function setUp(shopId: ShopId, shop: TagShop): Promise<string[]> {
  for (let id = 1; id <= PEOPLE; id++) shop.tags.set(String(id), ['VIP']);
  return t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, tags, tags_stamp)
      SELECT ${shopId}, id, '{VIP}', '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0'
        FROM generate_series(1, ${PEOPLE}::int) AS id`);
    const { rows } = await tx.query<{ id: string }>(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
      SELECT ${shopId}, key, key, 'test', key, 'live', '{}', ${new Date()} FROM unnest(${SEGMENTS}::text[]) AS key
      RETURNING id`);
    return rows.map((row) => row.id);
  });
}

async function move(
  shopId: ShopId,
  segmentId: string,
  { from, count, enter }: { from: number; count: number; enter: boolean },
): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => String(from + i)).filter((id) => Number(id) <= PEOPLE);
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(
      enter
        ? sql`INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
              SELECT ${shopId}, ${segmentId}::bigint, id, ${new Date()}, 'order', 1, 1, '{}'
                FROM unnest(${ids}::bigint[]) AS id ON CONFLICT DO NOTHING`
        : sql`DELETE FROM membership WHERE shop_id = ${shopId} AND segment_id = ${segmentId}::bigint
                 AND customer_id = ANY(${ids}::bigint[])`,
    );
    await queueCustomers(tx, ids, new Date());
  });
}

function inject(
  shop: TagShop,
  fault: Extract<Step, { kind: 'push' }>['fault'],
  seen: Record<string, number>,
  meanwhile: () => Promise<void>,
): void {
  const note = () => (seen[fault] = (seen[fault] ?? 0) + 1);
  let looks = 0;
  // Two looks until an operation has ended: people move in between.
  shop.faults.ended = () => ++looks > 2;
  switch (fault) {
    case 'none':
      return;
    case 'lost':
      shop.faults.after = () => {
        if (note() % 2 === 1) throw new AppError('shopify_unavailable', 'reset', { retryable: true });
      };
      return;
    case 'killed':
      shop.faults.after = () => {
        note();
        throw new Error('killed here');
      };
      shop.faults.started = () => {
        note();
        throw new Error('killed here');
      };
      return;
    case 'busy':
      shop.faults.before = async () => {
        if (note() === 1) await meanwhile();
      };
      shop.faults.started = () => void note();
      return;
    case 'dropped':
      shop.faults.result = (lines) => {
        note();
        return lines.filter((_, i) => i % 7 !== 3).reverse();
      };
  }
}

const dueNow = (shopId: ShopId) =>
  t.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE tag_outbox SET not_before = ${new Date(0)}, claimed_until = NULL WHERE shop_id = ${shopId}`),
  );

async function mistakes(shopId: ShopId, shop: TagShop): Promise<string[]> {
  const { rows } = await t.db.inShop(shopId, (tx) =>
    tx.query<{ id: string; tags: string[] }>(sql`
      SELECT c.id, array_agg('regulars-' || s.tag_name) FILTER (WHERE s.id IS NOT NULL) AS tags
        FROM customer c
        LEFT JOIN membership m ON m.shop_id = c.shop_id AND m.customer_id = c.id
        LEFT JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
       WHERE c.shop_id = ${shopId} GROUP BY c.id`),
  );
  return rows.flatMap(({ id, tags }) => {
    const wanted = ['VIP', ...(tags ?? [])].sort().join();
    const has = [...(shop.tags.get(id) ?? [])].sort().join();
    return wanted === has ? [] : [`${id}: ${wanted} <> ${has}`];
  });
}

test('nobody ends with a wrong tag when bulk and single writes meet', { timeout: 240_000 }, async () => {
  const seen: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), (steps) => play(steps, seen)),
    {
      numRuns: 4,
      examples: [
        [
          [
            { kind: 'move', segment: 0, from: 1, count: PEOPLE, enter: true },
            { kind: 'push', fault: 'killed', budget: 0 },
            { kind: 'move', segment: 0, from: 20, count: 100, enter: false },
            { kind: 'move', segment: 1, from: 1, count: PEOPLE, enter: true },
            { kind: 'push', fault: 'dropped', budget: 0 },
            { kind: 'push', fault: 'lost', budget: 100_000 },
            { kind: 'move', segment: 0, from: 20, count: 100, enter: true },
            { kind: 'push', fault: 'busy', budget: 100_000 },
          ],
        ],
      ],
    },
  );
  for (const fault of ['bulk', 'single', 'lost', 'killed', 'busy', 'dropped']) {
    expect(seen[fault], `${fault} has happened`).toBeGreaterThan(0);
  }
});
