import { join, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { isUnderWay, type ChangeRun } from './change-run.ts';
import type { SegmentChange } from './segment-change.ts';

/** The change that is under way, or the last one; null: there was none. */
export async function readChangeRun(tx: ShopTx): Promise<ChangeRun | null> {
  const { rows } = await tx.query<
    Omit<ChangeRun, 'done' | 'total' | 'entered' | 'left'> &
      Record<'done' | 'total' | 'entered' | 'left', string>
  >(sql`
    SELECT id, state, change, basis, actor, note, started_at AS "startedAt", ask,
           start_automations AS "startAutomations", approved_at AS "approvedAt", approval_id AS "approvalId", cursor,
           done, total, review, counted_at AS "countedAt", headers::text[] AS headers, entered, "left", message
      FROM segment_change WHERE shop_id = ${tx.shopId}`);
  const row = rows[0];
  if (!row) return null;
  const { done, total, entered, left } = row;
  return { ...row, done: Number(done), total: Number(total), entered: Number(entered), left: Number(left) };
}

/** @returns null when none is under way */
export async function readChangeUnderWay(tx: ShopTx): Promise<ChangeRun | null> {
  const run = await readChangeRun(tx);
  return run && isUnderWay(run) ? run : null;
}

/** For pages: how far the change is that is under way; null: none is. */
export async function readHowFar(tx: ShopTx): Promise<Pick<ChangeRun, 'state' | 'done' | 'total'> | null> {
  const run = await readChangeUnderWay(tx);
  return run && { state: run.state, done: run.done, total: run.total };
}

/** In the place of the last one. */
export async function beginChangeRun(
  tx: ShopTx,
  begun: {
    change: SegmentChange;
    actor: string;
    note: string;
    now: Date;
    ask: boolean;
    startAutomations: boolean;
    total: number;
  },
): Promise<string> {
  await tx.query(sql`DELETE FROM segment_change WHERE shop_id = ${tx.shopId}`);
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO segment_change (shop_id, state, change, actor, note, started_at, ask, start_automations, total)
    VALUES (${tx.shopId}, 'working', ${JSON.stringify(begun.change)}::jsonb, ${begun.actor}, ${begun.note}, ${begun.now},
            ${begun.ask}, ${begun.startAutomations}, ${begun.total}::bigint)
    RETURNING id`);
  return rows[0]?.id ?? '';
}

type Noted = Partial<Omit<ChangeRun, 'id' | 'change' | 'startedAt' | 'note'>>;

const COLUMNS: { [K in keyof Required<Noted>]: (value: NonNullable<Noted[K]> | null) => Sql } = {
  state: (value) => sql`state = ${value}`,
  basis: (value) => sql`basis = ${value}`,
  actor: (value) => sql`actor = ${value}`,
  ask: (value) => sql`ask = ${value}`,
  startAutomations: (value) => sql`start_automations = ${value}`,
  approvedAt: (value) => sql`approved_at = ${value}`,
  approvalId: (value) => sql`approval_id = ${value}::bigint`,
  cursor: (value) => sql`cursor = ${value}::bigint`,
  done: (value) => sql`done = ${value}::bigint`,
  total: (value) => sql`total = ${value}::bigint`,
  review: (value) => sql`review = ${value === null ? null : JSON.stringify(value)}::jsonb`,
  countedAt: (value) => sql`counted_at = ${value}`,
  headers: (value) => sql`headers = ${value ?? []}::bigint[]`,
  entered: (value) => sql`entered = ${value}::bigint`,
  left: (value) => sql`"left" = ${value}::bigint`,
  message: (value) => sql`message = ${value}`,
};

/** With the shop's lock held. */
export async function noteChangeRun(tx: ShopTx, noted: Noted): Promise<void> {
  const set = (Object.keys(noted) as (keyof Noted)[]).map((key) =>
    (COLUMNS[key] as (value: unknown) => Sql)(noted[key] ?? null),
  );
  await tx.query(sql`UPDATE segment_change SET ${join(set)} WHERE shop_id = ${tx.shopId}`);
}
