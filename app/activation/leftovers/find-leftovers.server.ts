/**
 * Looks through the store for what an earlier installation left: segments and discounts that are known from it or that
 * bear our mark, and definitions of metafields while they are off. Only reads Shopify. What is there no longer is
 * forgotten, also among the records of that installation; what the merchant has decided stays decided; while the store is being left, what is ours without doubt
 * is removed with the rest.
 */
import { sql } from '../../db/sql.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { NativeContext } from '../native-segments/sync-native-segments.server.ts';
import { isLeaving } from '../leaving/is-leaving.server.ts';
import { readDefinitions } from '../metafields/define-metafields.server.ts';
import { METAFIELDS } from '../metafields/metafield-definitions.ts';
import { readStoredNatives } from '../native-segments/read-native-segments.server.ts';
import {
  deleteDiscountRow,
  isLeftAlone,
  markerOf,
  readDiscountRows,
} from '../offers/discount-rows.server.ts';
import { readStoreDiscounts } from '../offers/read-store-discounts.server.ts';
import type { StoreDiscount } from '../offers/store-discount.ts';
import { listSegments } from '../segments-in-shopify/api.server.ts';
import { isNamed, isNamedAsOurs, type InShopify } from '../segments-in-shopify/names.ts';
import { tagQuery } from '../tags/tag-query.ts';
import type { Leftover } from './leftover.ts';

type Found = Pick<Leftover, 'kind' | 'ref' | 'name' | 'detail' | 'sure'>;

/** @returns how many wait for a decision */
export async function findLeftovers(
  ctx: NativeContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const segments = await listSegments(ctx.admin, signal);
  const options = { priority: 'background' as const, ...(signal ? { signal } : {}) };
  const discounts = await readStoreDiscounts(ctx.admin, options);
  const definitions = await readDefinitions(ctx.admin, signal);
  return ctx.db.inShop(shopId, async (tx) => {
    await forgetDeleted(tx, discounts);
    const found: Found[] = [
      ...(await segmentsOf(tx, segments)),
      ...(await discountsOf(tx, discounts)),
      ...((await areMetafieldsOff(tx))
        ? definitions.map(({ key }) => ({ kind: 'definition', ref: key, name: METAFIELDS[key].name, detail: '', sure: true }) as const) // prettier-ignore
        : []),
    ];
    return note(tx, found, { now: ctx.clock.machineNow(), leaving: await isLeaving(tx) });
  });
}

/** Discounts that the merchant has deleted since, or that were never made. A segment of theirs is found by its name. */
async function forgetDeleted(tx: ShopTx, discounts: readonly StoreDiscount[]): Promise<void> {
  const there = new Set(discounts.map(({ id }) => id));
  for (const row of (await readDiscountRows(tx)).filter(isLeftAlone)) {
    if (row.discountId === null || !there.has(row.discountId)) await deleteDiscountRow(tx, row);
  }
}

async function segmentsOf(tx: ShopTx, segments: readonly InShopify[]): Promise<Found[]> {
  const natives = await readStoredNatives(tx);
  const used = new Set((await readDiscountRows(tx)).flatMap(({ segmentId }) => segmentId ?? []));
  const { rows } = await tx.query<{ prefix: string }>(
    sql`SELECT tag_prefix AS prefix FROM shop_settings WHERE shop_id = ${tx.shopId}`,
  );
  // Without its closing quote: the tags of ours begin so.
  const byOurTag = tagQuery(rows[0]?.prefix ?? '').slice(0, -1);
  return segments.flatMap(({ id, name, query }): Found[] => {
    const known = natives.find(({ shopifyId }) => shopifyId === id);
    if (known) {
      return known.state === 'left' ? [{ kind: 'segment', ref: id, name, detail: query, sure: true }] : [];
    }
    const beingMade = natives.some(
      (one) => one.shopifyId === null && one.markQuery === query && isNamed(name, one.markName),
    );
    if (used.has(id) || beingMade || !isNamedAsOurs(name)) return [];
    return [{ kind: 'segment', ref: id, name, detail: query, sure: query.startsWith(byOurTag) }];
  });
}

async function discountsOf(tx: ShopTx, discounts: readonly StoreDiscount[]): Promise<Found[]> {
  const rows = await readDiscountRows(tx);
  return discounts.flatMap(({ id, automatic, shown }): Found[] => {
    const one = { kind: 'discount', ref: id, name: shown.title, detail: automatic ? 'automatic' : 'code', sure: true } as const; // prettier-ignore
    const known = rows.find(({ discountId }) => discountId === id);
    if (known) return isLeftAlone(known) ? [one] : [];
    const beingMade = rows.some((row) => row.discountId === null && shown.tags.includes(markerOf(row)));
    return !beingMade && shown.tags.some((tag) => /^regulars-\d{1,18}$/.test(tag)) ? [one] : [];
  });
}

async function areMetafieldsOff(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(
    sql`SELECT 1 FROM reach_settings WHERE shop_id = ${tx.shopId} AND metafields <> 'off'`,
  );
  return rowCount === 0;
}

async function note(
  tx: ShopTx,
  found: readonly Found[],
  { now, leaving }: { now: Date; leaving: boolean },
): Promise<number> {
  const list = sql`json_to_recordset(${JSON.stringify(found)}::json)
    AS f (kind text, ref text, name text, detail text, sure boolean)`;
  await tx.query(sql`
    DELETE FROM leftover l WHERE l.shop_id = ${tx.shopId} AND l.kind <> 'tag'
       AND NOT EXISTS (SELECT FROM ${list} WHERE f.kind = l.kind AND f.ref = l.ref)`);
  await tx.query(sql`
    INSERT INTO leftover (shop_id, kind, ref, name, detail, sure, state, found_at)
    SELECT ${tx.shopId}::bigint, kind, ref, name, detail, sure,
           CASE WHEN ${leaving}::boolean AND sure THEN 'removing' ELSE 'asked' END, ${now}::timestamptz FROM ${list}
    ON CONFLICT (shop_id, kind, ref) DO UPDATE SET name = excluded.name, detail = excluded.detail, sure = excluded.sure`);
  if (leaving) {
    await tx.query(
      sql`UPDATE leaving SET searched_at = ${now} WHERE shop_id = ${tx.shopId} AND state = 'running'`,
    );
  }
  const { rows } = await tx.query<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM leftover WHERE shop_id = ${tx.shopId} AND state = 'asked'`,
  );
  return rows[0]?.n ?? 0;
}
