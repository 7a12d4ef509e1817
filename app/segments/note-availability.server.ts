/**
 * Segments that are on and ask for what the shop cannot supply now (orders older than Shopify shows, predictions without
 * a fit to rely on, postal codes or metafields that are no longer read) are kept as they are: nobody enters and nobody
 * leaves because a field vanished. So are those that share a set with one of them, which is decided as a whole, and
 * those that ask for its members. It is noted in the segment, so that evaluating does not ask again each time.
 */
import { AT_ONCE, wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import { startRun } from '../db/start-run.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { shopFaults, type ShopFacts } from './available-fields.ts';
import { fieldOf } from './fields.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { readShopFacts } from './presets-read-ideas.server.ts';
import { conditionsOf, type Rule } from './rule.ts';
import { rulesOf, withMates, type Segment } from './segment.ts';

/**
 * Call it where what a shop can supply may have changed, in the same transaction and before anybody is evaluated.
 * Segments that can be evaluated again have stood still, so everybody is evaluated for them: `release` says by whom.
 */
export async function noteAvailability(
  tx: ShopTx,
  {
    now,
    release,
    evaluated = [],
  }: {
    /** Business time. */
    now: Date;
    /**
     * later: what is missing is read first, so they stand still until then. caller: it evaluates everybody next.
     * wish: a computation of the whole shop is asked for, under the brake; not while an import is under way, which ends so.
     */
    release: 'later' | 'caller' | 'wish';
    /** Ids of segments for which the caller evaluates everybody in any case. */
    evaluated?: readonly string[];
  },
): Promise<void> {
  const facts = await readAvailability(tx, now);
  const segments = await loadReadableSegments(tx, { statuses: ['live', 'paused'] });
  const why = unavailable(segments, facts);
  const waits = release === 'later' || (release === 'wish' && (await isImporting(tx)));
  const differ = segments.filter(({ id, unavailable: noted }) => {
    const now = why.get(id) ?? null;
    return noted !== now && (now !== null || !waits || evaluated.includes(id));
  });
  for (const { id } of differ) {
    await tx.query(sql`
      UPDATE segment SET unavailable = ${why.get(id) ?? null}
       WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
  }
  const released = differ.filter(({ id }) => !why.has(id) && !evaluated.includes(id));
  if (release === 'wish' && released.length > 0) {
    await startRun(tx, { kind: 'refit', total: 0, now });
    await wake(tx, tx.shopId, 'recompute', AT_ONCE);
  }
}

async function isImporting(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM import_run WHERE shop_id = ${tx.shopId} AND state = 'running'
    UNION ALL SELECT 1 FROM shop_due WHERE shop_id = ${tx.shopId} AND work = 'import'`);
  return rowCount !== 0;
}

/** What the shop can supply, apart from tags of our own: those are a matter of what a rule says, not of what there is. */
export async function readAvailability(tx: ShopTx, now: Date): Promise<ShopFacts> {
  const facts = await readShopFacts(tx, await readRuleDay(tx, now));
  return { ...facts, tagPrefix: '', ownTags: [] };
}

/** By id: why a segment is kept as it is. */
export function unavailable(segments: readonly Segment[], facts: ShopFacts): Map<string, string> {
  const why = new Map<string, string>();
  for (const segment of segments) {
    const fault = rulesOf(segment).flatMap((rule) => missingIn(rule, facts))[0];
    if (fault !== undefined) why.set(segment.id, fault);
  }
  const direct = segments.filter(({ id }) => why.has(id));
  for (const { id, setId } of withMates(segments, (segment) => why.has(segment.id))) {
    const mate = direct.find((one) => one.setId === setId);
    if (!why.has(id))
      why.set(id, `It shares a set with ${mate?.name ?? 'a segment'}, which is kept as it is.`);
  }
  return why;
}

/** What of a rule is not available, in words. */
export function missingIn(rule: Rule, facts: ShopFacts): string[] {
  return conditionsOf(rule.where).flatMap((where) =>
    shopFaults({ ...rule, where }, facts).map(({ message }) => `${fieldOf(where.field).label}: ${message}`),
  );
}
