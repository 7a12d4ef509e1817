/**
 * Takes customers out of the outbox for one writer, in one transaction: claims rows (SKIP LOCKED, so two
 * writers never hold one customer), compares, settles those with nothing to write, and notes every intended
 * add as ours before the request goes out.
 *
 * A claim has a lease of machine time. `claimed_by` outlives the lease on purpose: it says that a write may
 * have happened without our knowing, and the next comparison repeats it instead of concluding from what it sees.
 *
 * Whom an offer is over for goes first. Beyond the limit of the day only the tags of such offers are taken off, while
 * the offer itself goes on: its tag gives the discount again with each order.
 */
import { empty, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { leftToday, noteReached, readDayLimit } from './day-limit.server.ts';
import { forgetUnwanted, noteImpossible } from './impossible.server.ts';
import { mayWrite } from './may-write.server.ts';
import { OVER_BUT_GIVES, readOverTags } from '../offers/read-over-tags.server.ts';
import { isEmptyPlan, onlyRemovalsOf, planTagChanges, sizeOf, type TagPlan } from './plan-tag-changes.ts';
import { adoptMergedTags } from './adopt-merged-tags.server.ts';
import { readAgainFirst } from './read-again.server.ts';
import { readComparisons, type CustomerTags } from './read-comparisons.server.ts';
import { recordRemovals, recordReturns } from './record-removals.server.ts';
import { settleNarrow } from './settle-narrow.server.ts';
import { tagKey } from '../../intake/tag-key.ts';

export interface PlannedWrite {
  customerId: ShopifyId;
  generation: string;
  add: string[];
  remove: string[];
  removeFirst: boolean;
  after: AfterWrite;
}

/**
 * What becomes of the row when the answer is there. done: it goes. compare: something may be left to do (a file has one
 * act). read: a younger read decides about another tag. wait: only the tags of offers that are over were planned, and
 * the row waits on for a person's decision or for the next day, or goes when the decision was to discard.
 */
export type AfterWrite = 'done' | 'compare' | 'read' | 'wait';

export interface ClaimOptions {
  writer: string;
  /** Machine time. */
  machineNow: Date;
  /** Business time: receipts, removals by others, the day of the limit. */
  now: Date;
  leaseMs: number;
  maxCustomers: number;
  way: 'single' | 'bulk';
}

export interface Claim {
  /** Rows that were taken, with or without something to write; 0: nothing is due (for this way). */
  taken: number;
  writes: PlannedWrite[];
  /** The day's limit is reached: the rest waits until then (business time). */
  limitedUntil: Date | null;
}

const NOTHING: Claim = { taken: 0, writes: [], limitedUntil: null };

/**
 * Rows that failed once go the single way only, where their failure has a face; so do those that a dead writer left,
 * because a file that is never run would forget that they are uncertain.
 */
export async function claimBatch(tx: ShopTx, options: ClaimOptions): Promise<Claim> {
  if (!(await mayWrite(tx))) return NOTHING;
  const day = await readDayLimit(tx, options.now);
  let left = leftToday(day);
  const isReached = left <= 0;
  const { rows } = await tx.query<{
    id: ShopifyId;
    generation: string;
    uncertain: boolean;
    narrow: boolean;
    urgent: boolean;
  }>(sql`
    SELECT customer_id AS id, generation, claimed_by IS NOT NULL AS uncertain,
           held_by IS NOT NULL OR only_over AS narrow, ${OVER_BUT_GIVES} AS urgent
      FROM tag_outbox
     WHERE shop_id = ${tx.shopId} AND not_before <= ${options.machineNow} AND bulk_id IS NULL
       AND (held_by IS NULL OR offer_over)
       AND (claimed_until IS NULL OR claimed_until < ${options.machineNow})
       AND (${options.way} = 'single' OR attempts = 0 AND claimed_by IS NULL)
       ${isReached ? sql`AND ${OVER_BUT_GIVES}` : empty}
     ORDER BY offer_over DESC, queued_at, customer_id LIMIT ${options.maxCustomers}
       FOR UPDATE SKIP LOCKED`);
  if (rows.length === 0 && isReached) {
    await noteReached(tx, day, true);
    return { ...NOTHING, limitedUntil: day.until };
  }
  if (rows.length === 0) return NOTHING;
  const ids = rows.map((row) => row.id);
  await adoptMergedTags(tx, ids);
  const comparisons = await readComparisons(tx, ids);
  const writes: PlannedWrite[] = [];
  const plans: { id: ShopifyId; plan: TagPlan }[] = [];
  const settled: ShopifyId[] = [];
  /** Of offers that are over they have nothing (any more): they wait on. */
  const waiting: ShopifyId[] = [];
  /** Nothing can be concluded about one of their tags before they are read again: they wait for that. */
  const unclear: ShopifyId[] = [];
  const gone: ShopifyId[] = [];
  /** Over the day's limit as a whole, and those of them of whom nothing is written at all. */
  let limited = 0;
  let beyond = 0;
  const over = await readOverTags(tx, rows.flatMap(({ id, narrow, urgent }) => (narrow || urgent ? [id] : []))); // prettier-ignore
  for (const { id, generation, uncertain, narrow, urgent } of rows) {
    const customer = comparisons.get(id);
    if (!customer || customer.gone) {
      gone.push(id);
      settled.push(id);
      continue;
    }
    const whole = planTagChanges({ ...customer, uncertain });
    const ofOver = onlyRemovalsOf(whole, over.get(id) ?? new Set());
    let plan = narrow ? ofOver : whole;
    left -= sizeOf(plan);
    // One customer's tags are written together: the first who do not fit wait, and all behind them.
    const fits = isEmptyPlan(plan) || left >= 0 || (writes.length === 0 && day.written + day.underWay === 0);
    // What a dead writer left may be half done: it is not taken apart.
    if (!fits && urgent && !uncertain) plan = ofOver;
    const waits = !fits && (!urgent || sizeOf(plan) < sizeOf(narrow ? ofOver : whole));
    if (waits) limited += 1;
    plans.push({ id, plan });
    const isUnclear = plan.unclear.length > 0;
    if (isUnclear) unclear.push(id);
    if (!fits && !urgent) beyond += 1;
    else if (isEmptyPlan(plan)) {
      if (!isUnclear) (narrow || waits ? waiting : settled).push(id);
    } else {
      const { add, remove, removeFirst } = plan;
      const after = narrow || waits ? 'wait' : isUnclear ? 'read' : 'done';
      writes.push({ customerId: id, generation, add, remove, removeFirst, after });
    }
  }
  await noteFindings(tx, plans, comparisons, options);
  await forgetUnwanted(
    tx,
    ids.map((id) => {
      const { desired = [], frozen = [] } = comparisons.get(id) ?? {};
      return { id, tags: [...desired, ...frozen] };
    }),
  );
  await noteImpossible(
    tx,
    plans.flatMap(({ id, plan }) =>
      plan.impossible.map(({ tag, reason }) => ({ customerId: id, tag, reason })),
    ),
    { at: options.now, way: options.way },
  );
  await noteIntended(tx, writes);
  await tx.query(sql`
    DELETE FROM tag_owned AS owned WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${gone}::bigint[])
       AND NOT EXISTS (SELECT 1 FROM customer_alias AS alias
                        WHERE alias.shop_id = owned.shop_id AND alias.old_id = owned.customer_id)`);
  await tx.query(sql`
    DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${settled}::bigint[])`);
  await settleNarrow(tx, sql`customer_id = ANY(${waiting}::bigint[])`);
  await readAgainFirst(tx, unclear, options.machineNow);
  const removes = writes.map(({ remove }) => JSON.stringify(remove.map(tagKey)));
  await tx.query(sql`
    UPDATE tag_outbox o SET claimed_by = ${options.writer},
           claimed_until = ${new Date(options.machineNow.getTime() + options.leaseMs)},
           removing = ARRAY(SELECT jsonb_array_elements_text(claimed.removes))
      FROM unnest(${writes.map((write) => write.customerId)}::bigint[], ${removes}::jsonb[]) AS claimed (id, removes)
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = claimed.id`);
  await noteReached(tx, day, limited > 0);
  return { taken: rows.length - beyond, writes, limitedUntil: limited > 0 ? day.until : null };
}

/** Removed by others, put back, no longer ours: what the comparison found out without writing anything. */
async function noteFindings(
  tx: ShopTx,
  plans: { id: ShopifyId; plan: TagPlan }[],
  comparisons: ReadonlyMap<ShopifyId, CustomerTags>,
  { now }: ClaimOptions,
): Promise<void> {
  const edits = (pick: (plan: TagPlan) => string[]) =>
    plans.flatMap(({ id, plan }) =>
      pick(plan).map((key) => {
        const customer = comparisons.get(id);
        const tag = customer?.owned.find((own) => own.key === key)?.tag ?? key;
        return { customerId: id, key, tag, seenAt: customer?.actualReadAt ?? now };
      }),
    );
  await recordReturns(
    tx,
    edits((plan) => plan.restore),
    { now },
  );
  await recordRemovals(
    tx,
    edits((plan) => plan.suppress),
    { now },
  );
  const forget = edits((plan) => plan.forget);
  if (forget.length === 0) return;
  await tx.query(sql`
    DELETE FROM tag_owned WHERE shop_id = ${tx.shopId} AND (customer_id, tag_key) IN (
      SELECT * FROM unnest(${forget.map((one) => one.customerId)}::bigint[], ${forget.map((one) => one.key)}::text[]))`);
}

async function noteIntended(tx: ShopTx, writes: readonly PlannedWrite[]): Promise<void> {
  const adds = writes.flatMap(({ customerId, add }) => add.map((tag) => ({ customerId, tag })));
  if (adds.length === 0) return;
  await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag)
    SELECT ${tx.shopId}::bigint, * FROM unnest(${adds.map((one) => one.customerId)}::bigint[],
      ${adds.map((one) => tagKey(one.tag))}::text[], ${adds.map((one) => one.tag)}::text[]) AS intended
    ON CONFLICT (shop_id, customer_id, tag_key) DO NOTHING`);
}
