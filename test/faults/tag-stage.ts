/** A shop whose customers the sandbox knows too, with one live segment whose tag is "regulars-a". */
import { queueCustomers } from '../../app/activation/tags/queue-changed.server.ts';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import type { PushContext } from '../../app/activation/tags/push-context.server.ts';
import { systemClock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { createAdminClient } from '../../app/shopify/admin-clients.server.ts';
import { createShopifyFetch, type Fetch } from '../../app/shopify/sandbox-hook.server.ts';
import { createUploadFile } from '../../app/shopify/upload-file.server.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import type { ImportWorld } from '../integration/import/world.ts';

export const TAG = 'regulars-a';

export interface TagStage {
  shopId: ShopId;
  ids: string[];
  ctx: PushContext;
  join(ids: readonly string[]): Promise<void>;
  leave(ids: readonly string[]): Promise<void>;
  /** Works the outbox until it is empty or nothing moves any more, back-off waived. */
  pushToTheEnd(): Promise<void>;
  /** As after the lease of a worker that died. */
  dueNow(): Promise<void>;
  outbox(): Promise<string[]>;
  receipts(): Promise<{ customer: string; act: string; outcome: string; way: string }[]>;
  tagged(): string[];
}

export async function createTagStage(
  world: ImportWorld,
  options: { people: number; fetch?: Fetch; timeoutMs?: number },
): Promise<TagStage> {
  const domain = world.store.shop.domain;
  const { db } = world.testDb;
  const shopId = await world.newShop();
  const where = { sandboxUrl: world.sandbox.url, production: false };
  const send = createShopifyFetch(where, options.fetch);
  const base = world.context();
  const ids = Array.from({ length: options.people }, (_, n) => {
    const email = `p${shopId}-${n}@example.com`;
    return (ACTS['create-customer']?.(world.store, { email }, world.sandbox) as { id: string }).id;
  });
  const ctx: PushContext = {
    db,
    clock: systemClock,
    log: base.log,
    admin: createAdminClient(
      {
        clock: systemClock,
        log: base.log,
        tokens: { accessToken: async () => world.sandbox.accessTokenFor(domain) },
        fetch: send,
        random: () => 0,
        ...(options.timeoutMs !== undefined && { timeoutMs: { background: options.timeoutMs } }),
      },
      domain,
    ),
    fetchResult: base.fetchResult,
    uploadFile: createUploadFile(where, { fetch: send }),
  };
  const segmentId = await db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, tags, tags_stamp)
      SELECT ${shopId}, id, '{}', '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0'
        FROM unnest(${ids}::bigint[]) AS id`);
    const { rows } = await tx.query<{ id: string }>(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
      VALUES (${shopId}, 'a', 'a', 'test', 'a', 'live', '{}', ${new Date()}) RETURNING id`);
    return rows[0]?.id as string;
  });
  const mine = new Set(ids);
  const stage: TagStage = {
    shopId,
    ids,
    ctx,
    join: (people) =>
      db.inShop(shopId, async (tx) => {
        await tx.query(sql`
          INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
          SELECT ${shopId}, ${segmentId}::bigint, id, ${new Date()}, 'order', 1, 1, '{}' FROM unnest(${people}::bigint[]) AS id`);
        await queueCustomers(tx, [...people], new Date());
      }),
    leave: (people) =>
      db.inShop(shopId, async (tx) => {
        await tx.query(sql`
          DELETE FROM membership WHERE shop_id = ${shopId} AND customer_id = ANY(${people}::bigint[])`);
        await queueCustomers(tx, [...people], new Date());
      }),
    async dueNow() {
      await db.inShop(shopId, (tx) =>
        tx.query(sql`
          UPDATE tag_outbox SET not_before = ${new Date(0)}, claimed_until = NULL WHERE shop_id = ${shopId}`),
      );
    },
    async pushToTheEnd() {
      for (let tries = 0; tries < 12; tries += 1) {
        await pushTags(ctx, shopId);
        if ((await stage.outbox()).length === 0) return;
        await stage.dueNow();
      }
    },
    outbox: () =>
      db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query<{ id: string }>(
          sql`SELECT customer_id AS id FROM tag_outbox WHERE shop_id = ${shopId} ORDER BY customer_id`,
        );
        return rows.map(({ id }) => id);
      }),
    receipts: () =>
      db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query<{ customer: string; act: string; outcome: string; way: string }>(sql`
          SELECT customer_id AS customer, act, outcome, way FROM tag_write WHERE shop_id = ${shopId} ORDER BY id`);
        return rows;
      }),
    tagged: () =>
      [...world.store.customers()]
        .filter(({ id, tags }) => mine.has(id) && tags.includes(TAG))
        .map(({ id }) => id),
  };
  return stage;
}

/** So that a file is worth it: the bucket is taken for empty. */
export function hungry(stage: TagStage): PushContext {
  return {
    ...stage.ctx,
    admin: {
      ...stage.ctx.admin,
      budget: () => ({ restoreRate: 1, maximumAvailable: 2000, currentlyAvailable: 0 }),
    },
  };
}
