/** Postal codes and picked metafields of customers, as facts by customer id. Nothing is asked when nothing is picked. */
import type { AdminClient, AdminRequestOptions } from '../shopify/admin-client.ts';
import { deniedText } from '../shopify/denied.ts';
import { READ_CUSTOMER_PICKS } from '../shopify/documents/customer-picks.ts';
import type { CustomerFact, ShopifyId } from './facts.ts';
import { picksFromNode } from './normalise/customer-picks.ts';
import { gidOf } from './normalise/wire.ts';
import { asksAnything, type CustomerPicks } from './picks.ts';

/** @param ids at most as many as one request may name (READ_AGAIN_LIMIT.customer) */
export async function readCustomerPicks(
  admin: AdminClient,
  ids: readonly ShopifyId[],
  picks: CustomerPicks,
  options?: AdminRequestOptions,
): Promise<Map<ShopifyId, CustomerFact>> {
  const facts = new Map<ShopifyId, CustomerFact>();
  if (ids.length === 0 || !asksAnything(picks)) return facts;
  let answer;
  try {
    answer = await admin.request(
      READ_CUSTOMER_PICKS,
      {
        ids: ids.map((id) => gidOf('Customer', id)),
        keys: picks.metafields.map(({ key }) => key),
        withZip: picks.postalCodes,
        withMetafields: picks.metafields.length > 0,
      },
      options,
    );
  } catch (error) {
    // Postal codes need an approval of their own: without it they stay unknown, and the rest is read all the same.
    if (!picks.postalCodes || deniedText(error) === undefined) throw error;
    return readCustomerPicks(admin, ids, { ...picks, postalCodes: false }, options);
  }
  const times = { readAt: answer.date, startedAt: answer.sentAt };
  ids.forEach((id, i) => {
    const node = answer.data.nodes[i];
    if (!node || !('id' in node)) return;
    const metafields = Object.fromEntries(
      (node.metafields?.nodes ?? []).map((field) => [fullKey(field, picks), field]),
    );
    const groups = picksFromNode({ defaultAddress: node.defaultAddress, metafields }, picks, times);
    facts.set(id, { kind: 'customer', id, ...groups });
  });
  return facts;
}

/** Asked for by full keys, Shopify may answer with the full key as `key`. */
function fullKey({ namespace, key }: { namespace: string; key: string }, picks: CustomerPicks): string {
  return picks.metafields.some((picked) => picked.key === key) ? key : `${namespace}.${key}`;
}
