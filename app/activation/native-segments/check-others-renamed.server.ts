/**
 * Before old tags are removed: the store's own segments in Shopify that ask for one would be empty afterwards. Nobody
 * but the merchant can change them, so they are named and the old tags stay until none is left or the merchant says so.
 * Workflows of Flow cannot be read by apps: the page says that they have to be looked at.
 */
import { sql } from '../../db/sql.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { readDiscountRows } from '../offers/discount-rows.server.ts';
import type { RenameCheck } from '../rename/rename-checks.server.ts';
import { listSegments } from '../segments-in-shopify/api.server.ts';
import { tagQuery } from '../tags/tag-query.ts';
import { readStoredNatives } from './read-native-segments.server.ts';

const NAMED = 5;

export const OTHER_SEGMENTS_FOLLOW: RenameCheck = {
  name: 'Segments of your own',
  async run(ctx, shopId, tags, renameId) {
    const known = await ctx.db.inShop(shopId, async (tx) => {
      const { rowCount } = await tx.query(sql`
        SELECT 1 FROM approval
         WHERE shop_id = ${shopId} AND act = 'finish_rename' AND review ->> 'rename' = ${renameId} LIMIT 1`);
      const natives = (await readStoredNatives(tx)).map(({ shopifyId }) => shopifyId);
      const offers = (await readDiscountRows(tx)).map(({ segmentId }) => segmentId);
      return { accepted: rowCount === 1, ours: new Set([...natives, ...offers]) };
    });
    if (known.accepted) return null;
    const quoted = tags.map(({ from }) => tagKey(/'(.*)'/.exec(tagQuery(from))?.[0] ?? from));
    const behind = (await listSegments(ctx.admin)).filter(
      ({ id, query }) => !known.ours.has(id) && quoted.some((tag) => tagKey(query).includes(tag)),
    );
    if (behind.length === 0) return null;
    const names = behind
      .slice(0, NAMED)
      .map(({ name }) => `“${name}”`)
      .join(', ');
    const more = behind.length > NAMED ? ` and ${behind.length - NAMED} more` : '';
    return `${names}${more} in Shopify ${behind.length === 1 ? 'asks' : 'ask'} for the old tag.`;
  },
};
