/** One customer's tags for a page: should have, has in Shopify, and what stands between the two. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { readComparisons } from './read-comparisons.server.ts';
import { tagKey } from '../../intake/tag-key.ts';

export interface CustomerTags {
  /** Tags of the live segments that the customer is in. */
  shouldHave: string[];
  /** Tags of ours that Shopify says the customer has. */
  has: string[];
  /** All other tags: never touched. */
  others: string[];
  /** Tags of ours that somebody removed, one by one or with many others at once: respected until they are put back. */
  removedByHand: string[];
  /** What cannot be written, and why (explainFailure). */
  impossible: { tag: string; reason: string }[];
  /** The writer has this customer on its list. */
  waiting: boolean;
  /** Why the last try failed, when it did. */
  lastError: string | null;
}

export async function readCustomerTags(
  tx: ShopTx,
  id: ShopifyId,
  prefix: string,
): Promise<CustomerTags | undefined> {
  const comparison = (await readComparisons(tx, [id])).get(id);
  if (!comparison) return undefined;
  const { rows } = await tx.query<{ lastError: string | null }>(sql`
    SELECT last_error AS "lastError" FROM tag_outbox WHERE shop_id = ${tx.shopId} AND customer_id = ${id}`);
  const { rows: impossible } = await tx.query<{ tag: string; reason: string }>(sql`
    SELECT tag_key AS tag, reason FROM tag_impossible WHERE shop_id = ${tx.shopId} AND customer_id = ${id}::bigint ORDER BY 1`);
  const owned = new Set(comparison.owned.filter((tag) => !tag.suppressed && !tag.lost).map((tag) => tag.key));
  const isOurs = (tag: string) => owned.has(tagKey(tag)) || tagKey(tag).startsWith(tagKey(prefix));
  return {
    shouldHave: [...comparison.desired],
    has: comparison.actual.filter(isOurs),
    others: comparison.actual.filter((tag) => !isOurs(tag)),
    removedByHand: comparison.owned.filter((tag) => tag.suppressed || tag.lost).map((tag) => tag.tag),
    impossible,
    waiting: rows.length > 0,
    lastError: rows[0]?.lastError ?? null,
  };
}
