import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';

/** Keys of the tags of offers that are over. A tag is never used for another offer. */
export async function readEndedOfferKeys(tx: ShopTx): Promise<Set<string>> {
  const { rows } = await tx.query<{ tag: string }>(sql`
    SELECT ${wholeOfferTag()} AS tag FROM offer o WHERE o.shop_id = ${tx.shopId} AND o.state = 'ended'`);
  return new Set(rows.map(({ tag }) => tagKey(tag)));
}
