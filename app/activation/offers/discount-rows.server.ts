/** Our own discounts in Shopify, as rows: what stands for which offer, what was written last, what others changed. */
import { createHash } from 'node:crypto';
import { join, sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { DiscountEdit } from './kept-edit.ts';
import type { DiscountKind, WantedDiscount } from './wanted-discounts.ts';
import type { OfferWay } from './terms.ts';

export interface DiscountRow {
  id: string;
  way: OfferWay;
  kind: DiscountKind;
  offerId: string | null;
  slot: number | null;
  title: string;
  discountId: string | null;
  segmentId: string | null;
  intendedAt: Date | null;
  /** "body digest:digest of the whole"; the body alone until it is made. */
  written: string | null;
  /** Of an app discount: the offers that were written into it last, and with what (kept-offers.ts), as JSON. */
  served: string | null;
  seen: string | null;
  edited: DiscountEdit | null;
  fault: string | null;
  notBefore: Date | null;
  attempts: number;
  /** Of a code: how often the offer's codes were used before this discount was made. */
  spent: number;
}

/** For what a departed installation left: nothing is done about them until a person says so. */
export const LEFT_ALONE = new Date('9999-01-01T00:00:00Z');

export function isLeftAlone({ notBefore }: Pick<DiscountRow, 'notBefore'>): boolean {
  return notBefore?.getTime() === LEFT_ALONE.getTime();
}

export async function readDiscountRows(tx: ShopTx): Promise<DiscountRow[]> {
  const { rows } = await tx.query<DiscountRow & Record<string, unknown>>(sql`
    SELECT id, way, kind, offer_id AS "offerId", slot, title, discount_id AS "discountId",
           segment_id AS "segmentId", intended_at AS "intendedAt", written, served, seen, edited, fault,
           not_before AS "notBefore", attempts, spent
      FROM offer_discount WHERE shop_id = ${tx.shopId} ORDER BY id`);
  return rows;
}

export async function insertDiscountRow(tx: ShopTx, wanted: WantedDiscount): Promise<void> {
  await tx.query(sql`
    INSERT INTO offer_discount (shop_id, way, kind, offer_id, slot, title, written, uses_from)
    VALUES (${tx.shopId}, ${wanted.way}, ${wanted.kind}, ${wanted.offerId}::bigint, ${wanted.slot}::int,
            ${wanted.title}, ${bodyDigest(wanted)},
            coalesce((SELECT max(d.uses_from) FROM offer_discount d WHERE d.shop_id = ${tx.shopId}
                         AND d.offer_id = ${wanted.offerId}::bigint AND d.way = 'code'),
                     (SELECT ${USES} FROM offer o WHERE o.shop_id = ${tx.shopId} AND o.id = ${wanted.offerId}::bigint), 0))`);
}

/** Of `offer o`: orders that used it. */
const USES = sql`(o.erased_uses + (SELECT count(*)::int FROM offer_order u
                                   WHERE u.shop_id = o.shop_id AND u.offer_id = o.id AND u.state = 'used'))`;

/** How often an offer's codes were used, for the discounts that are still to be made. */
export async function countSpent(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    UPDATE offer_discount d SET spent = ${USES} - d.uses_from FROM offer o
     WHERE d.shop_id = ${tx.shopId} AND d.way = 'code' AND d.discount_id IS NULL
       -- Of one whose creation was not answered the limit is as it was asked for.
       AND (d.intended_at IS NULL OR d.fault IS NOT NULL)
       AND o.shop_id = d.shop_id AND o.id = d.offer_id AND d.spent <> ${USES} - d.uses_from`);
}

type Patch = Partial<Omit<DiscountRow, 'id' | 'way' | 'kind' | 'offerId' | 'slot' | 'spent'>>;

/** Only what is named changes: the row may have been read before a request that took a while. */
export async function patchDiscountRow(tx: ShopTx, row: DiscountRow, patch: Patch): Promise<void> {
  Object.assign(row, patch);
  const values: Record<keyof Patch, Sql> = {
    title: sql`title = ${row.title}`,
    discountId: sql`discount_id = ${row.discountId}`,
    segmentId: sql`segment_id = ${row.segmentId}`,
    intendedAt: sql`intended_at = ${row.intendedAt}`,
    written: sql`written = ${row.written}`,
    served: sql`served = ${row.served}`,
    seen: sql`seen = ${row.seen}`,
    edited: sql`edited = ${jsonOf(row.edited)}::jsonb`,
    fault: sql`fault = ${row.fault}`,
    notBefore: sql`not_before = ${row.notBefore}`,
    attempts: sql`attempts = ${row.attempts}`,
  };
  const set = (Object.keys(patch) as (keyof Patch)[]).map((name) => values[name]);
  await tx.query(sql`
    UPDATE offer_discount SET ${join(set)} WHERE shop_id = ${tx.shopId} AND id = ${row.id}::bigint`);
}

/**
 * Shopify has taken it. What a person said of the discount while the request was out (repair it, accept the change) is
 * the later word and stays.
 */
export async function noteBrought(
  tx: ShopTx,
  row: DiscountRow,
  brought: Pick<DiscountRow, 'title' | 'served' | 'edited'> & { discountId: string; written: string },
): Promise<void> {
  const { discountId, title, written, served, edited } = brought;
  await tx.query(sql`
    UPDATE offer_discount
       SET discount_id = ${discountId}, title = ${title}, served = ${served}, seen = NULL, fault = NULL, not_before = NULL, attempts = 0,
           written = CASE WHEN written IS NOT DISTINCT FROM ${row.written}::text THEN ${written}::text ELSE written END,
           edited = CASE WHEN edited IS NOT DISTINCT FROM ${jsonOf(row.edited)}::jsonb THEN ${jsonOf(edited)}::jsonb
                         ELSE edited END
     WHERE shop_id = ${tx.shopId} AND id = ${row.id}::bigint`);
  Object.assign(row, { ...brought, seen: null, fault: null, notBefore: null, attempts: 0 });
}

const jsonOf = (edit: DiscountEdit | null) => (edit === null ? null : JSON.stringify(edit));

export async function deleteDiscountRow(tx: ShopTx, row: DiscountRow): Promise<void> {
  await tx.query(sql`DELETE FROM offer_discount WHERE shop_id = ${tx.shopId} AND id = ${row.id}::bigint`);
}

/** The tag that each discount of ours has: by it one is found again whose creation was not answered. */
export function markerOf({ id }: Pick<DiscountRow, 'id'>): string {
  return `regulars-${id}`;
}

const digest = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

export function bodyDigest({ way, kind, body, segment }: WantedDiscount): string {
  return digest([way, kind, body, segment?.query ?? null]);
}

export function wholeDigest(wanted: WantedDiscount): string {
  return `${bodyDigest(wanted)}:${digest([wanted.input, wanted.paused])}`;
}

export function keyOf({ offerId, slot }: Pick<DiscountRow, 'offerId' | 'slot'>): string {
  return offerId === null ? `slot:${slot}` : `offer:${offerId}`;
}

export interface DiscountWriteRow {
  kind: 'discount' | 'segment';
  act: 'create' | 'update' | 'delete';
  outcome: 'confirmed' | 'failed';
  title: string;
  remoteId: string | null;
  reason?: string;
}

/** The receipts; a failure that was noted last for the same title and act is not noted again. @param at business time */
export async function insertDiscountWrite(tx: ShopTx, row: DiscountWriteRow, at: Date): Promise<void> {
  await tx.query(sql`
    INSERT INTO discount_write (shop_id, kind, act, outcome, title, remote_id, at, reason)
    SELECT ${tx.shopId}::bigint, ${row.kind}::text, ${row.act}::text, ${row.outcome}::text, ${row.title}::text,
           ${row.remoteId}::text, ${at}::timestamptz, ${row.reason ?? null}::text
     WHERE ${row.outcome}::text = 'confirmed' OR NOT EXISTS (
       SELECT FROM (SELECT outcome, act, reason FROM discount_write
                     WHERE shop_id = ${tx.shopId} AND kind = ${row.kind} AND title = ${row.title}
                     ORDER BY id DESC LIMIT 1) last
        WHERE last.outcome = 'failed' AND last.act = ${row.act}
          AND last.reason IS NOT DISTINCT FROM ${row.reason ?? null}::text)`);
}
