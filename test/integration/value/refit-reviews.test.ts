/** Who is kept in a segment by a setting when a new fit moves everybody is looked at again when that time is over. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { addDays, atHour } from '../../../app/local-date.ts';
import { applyFit } from '../../../app/pipeline/apply-fit.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { ZONE, TODAY, NOW, drawStore, refitStage } from './refit-stage.ts';

const stage = refitStage();
const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };
const morning = (days: number) => atHour(addDays(TODAY, days), 3, ZONE);

async function refitAndRelease(shopId: ShopId, now: Date): Promise<void> {
  const ctx = stage.context(now);
  await refitShop(ctx, shopId, { chunk: 150 });
  const [held] = await stage.t.db.inShop(shopId, readHeldChanges);
  if (!held) return;
  await decideHeldChange(ctx, shopId, { id: held.id, decision: 'release', actor: 'anna', now });
  await applyFit(ctx, shopId, { chunk: 150 });
}

async function count(tx: ShopTx) {
  const { rows } = await tx.query<{ members: number; reviews: number }>(`
    SELECT (SELECT count(*)::int FROM membership) AS members,
           (SELECT count(next_review_at)::int FROM profile) AS reviews`);
  return rows[0] ?? { members: 0, reviews: 0 };
}

test.each([
  ['a hold', { hold: { for: 'months', months: 1 } }],
  ['a minimum stay', { minimumStayDays: 45 }],
])('%s that a fit began or meets ends on its day', async (_name, settings) => {
  const shopId = await stage.makeShop(drawStore(12));
  const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => stage.t.db.inShop(shopId, work);
  await refitShop(stage.context(morning(-31)), shopId);
  await inShop(async (tx) => {
    await putSegments(tx, { likely: { rule: LIKELY } });
    await tx.query(
      sql`UPDATE segment SET settings = ${JSON.stringify(settings)}::jsonb WHERE shop_id = ${shopId}`,
    );
    // Whoever has no day of their own before is not looked at but for this.
    await tx.query(sql`UPDATE profile SET next_review_at = NULL WHERE shop_id = ${shopId}`);
  });
  await refitAndRelease(shopId, NOW);
  const entered = await inShop(count);
  expect(entered.members).toBeGreaterThan(100);

  // A month of silence: the next fit holds less of them likely, who stay until their time is over.
  await refitAndRelease(shopId, morning(36));
  const kept = await inShop(count);
  expect(kept.reviews).toBeGreaterThan(10);
  for (const days of [70, 140]) {
    const ctx = stage.context(morning(days));
    await reviewDue(ctx, shopId);
    expect(await checkDrift(ctx, shopId)).toMatchObject({ memberships: 0 });
  }
  expect((await inShop(count)).members).toBeLessThan(entered.members - 10);
});
