/** A shop in the database and a stand-in of Shopify that knows its customers' tags, for tests of the tag writer. */
import { queueCustomers } from '../../app/activation/tags/queue-changed.server.ts';
import type { PushContext } from '../../app/activation/tags/push-context.server.ts';
import { systemClock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { silentLog } from './silent-log.ts';
import { startTagShop, type TagShop } from './tag-shop.ts';
import { createTestDb, type TestDb } from './test-db.ts';

export interface TagWrite extends Record<string, unknown> {
  customer_id: string;
  tag: string;
  act: string;
  outcome: string;
  way: string;
  reason: string | null;
}

export type TagWorld = Awaited<ReturnType<typeof startTagWorld>>;

export interface TagWorldOfTest {
  t: TestDb;
  one: TagWorld;
  shop: TagShop;
  shopId: ShopId;
  ctx: PushContext;
}

/** Registers the hooks of the file that calls it: each test is handed a world of its own. */
export function tagWorldForEachTest(hand: (made: TagWorldOfTest) => void): void {
  let t: TestDb;
  beforeAll(async () => {
    t = await createTestDb();
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    const one = await startTagWorld(t);
    const { shop, shopId, ctx } = one;
    hand({ t, one, shop, shopId, ctx });
    return () => shop.close();
  });
}

/** Close `shop` after the test. */
export async function startTagWorld(t: TestDb, options: { timeZone?: string } = {}) {
  const shopId: ShopId = await t.createShop(options);
  const shop: TagShop = await startTagShop();
  const { admin, fetchResult, uploadFile } = shop;
  const ctx: PushContext = { db: t.db, admin, clock: systemClock, log: silentLog(), fetchResult, uploadFile };
  async function rows<T extends Record<string, unknown>>(statement: ReturnType<typeof sql>): Promise<T[]> {
    return t.db.inShop(shopId, async (tx) => (await tx.query<T>(statement)).rows);
  }
  async function join(id: string, members: readonly number[]): Promise<void> {
    await t.db.inShop(shopId, async (tx) => {
      await tx.query(sql`
        INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
        SELECT ${shopId}, ${id}::bigint, member, ${new Date()}, 'order', 1, 1, '{}' FROM unnest(${members}::bigint[]) AS member`);
      await queueCustomers(tx, members.map(String), new Date());
    });
  }
  return {
    shopId,
    shop,
    ctx,
    rows,
    join,
    /** A segment with members; its tag is "regulars-KEY". @returns its id */
    async segment(key: string, members: readonly number[], status = 'live'): Promise<string> {
      const [made] = await rows<{ id: string }>(sql`
        INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
        VALUES (${shopId}, ${key}, ${key}, 'test', ${key}, ${status}, '{}', ${new Date()}) RETURNING id`);
      const id = made?.id ?? '';
      await join(id, members);
      return id;
    },
    async leave(id: string, members: readonly number[]): Promise<void> {
      await t.db.inShop(shopId, async (tx) => {
        await tx.query(sql`
          DELETE FROM membership
           WHERE shop_id = ${shopId} AND segment_id = ${id} AND customer_id = ANY(${members}::bigint[])`);
        await queueCustomers(tx, members.map(String), new Date());
      });
    },
    /** Customers that the app and Shopify both know. */
    async customers(ids: readonly number[], tags: readonly string[] = []): Promise<void> {
      for (const id of ids) shop.tags.set(String(id), [...tags]);
      await rows(sql`
        INSERT INTO customer (shop_id, id, tags, tags_stamp)
        SELECT ${shopId}, id, ${tags}::text[], '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0'
          FROM unnest(${ids}::bigint[]) AS id`);
    },
    outbox: () => rows(sql`SELECT customer_id, last_error FROM tag_outbox WHERE shop_id = ${shopId}`),
    writes: () =>
      rows<TagWrite>(
        sql`SELECT customer_id, tag, act, outcome, way, reason FROM tag_write WHERE shop_id = ${shopId} ORDER BY id`,
      ),
    owned: () =>
      rows<{ customer_id: string; tag_key: string; pending: boolean; suppressed: boolean }>(sql`
        SELECT customer_id, tag_key, added_at IS NULL AS pending, suppressed_at IS NOT NULL AS suppressed
          FROM tag_owned WHERE shop_id = ${shopId} ORDER BY customer_id, tag_key`),
    /** Lets the waiting rows of a back-off come due now. */
    dueNow: () =>
      rows(sql`
        UPDATE tag_outbox SET not_before = ${new Date(0)}, claimed_until = NULL
         WHERE shop_id = ${shopId} AND customer_id IN (
           SELECT customer_id FROM tag_outbox WHERE shop_id = ${shopId} ORDER BY customer_id FOR UPDATE)`),
  };
}

export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
