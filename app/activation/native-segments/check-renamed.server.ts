import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import type { RenameCheck } from '../rename/rename-checks.server.ts';
import { readStoredNatives, readWantedSegments } from './read-native-segments.server.ts';

/**
 * Before old tags are removed: the segments in Shopify go by the new ones. Their own job brings them there (one run a
 * shop at a time, so that none is made twice); this wakes it and looks how far it is.
 */
export const NATIVE_SEGMENTS_FOLLOW: RenameCheck = {
  name: 'Segments in Shopify',
  async run(ctx, shopId: ShopId, tags) {
    const { wanted, stored } = await ctx.db.inShop(shopId, async (tx) => ({
      wanted: await readWantedSegments(tx),
      stored: new Map((await readStoredNatives(tx)).map((row) => [row.segmentId, row])),
    }));
    const renamed = new Set(tags.map(({ segmentId }) => segmentId));
    const behind = wanted.filter(({ segmentId, query }) => {
      const row = stored.get(segmentId);
      return renamed.has(segmentId) && row !== undefined && row.shopifyId !== null && row.query !== query;
    });
    if (behind.length === 0) return null;
    await ctx.db.inShop(shopId, (tx) => wake(tx, shopId, 'native-segments', AT_ONCE));
    return `${behind.length === 1 ? 'one still goes' : `${behind.length} still go`} by the old tag.`;
  },
};
