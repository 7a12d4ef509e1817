/**
 * The accuracy check: a shadow is computed from the facts with the versions in force and compared with what is
 * stored. The difference must be 0. Reads only; in chunks under the shop's lock, so that no message comes
 * between a fact and its profile. Customers who are due for a review are compared once they have been reviewed.
 */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { countProfileDrift } from '../history/compute-profiles.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import { compileSegments, membershipDifference } from '../segments/membership-difference.ts';
import { loadEvaluatedSegments } from '../segments/load-segments.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { countScoreDrift } from '../value/write-scores.server.ts';
import { isFollowing } from './follow-change.server.ts';

export interface Drift {
  customers: number;
  profiles: number;
  scores: number;
  memberships: number;
}

const CHUNK = 20_000;

export async function checkDrift(
  ctx: { db: Db; clock: Clock },
  shopId: ShopId,
  { chunk = CHUNK }: { chunk?: number } = {},
): Promise<Drift> {
  const drift: Drift = { customers: 0, profiles: 0, scores: 0, memberships: 0 };
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    after = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const now = ctx.clock.now();
      const page = await touchCustomersAfter(tx, from, chunk, 'undo');
      const { day, cutPoints } = await readRuleDay(tx, now);
      drift.customers += page.touched;
      drift.profiles += await countProfileDrift(tx, day);
      await tx.query(sql`
        DELETE FROM touched_customer t USING profile p
         WHERE p.shop_id = ${shopId} AND p.customer_id = t.customer_id AND p.next_review_at <= ${now}`);
      drift.scores += await countScoreDrift(tx, cutPoints);
      // Put in force between two chunks: memberships are on their way to what it says.
      if (!(await isFollowing(tx))) drift.memberships += await countMembershipDrift(tx, now);
      return page.last;
    });
  }
  return drift;
}

async function countMembershipDrift(tx: ShopTx, now: Date): Promise<number> {
  const segments = await loadEvaluatedSegments(tx, { statuses: ['live', 'paused'] });
  if (segments.length === 0) return 0;
  const { context } = await readRuleDay(tx, now);
  const { rows } = await tx.query<{ drift: number }>(sql`
    ${membershipDifference(tx.shopId, compileSegments(segments), context)}
    SELECT ((SELECT count(*) FROM difference) + (SELECT count(*) FROM renewed))::int AS drift`);
  return rows[0]?.drift ?? 0;
}
