/**
 * Leaving, its first step: nobody is in a segment or holds an offer any more, and whose tags are ours is compared. Some
 * customers in each transaction under the shop's lock, with the last of them noted beside what was done for them:
 * killed anywhere it goes on after those. Nobody enters meanwhile, because every segment is a draft by then.
 */
import type { Clock } from '../../clock.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import { join, raw, sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { readCutPointsInForce } from '../../value/cut-points.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { emptiedUpTo, emptyingStep } from './leaving.ts';

const CHUNK = 2_000;
/** Then other stores have their turn. */
const TURN_MS = 20_000;

/** @returns whether everybody was emptied; else there is more to do */
export async function emptyForLeaving(
  ctx: { db: Db; clock: Clock },
  shopId: ShopId,
  { chunk = CHUNK, turnMs = TURN_MS }: { chunk?: number; turnMs?: number } = {},
): Promise<boolean> {
  const until = ctx.clock.machineNow().getTime() + turnMs;
  for (;;) {
    const ended = await ctx.db.inShop(shopId, (tx) => emptySome(tx, chunk));
    if (ended) return true;
    if (ctx.clock.machineNow().getTime() >= until) return false;
  }
}

async function emptySome(tx: ShopTx, chunk: number): Promise<boolean> {
  await waitForShop(tx, tx.shopId);
  const { rows } = await tx.query<{ id: string; step: string; startedAt: Date }>(sql`
    SELECT id, step, started_at AS "startedAt" FROM leaving WHERE shop_id = ${tx.shopId} AND state = 'running'`);
  const run = rows[0];
  const after = run ? emptiedUpTo(run.step) : null;
  if (!run || after === null) return true;
  const ids = await readNext(tx, after, chunk);
  const last = ids.at(-1);
  if (last !== undefined) await empty(tx, ids, run.startedAt);
  await tx.query(sql`
    UPDATE leaving SET step = ${last === undefined ? 'tags' : emptyingStep(last)}
     WHERE shop_id = ${tx.shopId} AND id = ${run.id}::bigint`);
  return last === undefined;
}

/** Whose rows are ended, where not all of a table count. */
const ENDED: readonly { table: string; where?: string }[] = [
  { table: 'membership' },
  { table: 'membership_left' },
  { table: 'offer_holder', where: 'ended_at IS NULL' },
  { table: 'tag_owned' },
  { table: 'segment_move' },
  { table: 'tag_outbox', where: 'held_by IS NOT NULL' },
];

/** The next customers of whom anything is to be ended, by id: each table gives its own next ones. */
async function readNext(tx: ShopTx, after: ShopifyId, limit: number): Promise<ShopifyId[]> {
  const next = ENDED.map(
    ({ table, where = 'true' }) => sql`
      (SELECT DISTINCT customer_id FROM ${raw(table)}
        WHERE shop_id = ${tx.shopId} AND customer_id > ${after}::bigint AND ${raw(where)}
        ORDER BY customer_id LIMIT ${limit})`,
  );
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT customer_id::text AS id FROM (${join(next, ' UNION ')}) AS any_of
     ORDER BY customer_id LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** @param at when leaving began (business time): the history has it as one change a segment */
async function empty(tx: ShopTx, ids: readonly ShopifyId[], at: Date): Promise<void> {
  const { shopId } = tx;
  const cutPoints = await readCutPointsInForce(tx, await readShopDay(tx, at));
  await tx.query(sql`
    WITH removed AS (
      DELETE FROM membership WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[])
      RETURNING segment_id, customer_id
    ), moved AS MATERIALIZED (
      SELECT segment_id, count(*)::int AS n FROM removed GROUP BY segment_id
    ), known AS MATERIALIZED (
      SELECT min(c.id) AS id, c.segment_id FROM mass_change c JOIN moved m ON m.segment_id = c.segment_id
       WHERE c.shop_id = ${shopId} AND c.kind = 'left' AND c.cause = 'activation' AND c.at = ${at}
       GROUP BY c.segment_id
    ), grown AS (
      UPDATE mass_change c SET members = c.members + m.n FROM known k JOIN moved m USING (segment_id)
       WHERE c.shop_id = ${shopId} AND c.id = k.id
    ), header AS (
      INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
      SELECT ${shopId}::bigint, m.segment_id, 'left', ${at}::timestamptz, 'activation', g.rule_version,
             ${cutPoints.version}::int, m.n
        FROM moved m JOIN segment g ON g.shop_id = ${shopId} AND g.id = m.segment_id
       WHERE m.segment_id NOT IN (SELECT segment_id FROM known) ORDER BY m.segment_id
      RETURNING id, segment_id
    )
    INSERT INTO mass_member (shop_id, change_id, customer_id)
    SELECT ${shopId}::bigint, h.id, r.customer_id FROM removed r
      JOIN (SELECT id, segment_id FROM known UNION ALL SELECT id, segment_id FROM header) h USING (segment_id)
    ON CONFLICT DO NOTHING`);
  await tx.query(sql`
    DELETE FROM membership_left WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[])`);
  // Of a change that was on its way.
  await tx.query(sql`
    DELETE FROM segment_move WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[])`);
  await tx.query(sql`
    UPDATE offer_holder SET ended_at = ${at}, end_cause = 'offer'
     WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[]) AND ended_at IS NULL`);
  await tx.query(sql`
    UPDATE tag_outbox SET held_by = NULL
     WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[]) AND held_by IS NOT NULL`);
  await queueSelected(
    tx,
    sql`SELECT customer_id FROM tag_owned WHERE shop_id = ${shopId} AND customer_id = ANY(${[...ids]}::bigint[])`,
    at,
    { free: true },
  );
}
