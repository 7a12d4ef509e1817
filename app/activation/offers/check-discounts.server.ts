/**
 * Looks at our discounts in Shopify: how they look after we wrote them is remembered; what differs from that later was
 * changed by somebody else. It is shown, with "repair" and "accept"; nothing is undone by itself. What an earlier
 * installation left belongs to no offer that could be repaired: leftovers/find-leftovers.server.ts looks at it.
 */
import { readShopDay } from '../../history/read-shop-day.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { listSegments } from '../segments-in-shopify/api.server.ts';
import { isLeftAlone, patchDiscountRow, readDiscountRows } from './discount-rows.server.ts';
import { readStoreDiscounts } from './read-store-discounts.server.ts';
import { seenAfter, type DiscountEdit } from './kept-edit.ts';
import { differenceWords } from './discount-difference.ts';
import { looksOf } from './store-discount.ts';
import type { SyncContext } from './sync-context.server.ts';

export async function checkDiscounts(ctx: SyncContext, shopId: ShopId, signal?: AbortSignal): Promise<void> {
  const made = (await ctx.db.inShop(shopId, readDiscountRows)).filter(
    (row) => row.discountId !== null && !isLeftAlone(row),
  );
  if (made.length === 0) return;
  const shown = await readStoreDiscounts(ctx.admin, {
    priority: 'background',
    ...(signal ? { signal } : {}),
  });
  const limited = made.some(({ segmentId }) => segmentId !== null);
  const segments = new Map(
    limited ? (await listSegments(ctx.admin, signal)).map(({ id, query }) => [id, query]) : [],
  );
  const byId = new Map(shown.map((one) => [one.id, looksOf(one)]));
  await ctx.db.inShop(shopId, async (tx) => {
    const { timeZone } = await readShopDay(tx, ctx.clock.now());
    // As they are now: a request of a person may have changed them since.
    for (const row of await readDiscountRows(tx)) {
      const before = made.find(({ id }) => id === row.id);
      if (!before || before.written !== row.written || row.discountId !== before.discountId) continue;
      const discount = byId.get(row.discountId ?? '');
      const query = row.segmentId === null ? '' : segments.get(row.segmentId);
      // What it looks like, with the query of its segment: another query is another circle of customers.
      const looks = discount === undefined ? undefined : JSON.stringify({ ...(JSON.parse(discount) as object), segmentQuery: query ?? null }); // prettier-ignore
      if (row.seen === null && looks !== undefined) {
        const seen = seenAfter(row.edited, looks);
        await patchDiscountRow(tx, row, { seen, edited: editOf(seen, looks, timeZone) });
        continue;
      }
      const edited = editOf(row.seen, looks, timeZone);
      if (JSON.stringify(edited) === JSON.stringify(row.edited)) continue;
      if (edited)
        ctx.log.warn({ shopId, row: row.id, what: edited.what }, 'somebody changed a discount of ours');
      await patchDiscountRow(tx, row, { edited });
    }
  });
}

function editOf(seen: string | null, looks: string | undefined, timeZone: string): DiscountEdit | null {
  if (looks === undefined) return { what: 'deleted' };
  if (seen === null || seen === looks) return null;
  const query = (text: string) => (JSON.parse(text) as { segmentQuery: string | null }).segmentQuery;
  if (query(seen) !== query(looks)) return { what: 'segment', looks };
  return { what: 'edited', says: differenceWords(seen, looks, timeZone), looks };
}
