import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Offer } from './offer.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';
import { offerTermsSchema } from './terms.ts';

/** Those that have not ended, oldest first. */
export function readOpenOffers(tx: ShopTx): Promise<Offer[]> {
  return read(tx, sql`o.state <> 'ended' ORDER BY o.id`);
}

/** All of one segment, newest first. */
export function readOffersOf(tx: ShopTx, segmentId: string): Promise<Offer[]> {
  return read(tx, sql`o.segment_id = ${segmentId}::bigint ORDER BY o.id DESC`);
}

/** All that there ever were, newest first. */
export function readAllOffers(tx: ShopTx): Promise<Offer[]> {
  return read(tx, sql`true ORDER BY o.state = 'ended', o.id DESC LIMIT 500`);
}

export async function readOffer(tx: ShopTx, id: string): Promise<Offer | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  return (await read(tx, sql`o.id = ${id}::bigint`))[0] ?? null;
}

/** Whether one of these segments has an offer that has not ended: then every change of it asks. */
export async function haveOffers(tx: ShopTx, segmentIds: readonly string[]): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM offer WHERE shop_id = ${tx.shopId} AND state <> 'ended'
       AND segment_id = ANY(${[...segmentIds]}::bigint[]) LIMIT 1`);
  return rowCount === 1;
}

async function read(tx: ShopTx, which: Sql): Promise<Offer[]> {
  const { rows } = await tx.query<Omit<Offer, 'terms'> & { terms: unknown }>(sql`
    SELECT o.id, o.segment_id AS "segmentId", s.key AS "segmentKey", coalesce(s.name, 'A deleted segment') AS "segmentName",
           s.status AS "segmentStatus", o.name, ${wholeOfferTag()} AS tag, o.terms, o.state,
           o.starts_on AS "startsOn", o.ends_on AS "endsOn", o.keep_days AS "keepDays", o.most_holders AS "mostHolders",
           o.most_cost_minor AS "mostCostMinor", o.currency, o.line_waits AS "lineWaits", o.way, o.code, o.slot, o.made_at AS "madeAt",
           o.ended_at AS "endedAt", o.end_cause AS "endCause"
      FROM offer o
      LEFT JOIN segment s ON s.shop_id = o.shop_id AND s.id = o.segment_id
     WHERE o.shop_id = ${tx.shopId} AND ${which}`);
  return rows.map((row) => ({ ...row, terms: offerTermsSchema.parse(row.terms) }));
}
