/** What the acts on our discounts in Shopify share: their context, the search by the marker, the note of a refusal. */
import type { Clock } from '../../clock.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { refusalWords, type Refusal } from './discount-refusal.ts';
import {
  insertDiscountWrite,
  markerOf,
  type DiscountRow,
  type DiscountWriteRow,
} from './discount-rows.server.ts';
import { readStoreDiscounts } from './read-store-discounts.server.ts';

export interface SyncContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
}

/** The discount that was made for this row, if it was. @returns its id */
export async function findByMarker(
  ctx: SyncContext,
  row: DiscountRow,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const marker = markerOf(row);
  const shown = await readStoreDiscounts(ctx.admin, {
    priority: 'background',
    ...(signal ? { signal } : {}),
  });
  return shown.find((one) => one.shown.tags.includes(marker))?.id;
}

export async function noteFailure(
  ctx: SyncContext,
  shopId: ShopId,
  {
    kind = 'discount',
    act,
    title,
    said,
  }: Pick<DiscountWriteRow, 'act' | 'title'> & {
    kind?: DiscountWriteRow['kind'];
    said: Refusal;
  },
): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    insertDiscountWrite(
      tx,
      { kind, act, outcome: 'failed', title, remoteId: null, reason: refusalWords(said) },
      ctx.clock.now(),
    ),
  );
}
