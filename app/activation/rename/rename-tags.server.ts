/**
 * Another prefix, or another tag of one segment. The new tags are wanted at once, the old ones stay beside them
 * (tag_former, desired-tags.ts) until everybody has the new one and everything that hangs on a tag has followed; then
 * the old ones are removed (advance-rename.server.ts).
 *
 * The old name can be wanted back at any moment: that is a rename in the other direction, which first gives the old tag
 * to whoever lost it already. An offer keeps the tag that it was made with (offers/offer-tags.ts).
 */
import { AT_ONCE, waitForShop, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { readTakenNames } from '../../segments/read-taken-names.server.ts';
import { checkNames } from '../../segments/segment-names.ts';
import { MAX_TAG_LENGTH } from '../tags/impossible-tag.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { prefixFault } from '../tags/tag-prefix.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

export type RenameWish = { what: 'prefix'; to: string } | { what: 'tag'; key: string; to: string };

export type StartedRename =
  | { outcome: 'started'; id: string }
  /** No segment with such a tag is on: the name was changed, and nothing has to be written. */
  | { outcome: 'done' }
  | { outcome: 'unchanged' }
  | { outcome: 'invalid'; message: string }
  | { outcome: 'unknown_segment' };

const CUSTOMERS_AT_ONCE = 2_000;

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
  const running = await readRename(tx);
  if (running !== null && !isReverse(running, wish)) {
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
  if (running !== null) await giveUpRename(tx, running.id, now);

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
  if (tags.length === 0) {
    // Nothing is on: kept all the same, for an offer of before shows the tag that it had (whole-offer-tag.ts).
    if (wish.what === 'prefix') {
      await tx.query(sql`
        INSERT INTO tag_rename (shop_id, what, from_name, to_name, started_at, finished_at, state, actor)
        VALUES (${tx.shopId}, 'prefix', ${from}, ${wish.to}, ${now}, ${now}, 'done', ${actor})`);
    }
    return { outcome: 'done' };
  }
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

/** Whether the wish is for the name that the rename under way takes away. */
function isReverse(running: Rename, wish: RenameWish): boolean {
  const key = wish.what === 'tag' ? wish.key : null;
  return wish.what === running.what && wish.to === running.from && key === running.segmentKey;
}

async function giveUpRename(tx: ShopTx, id: string, now: Date): Promise<void> {
  await tx.query(sql`
    UPDATE tag_rename SET state = 'done', finished_at = ${now}, message = 'taken back'
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
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
    if (long) return `The tag of “${long.name}” would be longer than ${MAX_TAG_LENGTH} characters.`;
    const had = new Map(mine.map(({ id, tagName }) => [tagKey(prefix + tagName), id]));
    const meets = mine.find(({ id, tagName }) => (had.get(tagKey(wish.to + tagName)) ?? id) !== id);
    if (meets) {
      return `The tag of “${meets.name}” would be ${wish.to}${meets.tagName}, which is the tag of another segment now.`;
    }
    const { offers = [] } = (await readTakenNames(tx)).taken;
    const given = new Set(offers.map(tagKey));
    const same = mine.find(({ tagName }) => given.has(tagKey(wish.to + tagName)));
    return same
      ? `The tag of “${same.name}” would be ${wish.to}${same.tagName}, which is the tag of an offer: everybody in the segment would get its discount.`
      : null;
  }
  const [segment] = mine;
  const names = await readTakenNames(tx, wish.key);
  const [fault] = checkNames(
    { key: wish.key, name: segment?.name ?? '', tag: wish.to },
    { prefix, taken: names.taken },
  ).filter(({ path }) => path === 'tag');
  return fault ? `The tag ${fault.message}.` : null;
}

/** Tags of the new prefix that are in the store already, some customers at a time: the merchant is asked about them. */
async function findForeign(tx: ShopTx, prefix: string | null, now: Date): Promise<void> {
  if (prefix === null) return;
  for (let after: ShopifyId | undefined = '0'; after !== undefined;) {
    after = await findForeignAfter(tx, { prefix, after, now });
  }
}

/** @returns the last customer that was looked at; undefined: there are no more */
async function findForeignAfter(
  tx: ShopTx,
  { prefix, after, now }: { prefix: string; after: ShopifyId; now: Date },
): Promise<ShopifyId | undefined> {
  // PostgreSQL proposes (its lower() knows only ASCII), tagKey names.
  const ours = sql`starts_with(lower(ltrim(had.tag)), ${prefix})`;
  const { rows } = await tx.query<{ id: ShopifyId; tag: string }>(sql`
    SELECT c.id, had.tag
      FROM (SELECT id, tags FROM customer
             WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL AND id > ${after}::bigint
               AND EXISTS (SELECT FROM unnest(tags) AS had (tag) WHERE ${ours})
             ORDER BY id LIMIT ${CUSTOMERS_AT_ONCE}) c
     CROSS JOIN LATERAL unnest(c.tags) AS had (tag) WHERE ${ours} ORDER BY c.id`);
  if (rows.length === 0) return undefined;
  await tx.query(sql`
    INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at)
    SELECT ${tx.shopId}::bigint, f.customer_id, f.tag_key, f.tag, ${now}::timestamptz
      FROM unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map(({ tag }) => tagKey(tag))}::text[],
                  ${rows.map(({ tag }) => tag)}::text[]) AS f (customer_id, tag_key, tag)
     WHERE NOT EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = ${tx.shopId} AND o.customer_id = f.customer_id
                          AND o.tag_key = f.tag_key)
    ON CONFLICT DO NOTHING`);
  return rows.at(-1)?.id;
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
  const holders = sql`
    SELECT customer_id FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${tags.map((tag) => tag.id)}::bigint[])
    UNION ALL SELECT customer_id FROM tag_owned
     WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${tags.map((tag) => tagKey(tag.from))}::text[])`;
  await queueSelected(tx, holders, now);
}

export interface Rename {
  id: string;
  state: 'adding' | 'verifying' | 'removing' | 'done';
  what: 'prefix' | 'tag';
  /** Of the one segment whose tag it is; null: the prefix of all. */
  segmentKey: string | null;
  from: string;
  to: string;
  startedAt: Date;
  message: string | null;
  /** (customer, tag) pairs when it began. */
  total: number;
  /** Old tags that are still there and ours, one a customer and tag. */
  oldLeft: number;
  /** How often those that could not be removed were tried again. */
  tries: number;
}

/** The one under way, or null. */
export async function readRename(tx: ShopTx): Promise<Rename | null> {
  const { rows } = await tx.query<Rename & Record<string, unknown>>(sql`
    SELECT r.id, r.state, r.what, r.from_name AS "from", r.to_name AS "to", r.started_at AS "startedAt", r.message,
           r.total, r.tries,
           CASE WHEN r.what = 'tag' THEN (
             SELECT s.key FROM tag_former f JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id
              WHERE f.shop_id = r.shop_id AND f.rename_id = r.id LIMIT 1) END AS "segmentKey",
           (SELECT count(*)::int FROM tag_owned o
             WHERE o.shop_id = r.shop_id AND ${STILL_OURS}
               AND o.tag_key IN (SELECT tag_key FROM tag_former f WHERE f.shop_id = r.shop_id AND f.rename_id = r.id))
             AS "oldLeft"
      FROM tag_rename r WHERE r.shop_id = ${tx.shopId} AND r.state <> 'done' ORDER BY r.id LIMIT 1`);
  return rows[0] ?? null;
}

/** The old name is wanted back, whatever step the change is at. @returns null: none is under way */
export async function takeBackRename(
  tx: ShopTx,
  word: { actor: string; now: Date },
): Promise<StartedRename | null> {
  const running = await readRename(tx);
  if (running === null) return null;
  const { what, from, segmentKey } = running;
  return startRename(
    tx,
    what === 'tag' ? { what, key: segmentKey ?? '', to: from } : { what, to: from },
    word,
  );
}

/** The merchant's word that the old tags may go although something of the store's own asks for them. */
export async function finishRename(
  tx: ShopTx,
  { id, actor, now }: { id: string; actor: string; now: Date },
): Promise<boolean> {
  const running = await readRename(tx);
  if (running?.id !== id) return false;
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, review)
    VALUES (${tx.shopId}, ${now}, ${actor}, 'finish_rename', ${JSON.stringify({ rename: id })}::jsonb)`);
  await wake(tx, tx.shopId, 'outbox', AT_ONCE);
  return true;
}
