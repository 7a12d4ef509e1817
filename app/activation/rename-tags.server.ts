/**
 * Another prefix, or another tag of one segment. The new tags are wanted at once, the old ones stay beside them
 * (tag_former, desired-tags.ts) until everybody has the new one and everything that hangs on a tag has followed
 * (rename-checks.server.ts); then the old ones are removed. Each step is stored before the next, so a killed worker
 * goes on where it was.
 *
 *   adding -> verifying -> removing -> done
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopId, ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { readTakenNames } from '../segments/read-taken-names.server.ts';
import { checkNames } from '../segments/segment-names.ts';
import { MAX_TAG_LENGTH } from './impossible-tag.ts';
import { queueCustomers } from './queue-changed.server.ts';
import { prefixFault } from './tag-prefix.ts';
import type { PushContext } from './push-context.server.ts';
import { readTagSums } from './read-tag-sums.server.ts';
import { RENAME_CHECKS, type RenameCheck, type RenamedTag } from './rename-checks.server.ts';

export type RenameWish = { what: 'prefix'; to: string } | { what: 'tag'; key: string; to: string };

export type StartedRename =
  | { outcome: 'started'; id: string }
  /** No segment with such a tag is on: the name was changed, and nothing has to be written. */
  | { outcome: 'done' }
  | { outcome: 'unchanged' }
  | { outcome: 'invalid'; message: string }
  | { outcome: 'unknown_segment' };

interface Named {
  id: string;
  key: string;
  name: string;
  status: string;
  tagName: string;
}

/** Under the shop's lock. @param options.now business time */
export async function startRename(
  tx: ShopTx,
  wish: RenameWish,
  { actor, now }: { actor: string; now: Date },
): Promise<StartedRename> {
  await waitForShop(tx, tx.shopId);
  if ((await readRename(tx)) !== null) {
    return { outcome: 'invalid', message: 'Another change of tags is under way. Wait until it has ended.' };
  }
  const { prefix } = await readTakenNames(tx);
  const { rows: all } = await tx.query<Named & Record<string, unknown>>(sql`
    SELECT id, key, name, status, tag_name AS "tagName" FROM segment WHERE shop_id = ${tx.shopId} ORDER BY position, id`);
  const mine = wish.what === 'prefix' ? all : all.filter(({ key }) => key === wish.key);
  const [one] = mine;
  if (wish.what === 'tag' && one === undefined) return { outcome: 'unknown_segment' };
  const from = wish.what === 'prefix' ? prefix : (one?.tagName ?? '');
  if (wish.to === from) return { outcome: 'unchanged' };
  const message = await faultOf(tx, wish, { mine, prefix });
  if (message !== null) return { outcome: 'invalid', message };

  const on = mine.filter(({ status }) => status === 'live');
  const tags = on.map(({ id, tagName }) => ({
    id,
    from: prefix + tagName,
    to: wish.what === 'prefix' ? wish.to + tagName : prefix + wish.to,
  }));
  await tx.query(
    wish.what === 'prefix'
      ? sql`UPDATE shop_settings SET tag_prefix = ${wish.to} WHERE shop_id = ${tx.shopId}`
      : sql`UPDATE segment SET tag_name = ${wish.to} WHERE shop_id = ${tx.shopId} AND key = ${wish.key}`,
  );
  await findForeign(tx, wish.what === 'prefix' ? wish.to : null, now);
  if (tags.length === 0) return { outcome: 'done' };
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO tag_rename (shop_id, what, from_name, to_name, started_at, actor, total)
    SELECT ${tx.shopId}::bigint, ${wish.what}, ${from}, ${wish.to}, ${now}::timestamptz, ${actor}, count(*)::int
      FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${tags.map(({ id }) => id)}::bigint[])
    RETURNING id`);
  const id = rows[0]?.id ?? '';
  await tx.query(sql`
    INSERT INTO tag_former (shop_id, rename_id, segment_id, tag, tag_key)
    SELECT ${tx.shopId}::bigint, ${id}::bigint, * FROM unnest(${tags.map((tag) => tag.id)}::bigint[],
      ${tags.map((tag) => tag.from)}::text[], ${tags.map((tag) => tagKey(tag.from))}::text[])`);
  await carryOver(tx, tags);
  await queueHolders(tx, tags, now);
  return { outcome: 'started', id };
}

async function faultOf(
  tx: ShopTx,
  wish: RenameWish,
  { mine, prefix }: { mine: readonly Named[]; prefix: string },
): Promise<string | null> {
  const still = mine.filter(({ status }) => status === 'paused' || status === 'failing');
  if (still.length > 0) {
    const names = still.map(({ name }) => `“${name}”`).join(', ');
    return `${names} ${still.length === 1 ? 'stands' : 'stand'} still, so no tag of ${still.length === 1 ? 'it' : 'them'} can be changed. Let it go on, or turn it off, first.`;
  }
  if (wish.what === 'prefix') {
    const fault = prefixFault(wish.to);
    if (fault) return fault;
    const long = mine.find(({ tagName }) => [...(wish.to + tagName)].length > MAX_TAG_LENGTH);
    return long ? `The tag of “${long.name}” would be longer than ${MAX_TAG_LENGTH} characters.` : null;
  }
  const [segment] = mine;
  const names = await readTakenNames(tx, wish.key);
  const [fault] = checkNames(
    { key: wish.key, name: segment?.name ?? '', tag: wish.to },
    { prefix, taken: names.taken },
  ).filter(({ path }) => path === 'tag');
  return fault ? `The tag ${fault.message}.` : null;
}

/** Tags of the new prefix that are in the store already: the merchant is asked about them. */
async function findForeign(tx: ShopTx, prefix: string | null, now: Date): Promise<void> {
  if (prefix === null) return;
  await tx.query(sql`
    INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at)
    SELECT c.shop_id, c.id, lower(had.tag), min(had.tag), ${now}::timestamptz
      FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
     WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL AND starts_with(lower(had.tag), ${prefix})
       AND NOT EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = c.shop_id AND o.customer_id = c.id
                          AND o.tag_key = lower(had.tag))
     GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING`);
}

/** Who had the old tag taken away does not get the new one. */
async function carryOver(tx: ShopTx, tags: readonly { from: string; to: string }[]): Promise<void> {
  await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at, lost_in)
    SELECT o.shop_id, o.customer_id, t.to_key, t.to_tag, o.added_at, o.suppressed_at, o.lost_in
      FROM tag_owned o
      JOIN unnest(${tags.map((tag) => tagKey(tag.from))}::text[], ${tags.map((tag) => tagKey(tag.to))}::text[],
                  ${tags.map((tag) => tag.to)}::text[]) AS t (from_key, to_key, to_tag) ON t.from_key = o.tag_key
     WHERE o.shop_id = ${tx.shopId} AND (o.suppressed_at IS NOT NULL OR o.lost_in IS NOT NULL)
    ON CONFLICT (shop_id, customer_id, tag_key) DO UPDATE
      SET suppressed_at = excluded.suppressed_at, lost_in = excluded.lost_in`);
}

async function queueHolders(
  tx: ShopTx,
  tags: readonly { id: string; from: string }[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT customer_id AS id FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${tags.map((tag) => tag.id)}::bigint[])
    UNION SELECT customer_id FROM tag_owned
     WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`);
  await queueCustomers(
    tx,
    rows.map((row) => row.id),
    now,
  );
}

export interface Rename {
  id: string;
  state: 'adding' | 'verifying' | 'removing' | 'done';
  what: 'prefix' | 'tag';
  from: string;
  to: string;
  startedAt: Date;
  message: string | null;
  /** (customer, tag) pairs when it began. */
  total: number;
  /** Of them: the old tag has been removed, or was never there. */
  oldLeft: number;
}

/** The one under way, or null. */
export async function readRename(tx: ShopTx): Promise<Rename | null> {
  const { rows } = await tx.query<Rename & Record<string, unknown>>(sql`
    SELECT r.id, r.state, r.what, r.from_name AS "from", r.to_name AS "to", r.started_at AS "startedAt", r.message,
           r.total,
           (SELECT count(*)::int FROM tag_owned o
             WHERE o.shop_id = r.shop_id AND o.suppressed_at IS NULL AND o.lost_in IS NULL
               AND o.tag_key IN (SELECT tag_key FROM tag_former f WHERE f.shop_id = r.shop_id AND f.rename_id = r.id))
             AS "oldLeft"
      FROM tag_rename r WHERE r.shop_id = ${tx.shopId} AND r.state <> 'done' ORDER BY r.id LIMIT 1`);
  return rows[0] ?? null;
}

/**
 * Takes the rename under way as far as it goes now. Called when the outbox has been worked.
 * @returns whether there is more to write at once ('write'), it waits for a check ('wait'), or there is none ('none')
 */
export async function advanceRename(
  ctx: PushContext,
  shopId: ShopId,
  checks: readonly RenameCheck[] = RENAME_CHECKS,
): Promise<'none' | 'write' | 'wait'> {
  const rename = await ctx.db.inShop(shopId, readRename);
  if (rename === null) return 'none';
  const tags = await ctx.db.inShop(shopId, (tx) => renamedTags(tx, rename.id));
  if (rename.state === 'adding') {
    const pending = await ctx.db.inShop(shopId, (tx) => countPending(tx, tags));
    if (pending > 0) return 'wait';
    await setState(ctx, shopId, rename.id, 'verifying', null);
  }
  if (rename.state !== 'removing') {
    for (const check of checks) {
      const why = await check.run(ctx, shopId, tags);
      if (why === null) continue;
      await setState(ctx, shopId, rename.id, 'verifying', `${check.name}: ${why}`);
      ctx.log.info({ shopId, rename: rename.id, check: check.name, why }, 'a change of tags waits');
      return 'wait';
    }
    await ctx.db.inShop(shopId, async (tx) => {
      await tx.query(sql`
        UPDATE tag_rename SET state = 'removing', message = NULL
         WHERE shop_id = ${shopId} AND id = ${rename.id}::bigint AND state = 'verifying'`);
      // What had been removed by hand is nobody's now.
      await tx.query(sql`
        DELETE FROM tag_owned WHERE shop_id = ${shopId} AND (suppressed_at IS NOT NULL OR lost_in IS NOT NULL)
           AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`);
      const { rows } = await tx.query<{ id: ShopifyId }>(sql`
        SELECT DISTINCT customer_id AS id FROM tag_owned
         WHERE shop_id = ${shopId} AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`);
      await queueCustomers(
        tx,
        rows.map((row) => row.id),
        ctx.clock.now(),
      );
    });
    return 'write';
  }
  if (rename.oldLeft > 0) return 'wait';
  await ctx.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE tag_rename SET state = 'done', finished_at = ${ctx.clock.now()}, message = NULL
       WHERE shop_id = ${shopId} AND id = ${rename.id}::bigint`),
  );
  ctx.log.info({ shopId, rename: rename.id, what: rename.what }, 'tags have been renamed');
  return 'none';
}

async function renamedTags(tx: ShopTx, id: string): Promise<RenamedTag[]> {
  const { rows } = await tx.query<RenamedTag & Record<string, unknown>>(sql`
    SELECT f.segment_id AS "segmentId", f.tag AS from, g.tag_prefix || s.tag_name AS to
      FROM tag_former f
      JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id
      JOIN shop_settings g ON g.shop_id = f.shop_id
     WHERE f.shop_id = ${tx.shopId} AND f.rename_id = ${id}::bigint`);
  return rows;
}

/** Members who do not have the new tag yet and are not waiting for a person. */
async function countPending(tx: ShopTx, tags: readonly RenamedTag[]): Promise<number> {
  const { rows } = await tx.query<{ key: string }>(sql`
    SELECT key FROM segment
     WHERE shop_id = ${tx.shopId} AND id = ANY(${tags.map((tag) => tag.segmentId)}::bigint[]) AND status = 'live'`);
  const sums = await readTagSums(
    tx,
    rows.map(({ key }) => key),
  );
  return sums.reduce((sum, one) => sum + one.pending - one.pendingLost, 0);
}

async function setState(
  ctx: PushContext,
  shopId: ShopId,
  id: string,
  state: 'verifying',
  message: string | null,
): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE tag_rename SET state = ${state}, message = ${message}::text
       WHERE shop_id = ${shopId} AND id = ${id}::bigint`),
  );
}
