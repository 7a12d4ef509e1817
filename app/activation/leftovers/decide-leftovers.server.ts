/** The merchant's word about what an earlier installation left. Nothing is done with it before. */
import { AT_ONCE, wake, waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { decideFound } from '../tags/found-tags.server.ts';
import { expectAnyValue } from '../metafields/queue-metafields.server.ts';
import { switchMetafields } from '../metafields/switch-metafields.server.ts';
import { nativeName, offerSegmentName } from '../segments-in-shopify/names.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { tagQuery } from '../tags/tag-query.ts';
import type { Leftover, LeftoverDecision, LeftoverKind } from './leftover.ts';
import { readLeftovers } from './read-leftovers.server.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/**
 * About all of a kind that wait for a decision, or were taken over before.
 * @param options.now business time
 * @returns how many it is about
 */
export async function decideLeftovers(
  tx: ShopTx,
  {
    kind,
    decision,
    actor,
    now,
  }: { kind: LeftoverKind; decision: LeftoverDecision; actor: string; now: Date },
): Promise<number> {
  await waitForShop(tx, tx.shopId);
  const mine = (await readLeftovers(tx)).filter((one) => one.kind === kind && one.state !== 'removing');
  if (mine.length === 0) return 0;
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, review)
    VALUES (${tx.shopId}, ${now}, ${actor}, ${`leftovers_${decision}`},
            ${JSON.stringify({ kind, things: mine.length, customersAffected: mine.reduce((n, one) => n + one.customers, 0) })}::jsonb)`);
  switch (kind) {
    case 'tag':
      await decideTags(tx, mine, { decision, actor, now });
      break;
    case 'definition':
      if (decision === 'adopt') {
        await expectAnyValue(tx);
        await switchMetafields(tx, true, now);
        await tx.query(sql`DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'definition'`);
      } else await setState(tx, mine, decision, now);
      break;
    case 'segment':
      if (decision === 'adopt') await adoptSegments(tx, mine, now);
      else await setState(tx, mine, decision, now);
      break;
    case 'discount':
      // An offer has a life of its own (who holds it since when), which cannot be read from a discount.
      if (decision !== 'adopt') await setState(tx, mine, decision, now);
  }
  return mine.length;
}

/** The store is left: whatever the merchant did not want to be left alone goes. */
export async function removeLeftovers(tx: ShopTx, now: Date): Promise<void> {
  await tx.query(sql`DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND state <> 'left'`);
  await tx.query(sql`
    UPDATE leftover SET state = 'removing', decided_at = ${now}, failure = NULL, not_before = NULL, attempts = 0
     WHERE shop_id = ${tx.shopId} AND sure AND state <> 'left'`);
}

async function setState(
  tx: ShopTx,
  mine: readonly Leftover[],
  decision: 'remove' | 'leave',
  now: Date,
): Promise<void> {
  await tx.query(sql`
    UPDATE leftover
       SET state = ${decision === 'remove' ? 'removing' : 'left'}, decided_at = ${now}, failure = NULL, not_before = NULL,
           attempts = 0
     WHERE shop_id = ${tx.shopId} AND kind = ${mine[0]?.kind ?? ''} AND ref = ANY(${mine.map(({ ref }) => ref)}::text[])`);
  if (decision === 'remove') await wake(tx, tx.shopId, 'leftovers', AT_ONCE);
  else await letGo(tx, mine, now);
}

/** What is left is not ours any more; with a discount goes the segment that limits it. */
async function letGo(tx: ShopTx, mine: readonly Leftover[], now: Date): Promise<void> {
  const ids = (kind: LeftoverKind) => mine.filter((one) => one.kind === kind).map(({ ref }) => ref);
  await tx.query(sql`
    DELETE FROM native_segment
     WHERE shop_id = ${tx.shopId} AND state = 'left' AND shopify_id::text = ANY(${ids('segment')}::text[])`);
  const { rows } = await tx.query<{ id: string; offer: string }>(sql`
    WITH gone AS (
      DELETE FROM offer_discount WHERE shop_id = ${tx.shopId} AND discount_id = ANY(${ids('discount')}::text[])
      RETURNING offer_id, segment_id, title)
    SELECT g.segment_id AS id, min(coalesce(o.name, g.title)) AS offer
      FROM gone g LEFT JOIN offer o ON o.shop_id = ${tx.shopId} AND o.id = g.offer_id
     WHERE g.segment_id IS NOT NULL GROUP BY g.segment_id`);
  await tx.query(sql`
    INSERT INTO leftover (shop_id, kind, ref, name, state, sure, found_at, decided_at)
    SELECT ${tx.shopId}::bigint, 'segment', s.id, s.name, 'left', true, ${now}::timestamptz, ${now}::timestamptz
      FROM unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ offer }) => offerSegmentName(offer))}::text[])
           AS s (id, name)
    ON CONFLICT (shop_id, kind, ref) DO UPDATE SET state = 'left'`);
}

async function decideTags(
  tx: ShopTx,
  mine: readonly Leftover[],
  { decision, actor, now }: { decision: LeftoverDecision; actor: string; now: Date },
): Promise<void> {
  const found = mine.filter(({ sure }) => !sure);
  for (const { ref } of found) await decideFound(tx, { key: ref, decision, actor, now });
  const owned = mine.filter(({ sure }) => sure).map(({ ref }) => ref);
  if (owned.length === 0) return;
  const keys = sql`${owned}::text[]`;
  switch (decision) {
    case 'adopt':
      await tx.query(sql`
        UPDATE leftover SET state = 'adopted', decided_at = ${now}
         WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND ref = ANY(${keys})`);
      return;
    case 'remove': {
      await tx.query(sql`
        DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND ref = ANY(${keys})`);
      const holders = sql`
        SELECT customer_id FROM tag_owned WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${keys})`;
      await queueSelected(tx, holders, now);
      return;
    }
    case 'leave':
      // Not ours any more: known, so that nobody becomes "always in" by them.
      await tx.query(sql`
        INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, state, found_at)
        SELECT shop_id, customer_id, tag_key, tag, 'left', ${now}::timestamptz FROM tag_owned o
         WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${keys}) AND ${STILL_OURS}
        ON CONFLICT (shop_id, customer_id, tag_key) DO UPDATE SET state = 'left'`);
      await tx.query(sql`DELETE FROM tag_owned WHERE shop_id = ${tx.shopId} AND tag_key = ANY(${keys})`);
      await tx.query(sql`
        DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = 'tag' AND ref = ANY(${keys})`);
  }
}

/** Each to the segment of ours that has its tag; those without one stay asked. */
async function adoptSegments(tx: ShopTx, mine: readonly Leftover[], now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string; name: string; tag: string; made: string | null }>(sql`
    SELECT s.id, s.name, g.tag_prefix || s.tag_name AS tag, n.shopify_id::text AS made
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
      LEFT JOIN native_segment n ON n.shop_id = s.shop_id AND n.segment_id = s.id
     WHERE s.shop_id = ${tx.shopId}`);
  for (const one of mine) {
    const segment =
      rows.find(({ made }) => made === one.ref) ??
      rows.find(({ tag, made }) => made === null && tagQuery(tag) === one.detail);
    if (!segment) continue;
    await tx.query(sql`
      INSERT INTO native_segment (shop_id, segment_id, shopify_id, name, query, state, mark_name, mark_query)
      VALUES (${tx.shopId}, ${segment.id}::bigint, ${one.ref}::bigint, ${one.name}, ${one.detail}, 'left',
              ${nativeName(segment.name)}, ${one.detail})
      ON CONFLICT (shop_id, segment_id) DO NOTHING`);
    await tx.query(sql`
      INSERT INTO segment_reach (shop_id, segment_id, native) VALUES (${tx.shopId}, ${segment.id}::bigint, 'tag')
      ON CONFLICT (shop_id, segment_id) DO UPDATE
        SET native = CASE WHEN segment_reach.native = 'none' THEN 'tag' ELSE segment_reach.native END`);
    await tx.query(sql`
      UPDATE leftover SET state = 'adopted', decided_at = ${now}
       WHERE shop_id = ${tx.shopId} AND kind = 'segment' AND ref = ${one.ref}`);
  }
}
