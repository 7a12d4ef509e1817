/**
 * What Shopify lets this app do in a shop, as it was last seen: words on Home and the choice of the way rest on it.
 * A refusal is remembered with its reason until Shopify is seen to grant the same thing.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { WHYS, type StandingSubject, type Standings, type Why } from './standing.ts';

/** @param now machine time. `since` moves only when the state does. */
export async function recordStanding(
  tx: ShopTx,
  subject: StandingSubject,
  seen: { state: 'granted' } | { state: 'refused'; why: Why },
  now: Date,
): Promise<void> {
  const why = seen.state === 'refused' ? seen.why : '';
  await tx.query(sql`
    INSERT INTO shopify_standing AS s (shop_id, subject, state, since, seen_at, why)
    VALUES (${tx.shopId}, ${subject}, ${seen.state}, ${now}, ${now}, ${why})
    ON CONFLICT (shop_id, subject) DO UPDATE
      SET state = excluded.state, why = excluded.why, seen_at = excluded.seen_at,
          since = CASE WHEN s.state = excluded.state THEN s.since ELSE excluded.since END`);
}

export async function readStandings(tx: ShopTx): Promise<Standings> {
  const { rows } = await tx.query<{
    subject: StandingSubject;
    state: 'granted' | 'refused';
    since: Date;
    seenAt: Date;
    why: string;
  }>(sql`
    SELECT subject, state, since, seen_at AS "seenAt", why FROM shopify_standing WHERE shop_id = ${tx.shopId}`);
  const standings: Standings = {};
  for (const { subject, why, ...row } of rows) {
    standings[subject] = { ...row, why: WHYS.find((known) => known === why) ?? null };
  }
  return standings;
}
