/**
 * What Shopify's answers say about customers that a writer held, in one transaction under the shop's lock:
 * the tags that the customer has now (facts), what is ours, the receipts, and the outbox row.
 *
 * Absolute tags in the answer confirm a write, not the absence of errors. A row leaves the outbox when its
 * generation is still the one that was compared and nothing is left to do; otherwise it stays and is compared
 * again. Recording twice changes nothing: only an add that was still pending, or a tag that was still ours,
 * makes a receipt. Of customers whom another writer has taken over meanwhile only the facts are stored: that writer
 * knows that a write may have happened and repeats what is wanted now, and what this answer confirms may be undone.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { storeConfirmedTags } from '../../intake/store-confirmed-tags.server.ts';
import type { AfterWrite } from './claim-batch.server.ts';
import { countWrites } from './day-limit.server.ts';
import { forgetImpossible, storeImpossible } from './impossible.server.ts';
import { noticeRemovals } from './notice-tag-edits.server.ts';
import { readAgainWhereContradicted } from './read-again.server.ts';
import { insertTagWrites, type TagWriteRow } from './tag-write.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { settleNarrow } from './settle-narrow.server.ts';
import { failureText, type WriteAnswer } from './write-failure.ts';

export interface WriteResult {
  customerId: ShopifyId;
  generation: string;
  add: readonly string[];
  remove: readonly string[];
  answer: WriteAnswer;
  after: AfterWrite;
}

export interface RecordOptions {
  holder: { writer: string } | { bulkId: string };
  /** Business time: receipts. */
  now: Date;
  /** Machine time: back-off. */
  machineNow: Date;
  remote: RemoteTimes;
}

/** Of one answer, by Shopify's clock (`sentAt`: ours). */
export interface RemoteTimes {
  /**
   * From when on the answered tags are the state; a read that is younger wins. Of a bulk operation this is its
   * start: it answers line by line, and a read in the meantime may know more.
   */
  date: Date;
  sentAt: Date;
  /** When the write was done at the latest: only a younger read can prove that somebody took it back. */
  confirmedAt: Date;
}

/** After so many answers that do not confirm, a customer's changes are given up until the next change. */
export const MAX_ATTEMPTS = 8;
const FIRST_BACK_OFF_MS = 1_000;

export async function recordWrites(
  tx: ShopTx,
  all: readonly WriteResult[],
  options: RecordOptions,
): Promise<void> {
  if (all.length === 0) return;
  await waitForShop(tx, tx.shopId);
  const held = await lockHeld(tx, all, options.holder);
  const results = all.filter(({ customerId }) => held.has(customerId));
  const way = 'writer' in options.holder ? 'single' : 'bulk';
  await storeConfirmedTags(
    tx,
    all.flatMap(({ customerId, answer }) =>
      answer.kind === 'answered'
        ? [{ id: customerId, tags: answer.tags, date: options.remote.date, sentAt: options.remote.sentAt }]
        : [],
    ),
  );
  const pairs = results.flatMap(judge);
  const confirmed = pairs.filter((pair) => pair.verdict === 'confirmed');
  const receipts = [
    ...(await confirmAdds(tx, confirmed, options.remote.confirmedAt)),
    ...(await confirmRemoves(tx, confirmed)),
    ...(await giveUp(
      tx,
      pairs.filter((pair) => pair.verdict === 'failed'),
    )),
  ];
  await insertTagWrites(tx, receipts, { at: options.now, way, remoteAt: options.remote.confirmedAt });
  await countWrites(tx, receipts.filter((row) => row.outcome === 'confirmed').length, options.now);
  await forgetImpossible(tx, confirmed);
  await storeImpossible(tx, receipts.flatMap(impossibleOf), options.now);
  const toCompare = await readAgainWhereContradicted(tx, confirmed, {
    ids: results.map(({ customerId }) => customerId),
    date: options.remote.date,
    machineNow: options.machineNow,
  });
  await releaseRows(tx, results, options, toCompare);
  // The answer may show that somebody took another tag of ours away: its message will look like known news.
  await noticeRemovals(
    tx,
    await freeOf(
      tx,
      all.filter(({ answer }) => answer.kind === 'answered').map(({ customerId }) => customerId),
    ),
    { now: options.now, compare: false, readUpTo: options.remote.date },
  );
}

const heldBy = (holder: RecordOptions['holder']) =>
  'writer' in holder
    ? sql`claimed_by = ${holder.writer} AND bulk_id IS NULL`
    : sql`bulk_id = ${holder.bulkId}`;

/** The customers that are still the holder's. Everybody who locks several rows does so in this order. */
async function lockHeld(
  tx: ShopTx,
  results: readonly WriteResult[],
  holder: RecordOptions['holder'],
): Promise<Set<ShopifyId>> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT customer_id AS id FROM tag_outbox
     WHERE shop_id = ${tx.shopId} AND ${heldBy(holder)}
       AND customer_id = ANY(${results.map((result) => result.customerId)}::bigint[])
     ORDER BY customer_id FOR UPDATE`);
  return new Set(rows.map((row) => row.id));
}

const impossibleOf = (row: TagWriteRow) =>
  row.act === 'add' && row.outcome === 'failed'
    ? [{ customerId: row.customerId, tag: row.tag, reason: row.reason ?? 'not_confirmed' }]
    : [];

/** Those whom nobody holds any more. */
async function freeOf(tx: ShopTx, ids: readonly ShopifyId[]): Promise<ShopifyId[]> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT id FROM unnest(${[...ids]}::bigint[]) AS id
     WHERE NOT EXISTS (SELECT FROM tag_outbox o WHERE o.shop_id = ${tx.shopId} AND o.customer_id = id
                          AND (o.claimed_by IS NOT NULL OR o.bulk_id IS NOT NULL))`);
  return rows.map((row) => row.id);
}

interface Pair {
  customerId: ShopifyId;
  tag: string;
  key: string;
  act: 'add' | 'remove';
  verdict: 'confirmed' | 'failed' | 'open';
  reason?: string;
}

function judge(result: WriteResult): Pair[] {
  const { answer, customerId } = result;
  const has = new Set(answer.kind === 'answered' ? answer.tags.map(tagKey) : []);
  const failure = answer.kind === 'unknown' ? null : answer.failure;
  const pair = (act: 'add' | 'remove', tag: string): Pair => {
    const key = tagKey(tag);
    if (answer.kind === 'answered' && has.has(key) === (act === 'add')) {
      return { customerId, tag, key, act, verdict: 'confirmed' };
    }
    if (failure) return { customerId, tag, key, act, verdict: 'failed', reason: failureText(failure) };
    return { customerId, tag, key, act, verdict: 'open' };
  };
  return [...result.add.map((tag) => pair('add', tag)), ...result.remove.map((tag) => pair('remove', tag))];
}

const columns = (pairs: readonly Pair[]) => sql`
  unnest(${pairs.map((pair) => pair.customerId)}::bigint[], ${pairs.map((pair) => pair.key)}::text[])`;

async function confirmAdds(tx: ShopTx, pairs: readonly Pair[], at: Date): Promise<TagWriteRow[]> {
  const adds = pairs.filter((pair) => pair.act === 'add');
  if (adds.length === 0) return [];
  const { rows: first } = await tx.query<{ customerId: ShopifyId; tag: string }>(sql`
    UPDATE tag_owned SET added_at = ${at}
     WHERE shop_id = ${tx.shopId} AND added_at IS NULL
       AND (customer_id, tag_key) IN (SELECT * FROM ${columns(adds)})
    RETURNING customer_id AS "customerId", tag`);
  // Repeated adds of a tag that was confirmed before: only the proof becomes younger.
  await tx.query(sql`
    UPDATE tag_owned SET added_at = ${at}
     WHERE shop_id = ${tx.shopId} AND added_at < ${at}
       AND (customer_id, tag_key) IN (SELECT * FROM ${columns(adds)})`);
  return first.map((row) => ({ ...row, act: 'add', outcome: 'confirmed' }));
}

async function confirmRemoves(tx: ShopTx, pairs: readonly Pair[]): Promise<TagWriteRow[]> {
  const removes = pairs.filter((pair) => pair.act === 'remove');
  if (removes.length === 0) return [];
  const { rows } = await tx.query<{ customerId: ShopifyId; tag: string; added: boolean }>(sql`
    DELETE FROM tag_owned
     WHERE shop_id = ${tx.shopId} AND (customer_id, tag_key) IN (SELECT * FROM ${columns(removes)})
    RETURNING customer_id AS "customerId", tag, added_at IS NOT NULL AS added`);
  return rows
    .filter((row) => row.added)
    .map(({ customerId, tag }) => ({ customerId, tag, act: 'remove', outcome: 'confirmed' }));
}

/** A refused add is not ours; of a customer that is gone nothing is. What may have happened stays noted. */
async function giveUp(tx: ShopTx, pairs: readonly Pair[]): Promise<TagWriteRow[]> {
  const gone = pairs.filter((pair) => pair.reason === 'customer_gone');
  const refused = pairs.filter(
    (pair) => pair.act === 'add' && pair.reason !== 'customer_gone' && pair.reason !== 'not_confirmed',
  );
  if (gone.length > 0) {
    await tx.query(sql`
      DELETE FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${gone.map((pair) => pair.customerId)}::bigint[])`);
  }
  if (refused.length > 0) {
    await tx.query(sql`
      DELETE FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND added_at IS NULL
         AND (customer_id, tag_key) IN (SELECT * FROM ${columns(refused)})`);
  }
  return pairs.map(({ customerId, tag, act, reason }) => ({
    customerId,
    tag,
    act,
    outcome: 'failed',
    ...(reason === undefined ? {} : { reason }),
  }));
}

/**
 * Rows go, are compared again at once (also `toCompare`) or when they were read again, wait on for a decision, or
 * wait with back-off. What was refused is final, except of a file's line.
 */
async function releaseRows(
  tx: ShopTx,
  results: readonly WriteResult[],
  options: RecordOptions,
  toCompare: ReadonlySet<ShopifyId>,
): Promise<void> {
  const { holder, machineNow } = options;
  const held = heldBy(holder);
  const rest: Record<AfterWrite, WriteResult[]> = { done: [], compare: [], read: [], wait: [] };
  const open: WriteResult[] = [];
  for (const result of results) {
    if (judge(result).some((pair) => pair.verdict === 'open')) open.push(result);
    else
      rest[result.after === 'done' && toCompare.has(result.customerId) ? 'compare' : result.after].push(
        result,
      );
  }
  const named = (rows: readonly WriteResult[]) => sql`
    unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.generation)}::bigint[])`;
  await tx.query(sql`
    DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId} AND ${held}
       AND (customer_id, generation) IN (SELECT * FROM ${named(rest.done)})`);
  await settleNarrow(tx, sql`${held} AND (customer_id, generation) IN (SELECT * FROM ${named(rest.wait)})`);
  // A line that was refused in bulk goes the single way, where a refusal is final: never into a file again.
  const refused = rest.compare.filter((result) => judge(result).some((pair) => pair.verdict === 'failed'));
  await tx.query(sql`
    UPDATE tag_outbox SET claimed_until = NULL, claimed_by = NULL, bulk_id = NULL, last_error = NULL,
           attempts = (customer_id = ANY(${refused.map((row) => row.customerId)}::bigint[]))::int
     WHERE shop_id = ${tx.shopId} AND ${held}
       AND customer_id = ANY(${Object.values(rest).flatMap((rows) => rows.map((row) => row.customerId))}::bigint[])`);
  if (open.length === 0) return;
  const reasons = open.map(({ answer }) => (answer.kind === 'unknown' ? answer.reason : 'not_confirmed'));
  // A Shopify that cannot be reached is waited for; one that answers and does not confirm is not, for ever.
  const unconfirmed = open.filter(({ answer }) => answer.kind !== 'unknown' || answer.reason === 'no_answer');
  const exhausted = sql`
    ${held} AND attempts + 1 >= ${MAX_ATTEMPTS} AND (customer_id, generation) IN (SELECT * FROM ${named(unconfirmed)})`;
  const { rows: ending } = await tx.query<{ id: ShopifyId }>(
    sql`SELECT customer_id AS id FROM tag_outbox WHERE shop_id = ${tx.shopId} AND ${exhausted}`,
  );
  const whole = unconfirmed.filter(({ after }) => after !== 'wait');
  await tx.query(sql`
    DELETE FROM tag_outbox
     WHERE shop_id = ${tx.shopId} AND held_by IS NULL AND ${exhausted}
       AND customer_id = ANY(${whole.map((row) => row.customerId)}::bigint[])`);
  await settleNarrow(tx, exhausted);
  // claimed_by stays: the next comparison knows that the write may have happened.
  await tx.query(sql`
    UPDATE tag_outbox AS row SET claimed_until = NULL, bulk_id = NULL, attempts = row.attempts + 1,
           claimed_by = coalesce(row.claimed_by, 'bulk'), last_error = failed.reason,
           not_before = ${machineNow}::timestamptz
             + least(300000, ${FIRST_BACK_OFF_MS} * power(2, row.attempts)) * interval '1 millisecond'
      FROM unnest(${open.map((row) => row.customerId)}::bigint[], ${reasons}::text[]) AS failed(id, reason)
     WHERE row.shop_id = ${tx.shopId} AND row.customer_id = failed.id AND row.${held}`);
  const lost = new Set(ending.map((row) => row.id));
  const given = open
    .filter((result) => lost.has(result.customerId))
    .flatMap(judge)
    .filter((pair) => pair.verdict === 'open')
    .map((pair) => ({ ...pair, reason: 'not_confirmed' }));
  const receipts = await giveUp(tx, given);
  await insertTagWrites(tx, receipts, { at: options.now, way: 'writer' in holder ? 'single' : 'bulk' });
  await storeImpossible(tx, receipts.flatMap(impossibleOf), options.now);
}
