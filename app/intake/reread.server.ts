/**
 * Reads queued objects again from Shopify: messages without state (refunds, edits, merges, tags) and states
 * that contradict each other end in one read of the object as it is now, which wins by its stamp.
 *
 * Reading takes no transaction. The caller applies the facts and calls `settleRereads` in one transaction; a
 * wish that came in meanwhile has another version and stays queued.
 *
 * What Shopify refuses is found by halving, so that one id does not keep back those that were asked for with it;
 * what stays refused or unreadable is given up, kept for a week to be counted, and read again when it changes.
 */
import { AppError } from '../app-error.ts';
import { backOffMs } from '../back-off.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { AdminClient } from '../shopify/admin-client.ts';
import {
  READ_AGAIN_LIMIT,
  READ_COLLECTIONS,
  READ_CUSTOMERS,
  READ_PRODUCTS,
} from '../shopify/documents/read-again.ts';
import type { Fact, RereadFact, ShopifyId } from './facts.ts';
import { customerFromNode } from './normalise/customer-node.ts';
import type { NodeOutcome } from './normalise/outcome.ts';
import { gidOf } from './normalise/wire.ts';
import { readCustomerPicks } from './read-customer-picks.server.ts';
import { readOrdersAgain } from './read-orders-again.server.ts';
import { readPicks, type Picks } from './read-picks.server.ts';
import { wholeCollection, wholeProduct } from './read-products-again.server.ts';

export interface RereadRow {
  kind: RereadFact['object'];
  id: ShopifyId;
  version: string;
  attempts: number;
}

/** What became of each object that was asked for. */
export type ReadAgain =
  | { outcome: 'fact'; fact: Fact; besides?: Fact[] }
  | { outcome: 'missing'; at: Date }
  /** It changed between two pages of its lines: read it again soon. */
  | { outcome: 'changing' }
  | { outcome: 'unreadable'; reason: string }
  /** Shopify does not answer for this one. */
  | { outcome: 'refused'; reason: string };

export type RereadOutcome =
  /** Nothing is due; `nextAt` says when something will be (machine time), null for never. */
  | { outcome: 'nothing'; nextAt: Date | null }
  /** Apply `facts`, then `settleRereads(tx, settled)`. There may be more: ask again. */
  | { outcome: 'read'; facts: Fact[]; settled: RereadRow[] }
  /** Shopify could not be read: everything asked for waits for its back-off. */
  | { outcome: 'failed'; error: unknown };

const BACK_OFF = { firstMs: 2_000, longestMs: 3_600_000 };
/** Tries of an object that Shopify refuses, or whose answer cannot be read: about four hours. */
const TRIES = 15;
/** Waiting for Shopify to come back does not use them up. */
const COUNTED_WHILE_AWAY = 11;
/** The mark of a row that is not read any more (until it is asked for again, which begins at 0). */
export const GIVEN_UP = 100;
const KEPT_MS = 7 * 24 * 3_600_000;
/** An object that is missing right after it was made may only be late in one of Shopify's copies. */
const LOOK_AGAIN_MS = 30_000;

export async function readAgain(
  ctx: { db: Db; admin: AdminClient; clock: Clock; log: Log },
  shopId: ShopId,
): Promise<RereadOutcome> {
  const now = ctx.clock.machineNow();
  const { rows, nextAt, picks, hidden } = await ctx.db.inShop(shopId, async (tx) => {
    const taken = await takeRereads(tx, now);
    return {
      ...taken,
      picks: await readPicks(tx),
      hidden: await hiddenOrders(tx, taken.rows, ctx.clock.now()),
    };
  });
  const kind = rows[0]?.kind;
  if (kind === undefined) return { outcome: 'nothing', nextAt };
  let answers: ReadAgain[];
  try {
    answers = await readHalving(
      { admin: ctx.admin, picks },
      kind,
      rows.map((row) => row.id),
    );
  } catch (error) {
    ctx.log.warn({ err: error, shopId, kind, objects: rows.length }, 'could not read again');
    await ctx.db.inShop(shopId, (tx) => postpone(tx, rows, now));
    return { outcome: 'failed', error };
  }

  const facts: Fact[] = [];
  const settled: RereadRow[] = [];
  const later: RereadRow[] = [];
  const lookAgain: RereadRow[] = [];
  const failed: RereadRow[] = [];
  const givenUp: RereadRow[] = [];
  rows.forEach((row, i) => {
    const answer = answers[i] ?? { outcome: 'unreadable', reason: 'no answer' };
    switch (answer.outcome) {
      case 'fact':
        facts.push(answer.fact, ...(answer.besides ?? []));
        settled.push(row);
        break;
      case 'missing':
        if (hidden.has(row.id)) {
          settled.push(row);
          break;
        }
        if (row.attempts === 0) {
          lookAgain.push(row);
          break;
        }
        facts.push({ kind: row.kind, id: row.id, deletedAt: answer.at });
        settled.push(row);
        break;
      case 'changing':
        later.push(row);
        break;
      case 'refused':
      case 'unreadable': {
        const { outcome, reason } = answer;
        const tries = row.attempts + 1;
        const last = tries >= TRIES;
        (last ? givenUp : failed).push(row);
        const words = last ? 'given up: it cannot be read again' : 'it could not be read again';
        ctx.log.error({ shopId, kind, objectId: row.id, outcome, reason, tries }, words);
        break;
      }
    }
  });
  await ctx.db.inShop(shopId, async (tx) => {
    await postpone(tx, later, now);
    await postpone(tx, lookAgain, now, { waitMs: LOOK_AGAIN_MS });
    await postpone(tx, failed, now, { most: TRIES });
    await giveUp(tx, givenUp, now);
  });
  return { outcome: 'read', facts, settled };
}

/** Shopify shows orders of 60 days; a day more or less is nobody's proof. */
const SURELY_SHOWN_MS = 59 * 86_400_000;

/**
 * Orders that Shopify answers with null although they are there: without read_all_orders, those older than 60 days.
 * What is known of them stays.
 * @param now business time, as the dates of orders are
 */
async function hiddenOrders(
  tx: ShopTx,
  rows: readonly RereadRow[],
  now: Date,
): Promise<ReadonlySet<ShopifyId>> {
  const ids = rows.filter(({ kind }) => kind === 'order').map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const found = await tx.query<{ id: ShopifyId }>(sql`
    SELECT id FROM orders
     WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[])
       AND created_at < ${new Date(now.getTime() - SURELY_SHOWN_MS)}
       AND EXISTS (SELECT 1 FROM shop_settings
                    WHERE shop_id = ${tx.shopId} AND scopes <> '{}' AND NOT 'read_all_orders' = ANY(scopes))`);
  return new Set(found.rows.map(({ id }) => id));
}

/** Forgets what was read, unless it was asked for again meanwhile. Call it where the facts are applied. */
export async function settleRereads(tx: ShopTx, settled: readonly RereadRow[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(sql`
    DELETE FROM reread r USING json_to_recordset(${JSON.stringify(settled)}::json)
                               AS s (kind text, id bigint, version bigint)
     WHERE r.shop_id = ${tx.shopId} AND r.kind = s.kind AND r.object_id = s.id AND r.version = s.version`);
}

/** Due objects of one kind (the kind that has waited longest), as many as one request may name. */
async function takeRereads(tx: ShopTx, now: Date): Promise<{ rows: RereadRow[]; nextAt: Date | null }> {
  const { rows: first } = await tx.query<{ kind: RereadRow['kind']; notBefore: Date }>(sql`
    SELECT kind, not_before AS "notBefore" FROM reread
     WHERE shop_id = ${tx.shopId} AND attempts < ${GIVEN_UP} ORDER BY not_before LIMIT 1`);
  const soonest = first[0];
  if (soonest === undefined) return { rows: [], nextAt: null };
  if (soonest.notBefore > now) return { rows: [], nextAt: soonest.notBefore };
  const { rows } = await tx.query<RereadRow & Record<string, unknown>>(sql`
    SELECT kind, object_id AS id, version, attempts FROM reread
     WHERE shop_id = ${tx.shopId} AND kind = ${soonest.kind} AND not_before <= ${now} AND attempts < ${GIVEN_UP}
     ORDER BY not_before, object_id LIMIT ${READ_AGAIN_LIMIT[soonest.kind]}`);
  return { rows, nextAt: null };
}

/** A wish that came in meanwhile (another version) is tried. */
async function giveUp(tx: ShopTx, rows: readonly RereadRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(sql`
    UPDATE reread r SET attempts = ${GIVEN_UP}, not_before = ${now}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS g (kind text, id bigint, version bigint)
     WHERE r.shop_id = ${tx.shopId} AND r.kind = g.kind AND r.object_id = g.id AND r.version = g.version`);
}

/** Forgets what was given up a week ago. @param now machine time */
export async function pruneRereads(tx: ShopTx, now: Date): Promise<void> {
  await tx.query(sql`
    DELETE FROM reread WHERE shop_id = ${tx.shopId} AND attempts >= ${GIVEN_UP}
       AND not_before < ${new Date(now.getTime() - KEPT_MS)}`);
}

/** @param options.most counted tries; default: those that leave some for a refusal */
async function postpone(
  tx: ShopTx,
  rows: readonly RereadRow[],
  now: Date,
  { waitMs, most = COUNTED_WHILE_AWAY }: { waitMs?: number; most?: number } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map((row) => {
      const wait = waitMs ?? backOffMs(BACK_OFF, row.attempts);
      return { kind: row.kind, id: row.id, not_before: new Date(now.getTime() + wait) };
    }),
  );
  await tx.query(sql`
    UPDATE reread r SET attempts = least(attempts + 1, greatest(attempts, ${most}::int)), not_before = w.not_before
      FROM json_to_recordset(${json}::json) AS w (kind text, id bigint, not_before timestamptz)
     WHERE r.shop_id = ${tx.shopId} AND r.kind = w.kind AND r.object_id = w.id`);
}

interface Reader {
  admin: AdminClient;
  picks: Picks;
}

/** One request; more when Shopify refuses it for one of its objects. */
async function readHalving(reader: Reader, kind: RereadRow['kind'], ids: ShopifyId[]): Promise<ReadAgain[]> {
  try {
    return await readObjects(reader, kind, ids);
  } catch (error) {
    const refused =
      error instanceof AppError && (error.code === 'shopify_rejected' || error.code === 'shopify_user_error');
    if (!refused) throw error;
    if (ids.length === 1) return [{ outcome: 'refused', reason: error.userMessage }];
  }
  const half = Math.ceil(ids.length / 2);
  return [
    ...(await readHalving(reader, kind, ids.slice(0, half))),
    ...(await readHalving(reader, kind, ids.slice(half))),
  ];
}

/** One request (and one more for each order with many lines). Answers in the order of `ids`. */
async function readObjects(
  { admin, picks }: Reader,
  kind: RereadRow['kind'],
  ids: ShopifyId[],
): Promise<ReadAgain[]> {
  switch (kind) {
    case 'order':
      return readOrdersAgain(admin, ids, picks);
    case 'customer': {
      const answer = await admin.request(READ_CUSTOMERS, { ids: ids.map((id) => gidOf('Customer', id)) });
      const times = { readAt: answer.date, startedAt: answer.sentAt };
      const besides = await readCustomerPicks(admin, ids, picks);
      return ids.map((id, i) => {
        const read = judge(answer.data.nodes[i], answer.date, (node) => customerFromNode(node, times));
        const picked = besides.get(id);
        return picked && read.outcome === 'fact' ? { ...read, besides: [picked] } : read;
      });
    }
    case 'product': {
      const answer = await admin.request(READ_PRODUCTS, { ids: ids.map((id) => gidOf('Product', id)) });
      const times = { readAt: answer.date, startedAt: answer.sentAt };
      const answers: ReadAgain[] = [];
      for (const node of answer.data.nodes) answers.push(await wholeProduct(admin, node, times));
      return answers;
    }
    case 'collection': {
      const answer = await admin.request(READ_COLLECTIONS, { ids: ids.map((id) => gidOf('Collection', id)) });
      const times = { readAt: answer.date, startedAt: answer.sentAt };
      const answers: ReadAgain[] = [];
      for (const node of answer.data.nodes) answers.push(await wholeCollection(admin, node, times));
      return answers;
    }
  }
}

/** @param at when Shopify answered that there is no such object */
export function judge<N>(
  node: N | null | undefined,
  at: Date,
  normalise: (node: N) => NodeOutcome<Fact>,
): ReadAgain {
  return node === null || node === undefined ? { outcome: 'missing', at } : normalise(node);
}
