/** Time moves people too: each touched customer's next review is set, and the shop is woken for the earliest. */
import { raw, sql } from '../db/sql.ts';
import { wake } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { RuleContext } from './field.ts';
import { subjectOf } from './compile-rule.ts';
import { midnightOf } from './review-dates.ts';
import { rulesOf, type Segment } from './segment.ts';
import { settingFlips } from './setting-flips.ts';

/**
 * @param segments the live and paused ones. Left-out people are in no segment: nothing to review.
 * @param options.keepDueAt whoever is due by then stays due: scores may have to be computed first
 */
export async function scheduleReviews(
  tx: ShopTx,
  segments: readonly Segment[],
  context: RuleContext,
  { keepDueAt }: { keepDueAt?: Date } = {},
): Promise<void> {
  const rules = segments.flatMap(rulesOf);
  const remembered = settingFlips(tx.shopId, segments, context);
  const subject = subjectOf(tx.shopId, [], context, {
    touched: true,
    leftOut: true,
    columns: sql`p.left_out`,
    flipsOf: rules,
  });
  const { rows } = await tx.query<{ earliest: Date | null }>(sql`
    WITH flip AS MATERIALIZED (
      SELECT subject.customer_id, CASE WHEN NOT left_out THEN
             ${remembered ? sql`least(subject.flips_on, remembered.flips_on)` : raw('flips_on')} END AS flips_on
        FROM (${subject}) subject
        ${remembered ? sql`LEFT JOIN (${remembered}) remembered ON remembered.customer_id = subject.customer_id` : raw('')}
    ), day AS MATERIALIZED (
      SELECT flips_on, ${midnightOf(sql`flips_on`, context.timeZone)} AS review_at
        FROM (SELECT DISTINCT flips_on FROM flip WHERE flips_on IS NOT NULL) dates
    ), due AS MATERIALIZED (
      SELECT flip.customer_id, day.review_at FROM flip LEFT JOIN day ON day.flips_on = flip.flips_on
    ), written AS (
      UPDATE profile p SET next_review_at = due.review_at
        FROM due WHERE p.shop_id = ${tx.shopId} AND ${withinTouched('p.customer_id')}
         AND p.customer_id = due.customer_id
         AND p.next_review_at IS DISTINCT FROM due.review_at
         ${keepDueAt ? sql`AND (p.next_review_at IS NULL OR p.next_review_at > ${keepDueAt})` : raw('')}
    )
    SELECT min(review_at) AS earliest FROM day`);
  const earliest = rows[0]?.earliest ?? null;
  if (earliest !== null) await wake(tx, tx.shopId, 'review', earliest);
}
