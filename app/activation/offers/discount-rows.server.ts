/** Our own discounts in Shopify, as rows: what stands for which offer, what was written last, what others changed. */
import { createHash } from 'node:crypto';
import { sql } from '../../db/sql.ts';
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
  seen: string | null;
  edited: DiscountEdit | null;
  fault: string | null;
  notBefore: Date | null;
  attempts: number;
}

/** For what a departed installation left: nothing is done about them until a person says so. */
export const LEFT_ALONE = new Date('9999-01-01T00:00:00Z');

export async function readDiscountRows(tx: ShopTx): Promise<DiscountRow[]> {
  const { rows } = await tx.query<DiscountRow & Record<string, unknown>>(sql`
    SELECT id, way, kind, offer_id AS "offerId", slot, title, discount_id AS "discountId",
           segment_id AS "segmentId", intended_at AS "intendedAt", written, seen, edited, fault,
           not_before AS "notBefore", attempts
      FROM offer_discount WHERE shop_id = ${tx.shopId} ORDER BY id`);
  return rows;
}

export async function insertDiscountRow(tx: ShopTx, wanted: WantedDiscount): Promise<void> {
  await tx.query(sql`
    INSERT INTO offer_discount (shop_id, way, kind, offer_id, slot, title, written)
    VALUES (${tx.shopId}, ${wanted.way}, ${wanted.kind}, ${wanted.offerId}::bigint, ${wanted.slot}::int,
            ${wanted.title}, ${bodyDigest(wanted)})`);
}

type Patch = Partial<Omit<DiscountRow, 'id' | 'way' | 'kind' | 'offerId' | 'slot'>>;

export async function patchDiscountRow(tx: ShopTx, row: DiscountRow, patch: Patch): Promise<void> {
  Object.assign(row, patch);
  await tx.query(sql`
    UPDATE offer_discount
       SET title = ${row.title}, discount_id = ${row.discountId}, segment_id = ${row.segmentId},
           intended_at = ${row.intendedAt}, written = ${row.written}, seen = ${row.seen},
           edited = ${row.edited === null ? null : JSON.stringify(row.edited)}::jsonb, fault = ${row.fault},
           not_before = ${row.notBefore}, attempts = ${row.attempts}
     WHERE shop_id = ${tx.shopId} AND id = ${row.id}::bigint`);
}

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
