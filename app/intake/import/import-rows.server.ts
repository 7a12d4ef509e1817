/**
 * The rows that say where an import stands. A part is claimed by what it was last seen at (its state or byte
 * offset): of two workers with the same import, the slower one finds its claim void and stops.
 */
import { AppError } from '../../app-error.ts';
import { wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';

export interface ImportRun {
  id: string;
  step: string;
  /** True when an earlier call has begun it. */
  resumed: boolean;
  startedAt: Date;
}

export type PartState = 'starting' | 'running' | 'loading' | 'done' | 'failed';

export interface ImportPart {
  kind: BulkKind;
  state: PartState;
  bulkId: string | null;
  url: string | null;
  readStartedAt: Date | null;
  byteOffset: string;
  linesDone: string;
  /** Rows that Shopify says there are. */
  objectCount: string;
  fileSize: string | null;
  /** paged: page by page, because Shopify refuses bulk operations. */
  way: 'bulk' | 'paged';
  /** Paged: the last id that was read. */
  afterId: string;
  /** What Shopify did not show when this was read. */
  hidden: Hidden[];
}

/** What may be kept from us while the rest is shown. It stays unknown. */
export type Hidden = 'postal_codes' | 'older_orders';

const KINDS: readonly BulkKind[] = ['customers', 'orders', 'products'];

/** The oldest run under way, or a new one when the last has failed or is done. @param now machine time */
export async function openRun(db: Db, shopId: ShopId, now: Date): Promise<ImportRun> {
  return db.inShop(shopId, async (tx) => {
    await tx.query(sql`SELECT 1 FROM shop_settings WHERE shop_id = ${shopId} FOR UPDATE`);
    const { rows } = await tx.query<Omit<ImportRun, 'resumed'>>(sql`
      SELECT id, step, started_at AS "startedAt" FROM import_run
       WHERE shop_id = ${shopId} AND state = 'running' ORDER BY id LIMIT 1`);
    if (rows[0]) return { ...rows[0], resumed: true };
    const created = await tx.query<{ id: string }>(sql`
      INSERT INTO import_run (shop_id, started_at) VALUES (${shopId}, ${now}) RETURNING id`);
    const id = created.rows[0]?.id ?? '';
    await tx.query(sql`
      INSERT INTO import_part (shop_id, run_id, kind)
      SELECT ${shopId}, ${id}, kind FROM unnest(${KINDS}::text[]) AS kind`);
    return { id, step: 'reading', startedAt: now, resumed: false };
  });
}

export async function readParts(db: Db, shopId: ShopId, runId: string): Promise<ImportPart[]> {
  return db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<ImportPart & Record<string, unknown>>(sql`
      SELECT kind, state, bulk_id AS "bulkId", url, read_started_at AS "readStartedAt",
             byte_offset AS "byteOffset", lines_done AS "linesDone", object_count AS "objectCount",
             file_size AS "fileSize", way,
             after_id AS "afterId", hidden
        FROM import_part WHERE shop_id = ${shopId} AND run_id = ${runId} ORDER BY kind`);
    return rows;
  });
}

export interface PartChange {
  state: PartState;
  bulkId?: string;
  url?: string;
  readStartedAt?: Date;
  objectCount?: string;
  fileSize?: string | null;
  message?: string;
  way?: ImportPart['way'];
  hidden?: readonly Hidden[];
  /** Forget how far it was read: another file is coming, or pages are. */
  fromStart?: boolean;
}

/** @throws AppError 'invariant', retryable, when the part is no longer in the state it was seen in */
export async function changePart(
  db: Db,
  shopId: ShopId,
  runId: string,
  seen: Pick<ImportPart, 'kind' | 'state' | 'bulkId'>,
  change: PartChange,
): Promise<void> {
  const fresh = change.fromStart === true;
  const { rowCount } = await db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE import_part SET
        state = ${change.state},
        bulk_id = CASE WHEN ${fresh} THEN ${change.bulkId ?? null} ELSE coalesce(${change.bulkId ?? null}, bulk_id) END,
        url = CASE WHEN ${fresh} THEN NULL ELSE coalesce(${change.url ?? null}, url) END,
        read_started_at = CASE WHEN ${fresh} THEN ${change.readStartedAt ?? null}::timestamptz
                               ELSE coalesce(${change.readStartedAt ?? null}::timestamptz, read_started_at) END,
        object_count = CASE WHEN ${fresh} THEN 0 ELSE coalesce(${change.objectCount ?? null}::bigint, object_count) END,
        file_size = CASE WHEN ${fresh} THEN NULL ELSE coalesce(${change.fileSize ?? null}::bigint, file_size) END,
        lines_done = CASE WHEN ${fresh} THEN 0 ELSE lines_done END,
        byte_offset = CASE WHEN ${fresh} THEN 0 ELSE byte_offset END,
        after_id = CASE WHEN ${fresh} THEN 0 ELSE after_id END,
        way = CASE WHEN ${fresh} THEN ${change.way ?? 'bulk'} ELSE way END,
        hidden = CASE WHEN ${fresh} THEN ${change.hidden ?? []}::text[] ELSE hidden END,
        message = CASE WHEN ${fresh} THEN ${change.message ?? null} ELSE coalesce(${change.message ?? null}, message) END
       WHERE shop_id = ${shopId} AND run_id = ${runId} AND kind = ${seen.kind} AND state = ${seen.state}
         AND bulk_id IS NOT DISTINCT FROM ${seen.bulkId} AND ${isRunning(shopId, runId)}`),
  );
  if (rowCount !== 1) throw overtaken();
}

/** Part of a chunk's own transaction, so facts and offset commit together. */
export async function advancePart(
  tx: ShopTx,
  runId: string,
  kind: BulkKind,
  step: { from: bigint; to: bigint; lines: number; unread: string | undefined },
): Promise<void> {
  const { rowCount } = await tx.query(sql`
    UPDATE import_part
       SET byte_offset = ${step.to.toString()}, lines_done = lines_done + ${step.lines},
           message = coalesce(${step.unread ?? null}, message)
     WHERE shop_id = ${tx.shopId} AND run_id = ${runId} AND kind = ${kind} AND state = 'loading'
       AND byte_offset = ${step.from.toString()} AND ${isRunning(tx.shopId, runId)}`);
  if (rowCount !== 1) throw overtaken();
}

/** As `advancePart`, for a page: the last id that it held, and how many of how many are read. */
export async function advancePages(
  tx: ShopTx,
  runId: string,
  kind: BulkKind,
  step: { from: string; to: string; rows: number; readAt: Date; unread: string | undefined },
): Promise<void> {
  const { rowCount } = await tx.query(sql`
    UPDATE import_part
       SET after_id = ${step.to}, lines_done = lines_done + ${step.rows},
           read_started_at = coalesce(read_started_at, ${step.readAt}),
           message = coalesce(${step.unread ?? null}, message)
     WHERE shop_id = ${tx.shopId} AND run_id = ${runId} AND kind = ${kind} AND state = 'loading' AND way = 'paged'
       AND after_id = ${step.from} AND ${isRunning(tx.shopId, runId)}`);
  if (rowCount !== 1) throw overtaken();
}

/** A run that was ended from outside (the app was removed) gets no further, whoever still works at it. */
function isRunning(shopId: ShopId, runId: string) {
  return sql`EXISTS (SELECT 1 FROM import_run WHERE shop_id = ${shopId} AND id = ${runId} AND state = 'running')`;
}

export function overtaken(): AppError {
  return new AppError('invariant', 'Another worker is going on with this import.', { retryable: true });
}

/**
 * A run that waits for something outside: the reason in words; null when it goes on.
 * @param message words for the merchant
 */
export async function setWaiting(
  db: Db,
  shopId: ShopId,
  runId: string,
  message: string | null,
): Promise<void> {
  await db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE import_run SET message = ${message}
       WHERE shop_id = ${shopId} AND id = ${runId} AND state = 'running' AND message IS DISTINCT FROM ${message}`),
  );
}

export async function setProgress(
  db: Db,
  shopId: ShopId,
  runId: string,
  step: string,
  done: number,
  total: number,
): Promise<void> {
  await db.inShop(shopId, (tx) =>
    tx.query(sql`
      UPDATE import_run SET step = ${step}, step_done = ${done}, step_total = ${total}
       WHERE shop_id = ${shopId} AND id = ${runId} AND state = 'running'`),
  );
}

/** @param message words for the merchant: what happened and what to do. @param now machine time */
export async function failRun(
  db: Db,
  shopId: ShopId,
  runId: string,
  message: string,
  now: Date,
): Promise<void> {
  await db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      UPDATE import_run SET state = 'failed', message = ${message}, finished_at = ${now}
       WHERE shop_id = ${shopId} AND id = ${runId} AND state = 'running'`);
    await tx.query(sql`
      UPDATE import_part SET state = 'failed'
       WHERE shop_id = ${shopId} AND run_id = ${runId} AND state <> 'done'`);
    await wakeNextRun(tx, now);
  });
}

/**
 * Everything asked for until the first of the three reads began is known now (a run of fewer reads says nothing of
 * the rest).
 * @param now machine time
 * @throws AppError 'invariant', retryable, when the run was ended meanwhile: what it read may be an installation's
 *   that is gone
 */
export async function finishRun(db: Db, shopId: ShopId, runId: string, now: Date): Promise<void> {
  await db.inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(sql`
      UPDATE import_run SET state = 'done', step = 'done', finished_at = ${now}, message = NULL
       WHERE shop_id = ${shopId} AND id = ${runId} AND state = 'running'`);
    if (rowCount !== 1) throw overtaken();
    await tx.query(sql`
      UPDATE shop_settings
         SET first_imported_at = coalesce(first_imported_at, ${now}), last_synced_at = ${now},
             reconciled_to = greatest(reconciled_to, (
               SELECT CASE WHEN count(*) = ${KINDS.length} THEN min(read_started_at) END
                 FROM import_part WHERE shop_id = ${shopId} AND run_id = ${runId}))
       WHERE shop_id = ${shopId}`);
    await wakeNextRun(tx, now);
  });
}

/** Runs wait for each other. */
async function wakeNextRun(tx: ShopTx, now: Date): Promise<void> {
  const { rows } = await tx.query(sql`
    SELECT 1 FROM import_run WHERE shop_id = ${tx.shopId} AND state = 'running' LIMIT 1`);
  if (rows.length > 0) await wake(tx, tx.shopId, 'import', now);
}
