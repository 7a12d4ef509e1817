/**
 * A segment tried on a few chosen customers: it is on for them, and nobody else gets its tag. Turning it on (for all)
 * or off ends the trial. Who was chosen is written with it or not at all; in a large store while it is worked out, and
 * forgotten when it is given up.
 */
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import type { Log } from '../log.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import type { SegmentChange } from '../segments/segment-change.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { applyChangeIn, type AppliedChange } from './apply-change.server.ts';
import { isLargeStore, startChange, startedElsewhere } from './start-change.server.ts';

/** As many as can be looked at one by one. */
export const TRIAL_LIMIT = 10;

export type TriedSegment =
  | AppliedChange
  /** Not a draft, or unknown. */
  | { outcome: 'not_a_draft' }
  /** None of them is a customer that we know, or there are more than TRIAL_LIMIT. */
  | { outcome: 'bad_customers' };

/** Those of `customerIds` for whom the rule holds get the tag; `entered` says how many. */
export async function trySegment(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  {
    key,
    customerIds,
    actor,
    now,
  }: { key: string; customerIds: readonly ShopifyId[]; actor: string; now: Date },
  { atOnce }: { atOnce?: number } = {},
): Promise<TriedSegment> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const busy = await startedElsewhere(tx);
    if (busy) return busy;
    const segment = await loadSegment(tx, key);
    if (segment?.status !== 'draft') return { outcome: 'not_a_draft' };
    if (customerIds.length > TRIAL_LIMIT) return { outcome: 'bad_customers' };
    await tx.query('SAVEPOINT trial');
    await forgetTrial(tx, segment.id);
    const { rowCount } = await tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      SELECT ${shopId}::bigint, ${segment.id}::bigint, customer_id, 'trial', ${now}::timestamptz, ${actor}::text
        FROM profile WHERE shop_id = ${shopId} AND customer_id = ANY(${[...customerIds]}::bigint[])`);
    if (!rowCount) return { outcome: 'bad_customers' };
    const change: SegmentChange = { act: 'try', key };
    const tried = (await isLargeStore(tx, atOnce))
      ? await startChange(tx, { change, actor, now, ask: false })
      : await applyChangeIn(tx, ctx, { change, actor, now });
    if (tried.outcome !== 'done' && tried.outcome !== 'started') {
      await tx.query('ROLLBACK TO SAVEPOINT trial');
    }
    return tried;
  });
}

/** Given up before it was in force: nobody was chosen. */
export async function dropTrial(tx: ShopTx, change: SegmentChange): Promise<void> {
  if (change.act !== 'try') return;
  const segment = await loadSegment(tx, change.key);
  if (segment?.status === 'draft') await forgetTrial(tx, segment.id);
}

async function forgetTrial(tx: ShopTx, segmentId: string): Promise<void> {
  await tx.query(sql`
    DELETE FROM segment_person
     WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint AND list = 'trial'`);
}
