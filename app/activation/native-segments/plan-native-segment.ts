/** What is to be done so that one segment in Shopify is as it should be. */
import { isNamed, type InShopify } from '../segments-in-shopify/names.ts';

export interface NativeRow {
  segmentId: string;
  /** Null: not made, or made without our having heard of it. */
  shopifyId: string | null;
  /** As Shopify answered when we wrote it last. */
  name: string;
  query: string;
  /** left: the app was removed and has come back since. removing: told to Shopify, perhaps without our having heard. */
  state: 'making' | 'made' | 'failed' | 'left' | 'removing';
  markName: string;
  markQuery: string;
}

export type NativeAct =
  | { act: 'nothing' }
  /** Also when somebody deleted it: `again`. */
  | { act: 'create'; again: boolean }
  | { act: 'update'; name: string | null; query: string | null; repaired: 'renamed' | 'query' | null }
  /** As it should be, found after the app came back. */
  | { act: 'adopt' }
  | { act: 'delete' }
  /** There is nothing in Shopify any more. */
  | { act: 'forget' };

/**
 * @param wanted null: there should be none
 * @param row null: we know of none
 * @param found as Shopify has it now; null: it has none with this id (or we know no id)
 */
export function planNativeSegment(
  wanted: { name: string; query: string } | null,
  row: NativeRow | null,
  found: InShopify | null,
): NativeAct {
  if (wanted === null) {
    if (row === null) return { act: 'nothing' };
    // Whoever comes back decides again; until then, and on the page for leaving, it stays known.
    if (row.state === 'left') return found ? { act: 'nothing' } : { act: 'forget' };
    if (found || row.shopifyId === null) return { act: 'delete' };
    return { act: 'forget' };
  }
  if (row === null || found === null) return { act: 'create', again: row !== null && row.shopifyId !== null };
  const name = isNamed(found.name, wanted.name) ? null : wanted.name;
  const query = found.query === wanted.query ? null : wanted.query;
  if (name === null && query === null) return row.state === 'made' ? { act: 'nothing' } : { act: 'adopt' };
  // What we wanted last time and is not there any more was changed by somebody else.
  const others =
    query !== null && row.markQuery === wanted.query
      ? 'query'
      : name !== null && row.markName === wanted.name
        ? 'renamed'
        : null;
  return { act: 'update', name, query, repaired: row.state === 'made' ? others : null };
}
